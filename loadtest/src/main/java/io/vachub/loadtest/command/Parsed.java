package io.vachub.loadtest.command;

import io.vachub.loadtest.assertion.Assertion;
import io.vachub.loadtest.connection.Target;
import io.vachub.loadtest.load.Durations;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.load.Rpc;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How option values are read. A bad value is answered with what was expected. */
abstract class Parsed<T> implements ITypeConverter<T> {

  private final Function<String, T> parse;

  private Parsed(Function<String, T> parse) {
    this.parse = parse;
  }

  @Override
  public final T convert(String value) {
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static int atLeast(int least, String text) {
    try {
      int value = Integer.parseInt(text);
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException("a whole number, %d or more".formatted(least));
  }

  static final class PositiveInt extends Parsed<Integer> {
    PositiveInt() {
      super(text -> atLeast(1, text));
    }
  }

  static final class MessageSize extends Parsed<Integer> {
    private static final int MOST = 4_000_000;

    MessageSize() {
      super(
          text -> {
            if (!text.matches("\\d{1,7}") || Integer.parseInt(text) > MOST) {
              throw new IllegalArgumentException("0 to %,d bytes".formatted(MOST));
            }
            return Integer.parseInt(text);
          });
    }
  }

  static final class AsRate extends Parsed<Rate> {
    AsRate() {
      super(Rate::parse);
    }
  }

  static final class AsRamp extends Parsed<Ramp> {
    AsRamp() {
      super(Ramp::parse);
    }
  }

  static final class AsDuration extends Parsed<Duration> {
    AsDuration() {
      super(Durations::parse);
    }
  }

  static final class AsTarget extends Parsed<Target> {
    AsTarget() {
      super(Target::parse);
    }
  }

  static final class AsAssertion extends Parsed<Assertion> {
    AsAssertion() {
      super(Assertion::parse);
    }
  }

  static final class AsRpc extends Parsed<Rpc> {
    AsRpc() {
      super(
          text ->
              switch (text.toLowerCase(Locale.ROOT)) {
                case "process" -> Rpc.PROCESS;
                case "acknowledge" -> Rpc.ACKNOWLEDGE;
                default -> throw new IllegalArgumentException("process or acknowledge");
              });
    }
  }
}
