package io.vachub;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/** Describes a value that is not of the property's type. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnreadablePropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

  private static final Map<Class<?>, String> EXPECTED =
      Map.of(
          Duration.class, "a duration, such as 10m, 30s or 500ms",
          DataSize.class, "a size, such as 4MB",
          Integer.class, "a whole number",
          Double.class, "a number",
          Boolean.class, "true or false");

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
    Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(cause.getTarget().getType().toClass());
    String expected = expected(type);
    if (findCause(cause, ConversionException.class) == null
        || cause.getProperty() == null
        || expected == null) {
      return null;
    }
    return new FailureAnalysis(
        "%s: %s (expected: %s)"
            .formatted(cause.getProperty().getName(), cause.getProperty().getValue(), expected),
        null,
        cause);
  }

  private static String expected(Class<?> type) {
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" or "))
        : EXPECTED.get(type);
  }
}
