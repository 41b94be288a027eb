package io.vachub.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class JunitReportTest {

  @Test
  void eachVerdictAndEachAssertionIsATestCaseWithItsSentence() throws Exception {
    Element suite = suite(judged("1, 1 too high"));

    assertThat(suite.getAttribute("name")).isEqualTo("loadtest run 127.0.0.1:50051");
    assertThat(suite.getAttribute("time")).isEqualTo("30.000");
    assertThat(suite.getAttribute("timestamp")).isEqualTo("2026-11-23T10:15:30");
    assertThat(cases(suite).get("cut==0")).isEqualTo("loadtest.assertion failure 1, 1 too high");
    assertThat(cases(suite).get("late<100")).isEqualTo("loadtest.assertion system-out 0");
    assertThat(cases(suite).get("lost")).isEqualTo("loadtest.verdict");
    assertThat(cases(suite).get("unknown"))
        .isEqualTo(
            "loadtest.verdict skipped it is unknown whether 10 messages on cut streams arrived");
    assertThat(cases(suite).get("failed"))
        .startsWith("loadtest.verdict failure 1 call was answered")
        .endsWith("\"INTERNAL: no <disk> left\"");
  }

  @Test
  void theTotalsAreThoseOfTheCases() throws Exception {
    Element suite = suite(judged("1"));
    Element suites = (Element) suite.getParentNode();

    assertThat(suite.getAttribute("tests")).isEqualTo("" + cases(suite).size());
    assertThat(suite.getAttribute("failures"))
        .isEqualTo("" + having(suite, "failure"))
        .isNotEqualTo("0");
    assertThat(suite.getAttribute("skipped"))
        .isEqualTo("" + having(suite, "skipped"))
        .isEqualTo("1");
    assertThat(suite.getAttribute("errors")).isEqualTo("0");
    for (String total : List.of("tests", "failures", "errors", "time")) {
      assertThat(suites.getAttribute(total)).isEqualTo(suite.getAttribute(total));
    }
  }

  @Test
  void whatXmlCannotSayIsReplaced() throws Exception {
    assertThat(cases(suite(judged("a\u0000b\u001bc"))).get("cut==0"))
        .isEqualTo("loadtest.assertion failure a\uFFFDb\uFFFDc");
  }

  @Test
  void withoutTheServicesCountersNobodyHasComparedThem() throws Exception {
    assertThat(cases(suite(judged("1")))).containsKey("counters");
    assertThat(cases(suite(SampleReport.with(Optional.empty())))).doesNotContainKey("counters");
  }

  private static Report judged(String message) {
    Report report = SampleReport.create();
    return report.with(
        List.of(new Outcome("cut==0", false, message), new Outcome("late<100", true, "0")),
        Flaw.all(report, EnumSet.of(Flaw.UNKNOWN)));
  }

  private static Element suite(Report report) throws Exception {
    return (Element)
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(JunitReport.write(report))))
            .getDocumentElement()
            .getElementsByTagName("testsuite")
            .item(0);
  }

  private static long having(Element suite, String element) {
    return suite.getElementsByTagName(element).getLength();
  }

  /** By name: class, what it came to, and its words. */
  private static Map<String, String> cases(Element suite) {
    Map<String, String> cases = new TreeMap<>();
    NodeList nodes = suite.getElementsByTagName("testcase");
    for (int i = 0; i < nodes.getLength(); i++) {
      Element one = (Element) nodes.item(i);
      Element state = (Element) one.getFirstChild();
      String words = "";
      if (state != null) {
        words =
            state.hasAttribute("message") ? state.getAttribute("message") : state.getTextContent();
        words = " " + state.getTagName() + " " + words;
      }
      cases.put(one.getAttribute("name"), one.getAttribute("classname") + words);
    }
    return cases;
  }
}
