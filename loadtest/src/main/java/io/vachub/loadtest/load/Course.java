package io.vachub.loadtest.load;

import java.util.Optional;

/**
 * How the streams of a load come and go after they have begun.
 *
 * @param curve how many there are at a time, instead of all that the ramp has begun
 * @param lifetime how long each is kept until another takes its place
 */
public record Course(Optional<LoadCurve> curve, Lifetime lifetime) {

  /** Streams that have begun stay until the end. */
  public static final Course STAY = new Course(Optional.empty(), Lifetime.ENDLESS);
}
