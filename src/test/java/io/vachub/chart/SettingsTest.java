package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.ApplicationYaml;
import io.vachub.VacHubApplication;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.devh.boot.grpc.server.config.GrpcServerProperties;
import org.junit.jupiter.api.Test;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/** The chart speaks to the service by environment variables, which nobody checks at run time. */
class SettingsTest {

  /** What a cluster has and a process on its own has not. */
  private static final Set<String> OF_A_CLUSTER =
      Set.of(
          "GRPC_SERVER_REFLECTIONSERVICEENABLED",
          "GRPC_SERVER_SHUTDOWNGRACEPERIOD",
          "VACHUB_DRAIN_QUIETPERIOD",
          "VACHUB_DRAIN_SCRAPEWAIT",
          "VACHUB_REBALANCE_PEERS",
          "VACHUB_REVISION",
          "VACHUB_STREAMS_MAXACTIVE",
          "VACHUB_STREAMS_TARGET");

  @Test
  void theServiceKnowsEverySettingOfTheChart() {
    Set<String> set = new TreeSet<>(Manifests.render("").environment().keySet());
    set.addAll(Manifests.render(Manifests.valueSet("mutual-tls")).environment().keySet());
    set.removeIf(name -> !name.startsWith("VACHUB_") && !name.startsWith("GRPC_"));

    assertThat(set).hasSizeGreaterThan(15).isSubsetOf(known());
  }

  @Test
  void theChartBeginsWithTheServicesOwnDefaults() {
    Map<String, String> defaults = new TreeMap<>();
    ApplicationYaml.properties()
        .forEach(
            (name, value) ->
                defaults.put(
                    name.replace(".", "_").replace("-", "").toUpperCase(Locale.ROOT), value));
    Map<String, String> set = new TreeMap<>();
    Manifests.render("")
        .environment()
        .forEach((name, value) -> set.put(name, String.valueOf(value)));
    set.keySet().removeIf(name -> !name.startsWith("VACHUB_") && !name.startsWith("GRPC_"));
    set.keySet().removeAll(OF_A_CLUSTER);

    assertThat(set).hasSizeGreaterThan(10);
    assertThat(defaults).containsAllEntriesOf(set);
  }

  /** The names of the service's properties as environment variables. */
  private static Set<String> known() {
    Set<String> names =
        Arrays.stream(BeanUtils.getPropertyDescriptors(GrpcServerProperties.class))
            .map(property -> "GRPC_SERVER_" + property.getName().toUpperCase(Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new));
    names.add("VACHUB_REVISION");
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    for (var bean : scanner.findCandidateComponents(VacHubApplication.class.getPackageName())) {
      Class<?> properties = ClassUtils.resolveClassName(bean.getBeanClassName(), null);
      String prefix = properties.getAnnotation(ConfigurationProperties.class).value();
      for (RecordComponent component : properties.getRecordComponents()) {
        names.add((prefix.replace('.', '_') + "_" + component.getName()).toUpperCase(Locale.ROOT));
      }
    }
    return names;
  }
}
