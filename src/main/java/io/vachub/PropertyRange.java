package io.vachub;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/**
 * Refuses durations and sizes that grpc-java and the JVM cannot count, in nanoseconds and in bytes.
 */
@Configuration(proxyBeanMethods = false)
class PropertyRange {

  private static final List<ConfigurationPropertyName> OURS =
      List.of(ConfigurationPropertyName.of("grpc"), ConfigurationPropertyName.of("vachub"));

  private static final long MAX_DAYS = 3_650;

  @Bean
  static ConfigurationPropertiesBindHandlerAdvisor refuseWhatCannotBeCounted() {
    return Handler::new;
  }

  private static final class Handler extends AbstractBindHandler {

    Handler(BindHandler parent) {
      super(parent);
    }

    @Override
    public Object onSuccess(
        ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
      if (OURS.stream().noneMatch(prefix -> prefix.isAncestorOf(name))) {
        return super.onSuccess(name, target, context, result);
      }
      if (result instanceof Duration duration
          && duration.compareTo(Duration.ofDays(MAX_DAYS)) > 0) {
        throw new InvalidConfigurationPropertyValueException(
            name.toString(), result, "at most " + MAX_DAYS + "d");
      }
      if (result instanceof DataSize size
          && (size.toBytes() < 1 || size.toBytes() > Integer.MAX_VALUE)) {
        throw new InvalidConfigurationPropertyValueException(
            name.toString(), result, "1B to 2047MB");
      }
      return super.onSuccess(name, target, context, result);
    }
  }
}
