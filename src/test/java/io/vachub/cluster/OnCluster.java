package io.vachub.cluster;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Skips exams where there is no cluster, and gives them the fleet that they share. */
final class OnCluster implements ExecutionCondition, ParameterResolver {

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

  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getRoot().getStore(STORE);
  }
}
