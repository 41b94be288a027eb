package io.vachub;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.FileSystemResource;

/** The service's own application.yaml, which a test's class path hides behind the tests' own. */
public final class ApplicationYaml {

  private static final String FILE = "src/main/resources/application.yaml";

  private ApplicationYaml() {}

  /** What it sets, by the properties' full names. */
  public static Map<String, String> properties() {
    YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
    yaml.setResources(new FileSystemResource(FILE));
    Map<String, String> properties = new TreeMap<>();
    yaml.getObject().forEach((name, value) -> properties.put(name.toString(), value.toString()));
    return properties;
  }
}
