package io.vachub;

import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Logs that the JVM was given an AOT cache and did not use it: the start then takes about three
 * times as long, and nothing else would tell why.
 */
@Component
class AotCacheNotice {

  private static final Logger log = LoggerFactory.getLogger(AotCacheNotice.class);

  private static final String FLAG = "-XX:AOTCache=";

  @EventListener(ApplicationReadyEvent.class)
  void sayIfUnused() {
    // With a cache that it cannot use, HotSpot shares no classes at all.
    if (!System.getProperty("java.vm.info", "").contains("sharing")) {
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(argument -> argument.startsWith(FLAG))
          .forEach(
              argument ->
                  log.warn(
                      "The AOT cache {} was not used, so the start was slow. A cache fits one build of"
                          + " the JVM and one class path; -Xlog:aot shows the reason",
                      argument.substring(FLAG.length())));
    }
  }
}
