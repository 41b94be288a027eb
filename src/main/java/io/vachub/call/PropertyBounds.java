package io.vachub.call;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationStyle;

/**
 * Rejects values of properties, with the property, its value and what was expected. Jakarta
 * Validation does not serve here: its messages have another form, a bound that is another
 * property's value needs a validator of its own, and Hibernate Validator would make each start
 * slower.
 *
 * @param prefix of the properties' names, with its dot; empty if these are given whole
 */
public record PropertyBounds(String prefix) {

  /** The value must fit. */
  public void require(boolean fits, String name, Object value, String expected) {
    if (!fits) {
      throw invalid(name, value, expected);
    }
  }

  /** The value must be more than 0. */
  public void positive(String name, Duration value) {
    require(!value.isNegative() && !value.isZero(), name, value, "more than 0");
  }

  /** The value must be 1 or more. */
  public void positive(String name, int value) {
    require(value > 0, name, value, "1 or more");
  }

  /** The value must be 0 or more. */
  public void notNegative(String name, Duration value) {
    require(!value.isNegative(), name, value, "0 or more");
  }

  /** The error that stops the start. */
  public InvalidConfigurationPropertyValueException invalid(
      String name, Object value, String expected) {
    return new InvalidConfigurationPropertyValueException(
        prefix + name, value instanceof Duration duration ? text(duration) : value, expected);
  }

  /** A duration as a property has it, in seconds or, where they are not whole, milliseconds. */
  public static String text(Duration duration) {
    boolean wholeSeconds = duration.toMillisPart() == 0;
    return DurationStyle.SIMPLE.print(
        duration, wholeSeconds ? ChronoUnit.SECONDS : ChronoUnit.MILLIS);
  }
}
