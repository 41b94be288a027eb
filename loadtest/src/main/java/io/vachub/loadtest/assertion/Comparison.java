package io.vachub.loadtest.assertion;

import java.util.Arrays;
import java.util.Optional;

/** How an assertion compares a value with its limit. */
enum Comparison {
  LESS_OR_EQUAL("<="),
  GREATER_OR_EQUAL(">="),
  EQUAL("=="),
  NOT_EQUAL("!="),
  LESS("<"),
  GREATER(">");

  private final String sign;

  Comparison(String sign) {
    this.sign = sign;
  }

  static Optional<Comparison> of(String sign) {
    return Arrays.stream(values()).filter(c -> c.sign.equals(sign)).findFirst();
  }

  boolean holds(double value, double limit) {
    return switch (this) {
      case LESS_OR_EQUAL -> value <= limit;
      case GREATER_OR_EQUAL -> value >= limit;
      case EQUAL -> value == limit;
      case NOT_EQUAL -> value != limit;
      case LESS -> value < limit;
      case GREATER -> value > limit;
    };
  }
}
