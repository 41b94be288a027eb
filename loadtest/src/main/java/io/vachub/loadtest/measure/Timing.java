package io.vachub.loadtest.measure;

/** What is timed, each in a histogram of its own, in microseconds. */
public enum Timing {
  /** What a user waits: from the time a message was to leave to its acknowledgement. */
  RESPONSE_TIME("response_time"),

  /** How long after its scheduled time a message left; the schedule stands still for nothing. */
  LATENESS("lateness"),

  /** The same, where each wait begins at the send before: what a sleeping sender would report. */
  UNCORRECTED_LATENESS("uncorrected_lateness"),

  /** From asking for a stream to the server's header. */
  OPEN("open"),

  /** From sending a message to its acknowledgement. */
  ACKNOWLEDGE("acknowledge"),

  /** From a handoff to the header of the stream that goes on. */
  HANDOFF_GAP("handoff_gap"),

  /** From a cut or refused stream to the header of the stream that goes on, back-off included. */
  RECONNECT_GAP("reconnect_gap"),

  /** How late the load tester's own event loops come to what is due. */
  EVENT_LOOP_DELAY("event_loop_delay"),

  /** How long the load tester's whole process stands still. */
  PROCESS_STALL("process_stall"),

  /** How late the load tester comes to its own samples. */
  SAMPLER_DELAY("sampler_delay");

  private final String key;

  Timing(String key) {
    this.key = key;
  }

  /** The name in reports and assertions. */
  public String key() {
    return key;
  }

  /** The name for people. */
  public String title() {
    return key.replace('_', ' ');
  }
}
