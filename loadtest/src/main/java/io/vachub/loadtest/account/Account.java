package io.vachub.loadtest.account;

/**
 * The account of all messages. Once every stream is over, {@code sent = processed + lost +
 * unknown}, and a server that lost no answer has counted {@code processed + doubled}, and no more
 * than {@code unknown} beyond it.
 *
 * @param sent messages that left, each counted once
 * @param resent how often a message was sent again after a handoff
 * @param processed messages that servers are known to have processed
 * @param lost messages known not to have been processed
 * @param doubled messages that servers counted beyond those sent
 * @param unknown messages on cut streams for which it is not known whether they were processed
 * @param unsettled messages whose stream was abandoned at the end of the load: not processed and
 *     not sent again, or not answered
 */
public record Account(
    long sent, long resent, long processed, long lost, long doubled, long unknown, long unsettled) {

  /** An account without a message. */
  public static final Account EMPTY = new Account(0, 0, 0, 0, 0, 0, 0);

  /** This account and another one together. */
  public Account plus(Account other) {
    return new Account(
        sent + other.sent,
        resent + other.resent,
        processed + other.processed,
        lost + other.lost,
        doubled + other.doubled,
        unknown + other.unknown,
        unsettled + other.unsettled);
  }
}
