package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Security;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.StandardEnvironment;

/** What of the whole JVM's settings vac-hub may change in an application that uses it. */
class LibraryDefaultsTest {

  private static final String CACHED = "networkaddress.cache.ttl";
  private static final String NEGATIVE = "networkaddress.cache.negative.ttl";

  @AfterEach
  void asTheServiceHasIt() {
    Security.setProperty(CACHED, "5");
    Security.setProperty(NEGATIVE, "1");
  }

  @Test
  void namesAreLookedUpAgainSoonWhereNothingElseIsSet() {
    Security.setProperty(NEGATIVE, "10");

    apply();

    assertThat(Security.getProperty(CACHED)).isEqualTo("5");
    assertThat(Security.getProperty(NEGATIVE)).as("10 is the JDK's own").isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({CACHED + ", 30", CACHED + ", -1", NEGATIVE + ", 0", NEGATIVE + ", 20"})
  void whatTheApplicationHasSetStays(String property, String value) {
    Security.setProperty(property, value);

    apply();

    assertThat(Security.getProperty(property)).isEqualTo(value);
  }

  private static void apply() {
    new LibraryDefaults().postProcessEnvironment(new StandardEnvironment(), null);
  }
}
