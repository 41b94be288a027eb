package io.vachub.cluster;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/** Skips exams where there is no cluster, and gives them the fleet that they share. */
final class OnCluster implements ExecutionCondition, ParameterResolver, TestWatcher {

  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(OnCluster.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return store(context)
        .computeIfAbsent(
            "missing",
            key -> {
              Optional<String> missing = Kubernetes.missing();
              missing.ifPresent(System.out::println);
              return missing
                  .map(ConditionEvaluationResult::disabled)
                  .orElseGet(() -> ConditionEvaluationResult.enabled("there is a cluster"));
            },
            ConditionEvaluationResult.class);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Fleet.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return store(context).computeIfAbsent("fleet", key -> new Fleet(), Fleet.class);
  }

  /** Says why an exam was skipped, which is otherwise only in the report of the run. */
  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    System.out.printf("%n%s: skipped (%s)%n", context.getDisplayName(), cause.getMessage());
  }

  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getRoot().getStore(STORE);
  }
}
