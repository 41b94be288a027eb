package io.vachub;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Rejects durations and sizes that do not fit into nanoseconds and bytes, as grpc-java and the JVM
 * count them, and those without a unit, which would be milliseconds in some properties and seconds
 * in others.
 */
@AutoConfiguration
final class PropertyRange {

  private static final List<ConfigurationPropertyName> OURS =
      List.of(
          ConfigurationPropertyName.of("grpc"),
          ConfigurationPropertyName.of("spring.grpc"),
          ConfigurationPropertyName.of("vachub"));

  private static final long MAX_DAYS = 3_650;

  /** Zero is the same in every unit. */
  private static final Pattern BARE_NUMBER = Pattern.compile("[+-]?0*[1-9]\\d*");

  @Bean
  static ConfigurationPropertiesBindHandlerAdvisor refuseWhatCannotBeCounted(
      Environment environment) {
    return parent -> new Handler(parent, environment);
  }

  private static final class Handler extends AbstractBindHandler {

    private final Environment environment;

    Handler(BindHandler parent, Environment environment) {
      super(parent);
      this.environment = environment;
    }

    @Override
    public Object onSuccess(
        ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
      if (OURS.stream().anyMatch(prefix -> prefix.isAncestorOf(name))) {
        String expected = expectedInstead(result, context.getConfigurationProperty());
        if (expected != null) {
          throw new InvalidConfigurationPropertyValueException(name.toString(), result, expected);
        }
      }
      return super.onSuccess(name, target, context, result);
    }

    /** Null if the value is good. */
    private String expectedInstead(Object value, ConfigurationProperty property) {
      if (value instanceof Duration duration) {
        if (duration.compareTo(Duration.ofDays(MAX_DAYS)) > 0) {
          return "at most " + MAX_DAYS + "d";
        }
        return isBareNumber(property) ? "a duration with a unit, such as 10m, 30s or 500ms" : null;
      }
      if (value instanceof DataSize size) {
        if (size.toBytes() < 1 || size.toBytes() > Integer.MAX_VALUE) {
          return "1B to 2047MB";
        }
        return isBareNumber(property) ? "a size with a unit, such as 4MB" : null;
      }
      return null;
    }

    private boolean isBareNumber(ConfigurationProperty property) {
      return property != null
          && BARE_NUMBER
              .matcher(environment.resolvePlaceholders(property.getValue().toString()).trim())
              .matches();
    }
  }
}
