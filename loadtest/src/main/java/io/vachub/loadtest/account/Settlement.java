package io.vachub.loadtest.account;

/**
 * What became of the messages sent on one stream, once it has ended.
 *
 * @param processed messages that the server is known to have processed
 * @param returned messages known not to have been processed, to be sent again on the next stream
 * @param lost messages known not to have been processed although the stream was over for good
 * @param doubled messages that the server counted beyond those sent
 * @param unknown messages for which it is not known whether they were processed; never sent again
 */
public record Settlement(long processed, long returned, long lost, long doubled, long unknown) {

  /** The server ended the stream with its exact count, and the client goes on after it. */
  public static Settlement handedOff(long sent, long count) {
    long processed = Math.min(sent, count);
    return new Settlement(processed, sent - processed, 0, count - processed, 0);
  }

  /** The server refused the stream before its service saw any of the messages sent. */
  public static Settlement refused(long sent) {
    return handedOff(sent, 0);
  }

  /** The client was done and the server answered its exact count. */
  public static Settlement completed(long sent, long count) {
    long processed = Math.min(sent, count);
    return new Settlement(processed, 0, sent - processed, count - processed, 0);
  }

  /** The stream was cut after the server had answered this count, 0 where it had answered none. */
  public static Settlement cut(long sent, long count) {
    long processed = Math.min(sent, count);
    return new Settlement(processed, 0, 0, count - processed, sent - processed);
  }
}
