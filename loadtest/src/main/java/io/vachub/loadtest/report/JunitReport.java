package io.vachub.loadtest.report;

import java.io.StringWriter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A report as JUnit XML, for CI: each verdict and each assertion is a test case. There is no
 * standard; what is written here is what Jenkins, GitLab and Surefire's schema have in common.
 */
public final class JunitReport {

  private JunitReport() {}

  /** A load: one test suite. */
  public static String write(Report report) {
    return write(
        "loadtest run " + report.target(),
        report.seconds(),
        Optional.of(report.started()),
        Check.of(report));
  }

  /** Simulations: one test suite with their assertions. */
  public static String write(SimulationReport report) {
    String name = ("loadtest simulate " + report.options()).strip();
    return write(name, report.cost().cpuSeconds(), Optional.empty(), Check.of(report.outcomes()));
  }

  private static String write(
      String suite, double seconds, Optional<Instant> started, List<Check> checks) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      text.append('\n');
      xml.writeStartElement("testsuites");
      writeTotals(xml, suite, seconds, checks);
      xml.writeStartElement("testsuite");
      writeTotals(xml, suite, seconds, checks);
      xml.writeAttribute("skipped", "" + Check.count(checks, Check.State.ALLOWED));
      if (started.isPresent()) {
        xml.writeAttribute("timestamp", withoutZone(started.get()));
      }
      for (Check check : checks) {
        writeCase(xml, check);
      }
      xml.writeEndElement();
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return text.append('\n').toString();
  }

  private static void writeTotals(
      XMLStreamWriter xml, String suite, double seconds, List<Check> checks)
      throws XMLStreamException {
    xml.writeAttribute("name", printable(suite));
    xml.writeAttribute("tests", "" + checks.size());
    xml.writeAttribute("failures", "" + Check.count(checks, Check.State.FAILED));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", seconds));
  }

  private static void writeCase(XMLStreamWriter xml, Check check) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "loadtest." + check.kind());
    xml.writeAttribute("name", printable(check.name()));
    xml.writeAttribute("time", "0");
    String sentence = printable(check.sentence());
    Map<Check.State, String> elements =
        Map.of(Check.State.FAILED, "failure", Check.State.ALLOWED, "skipped");
    String element = elements.get(check.state());
    if (element != null) {
      xml.writeStartElement(element);
      xml.writeAttribute("message", sentence);
      if (check.state() == Check.State.FAILED) {
        xml.writeAttribute("type", check.kind());
        xml.writeCharacters(sentence);
      }
      xml.writeEndElement();
    } else if (!sentence.isEmpty()) {
      xml.writeStartElement("system-out");
      xml.writeCharacters(sentence);
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  /** As the schemas require: ISO 8601 in whole seconds, without a zone; it is UTC. */
  private static String withoutZone(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
        .truncatedTo(ChronoUnit.SECONDS)
        .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
  }

  /** Servers may send characters that XML does not allow. */
  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints().map(c -> isXml(c) ? c : '\uFFFD').forEach(printable::appendCodePoint);
    return printable.toString();
  }

  private static boolean isXml(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
