package io.vachub.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.opentelemetry.api.trace.TraceFlags;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.JsonWriterStructuredLogFormatter;
import org.springframework.core.env.Environment;

/**
 * One JSON object on each line, with the field names that Google Cloud Logging understands: {@code
 * severity}, {@code time}, {@code logging.googleapis.com/trace}, {@code …/spanId}, {@code
 * …/trace_sampled}. If {@code GOOGLE_CLOUD_PROJECT} is set, the trace has its full name, which
 * links the line to its trace.
 */
class GoogleCloudLogFormatter extends JsonWriterStructuredLogFormatter<ILoggingEvent> {

  private static final String KEY = "logging.googleapis.com/";

  GoogleCloudLogFormatter(Environment environment, ThrowableProxyConverter stackTraces) {
    super(
        members -> describe(members, environment.getProperty("GOOGLE_CLOUD_PROJECT"), stackTraces),
        null);
  }

  private static void describe(
      JsonWriter.Members<ILoggingEvent> members,
      String project,
      ThrowableProxyConverter stackTraces) {
    members.add("time", event -> event.getInstant().toString());
    members.add("severity", event -> severity(event.getLevel()));
    members.add("message", ILoggingEvent::getFormattedMessage);
    members.add("logger", ILoggingEvent::getLoggerName);
    members.add("thread", ILoggingEvent::getThreadName);
    members.add("stack_trace", stackTraces::convert).when(stackTrace -> !stackTrace.isEmpty());
    String prefix = project == null ? "" : "projects/" + project + "/traces/";
    members
        .add(KEY + "trace", event -> mdc(event, "trace_id"))
        .whenNotNull()
        .as(traceId -> prefix + traceId);
    members.add(KEY + "spanId", event -> mdc(event, "span_id")).whenNotNull();
    members
        .add(KEY + "trace_sampled", event -> mdc(event, "trace_flags"))
        .whenNotNull()
        .as(flags -> TraceFlags.fromHex(flags, 0).isSampled());
  }

  private static String mdc(ILoggingEvent event, String key) {
    return event.getMDCPropertyMap().get(key);
  }

  /** Cloud Logging's LogSeverity for a level; it has neither WARN nor TRACE. */
  private static String severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "ERROR";
      case Level.WARN_INT -> "WARNING";
      case Level.INFO_INT -> "INFO";
      default -> "DEBUG";
    };
  }
}
