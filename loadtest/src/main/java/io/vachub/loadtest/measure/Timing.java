package io.vachub.loadtest.measure;

/** What is timed, each in a histogram of its own, in microseconds. */
public enum Timing {
  RESPONSE_TIME(
      "response_time",
      "What a user waits: from the time a message was to leave to its acknowledgement."),

  LATENESS(
      "lateness",
      "How long after its scheduled time a message left; the schedule stands still for nothing."),

  UNCORRECTED_LATENESS(
      "uncorrected_lateness",
      "Lateness where each wait begins at the send before: what a sleeping sender would report."),

  OPEN("open", "From asking for a stream to the server's header."),

  ACKNOWLEDGE("acknowledge", "From sending a message to its acknowledgement."),

  HANDOFF_GAP("handoff_gap", "From a handoff to the header of the stream that goes on."),

  RECONNECT_GAP(
      "reconnect_gap",
      "From a cut or refused stream to the header of the stream that goes on, back-off included."),

  EVENT_LOOP_DELAY(
      "event_loop_delay", "How late the load tester's own event loops come to what is due."),

  PROCESS_STALL("process_stall", "How long the load tester's whole process stands still."),

  SAMPLER_DELAY("sampler_delay", "How late the load tester comes to its own samples.");

  private final String key;
  private final String meaning;

  Timing(String key, String meaning) {
    this.key = key;
    this.meaning = meaning;
  }

  /** What it is, in one sentence. */
  public String meaning() {
    return meaning;
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
