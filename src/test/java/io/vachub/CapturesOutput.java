package io.vachub;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.core.spi.AppenderAttachable;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Gives each test its own {@link CapturedOutput}: the log is written by a thread of its own, so
 * nothing is captured before that thread has written what was logged by others.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({CapturesOutput.WrittenLog.class, OutputCaptureExtension.class})
public @interface CapturesOutput {

  /** Comes before the capture of a class begins, and before that of a test ends. */
  final class WrittenLog implements BeforeAllCallback, AfterTestExecutionCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
      awaitWritten();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
      awaitWritten();
    }

    private static void awaitWritten() {
      awaitWritten((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME));
    }

    /** OpenTelemetry's appender for the log's context is around ours. */
    private static void awaitWritten(AppenderAttachable<?> appenders) {
      appenders
          .iteratorForAppenders()
          .forEachRemaining(
              appender -> {
                if (appender instanceof AsyncAppender log) {
                  await().until(() -> log.getNumberOfElementsInQueue() == 0 && isIdle(log));
                } else if (appender instanceof AppenderAttachable<?> wrapper) {
                  awaitWritten(wrapper);
                }
              });
    }

    /** The line that is being written is in the queue no more. */
    private static boolean isIdle(AsyncAppender log) {
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().equals("AsyncAppender-Worker-" + log.getName()))
          .allMatch(thread -> thread.getState() == Thread.State.WAITING);
    }
  }
}
