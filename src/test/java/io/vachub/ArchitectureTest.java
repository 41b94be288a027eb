package io.vachub;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.stereotype.Component;

/** Which package may use which. */
@AnalyzeClasses(
    packages = "io.vachub",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.WithoutSpringAot.class})
class ArchitectureTest {

  @ArchTest
  static final ArchRule packagesUseOnlyWhatTheyMay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.vachub..")
          .layer("starter")
          .definedBy("io.vachub.starter..")
          .layer("streamer")
          .definedBy("io.vachub.streamer..")
          .layer("server")
          .definedBy("io.vachub.server..")
          .layer("telemetry")
          .definedBy("io.vachub.telemetry..")
          .layer("handoff")
          .definedBy("io.vachub.handoff..")
          .layer("streams")
          .definedBy("io.vachub.streams..")
          .layer("call")
          .definedBy("io.vachub.call..")
          .layer("policy")
          .definedBy("io.vachub.policy..")
          .whereLayer("starter")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("streamer")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("server")
          .mayOnlyBeAccessedByLayers("starter")
          .whereLayer("telemetry")
          .mayOnlyBeAccessedByLayers("server")
          .whereLayer("handoff")
          .mayOnlyBeAccessedByLayers("streamer", "server", "starter")
          .whereLayer("streams")
          .mayOnlyBeAccessedByLayers("streamer", "server", "handoff")
          .whereLayer("call")
          .mayOnlyBeAccessedByLayers(
              "starter", "streamer", "server", "telemetry", "handoff", "streams")
          .whereLayer("policy")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule policyIsPlainJava =
      classes()
          .that()
          .resideInAPackage("io.vachub.policy..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.vachub.policy..", "java..");

  @ArchTest
  static final ArchRule onlyOnePackageNamesNetDevhsStarter =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.vachub.starter.devh..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("net.devh..");

  @ArchTest
  static final ArchRule onlyOnePackageNamesSpringBootsStarter =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.vachub.starter.boot..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework.grpc..", "org.springframework.boot.grpc..");

  @ArchTest
  static final ArchRule nothingIsFoundByAScanButTheApplicationsOwn =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.vachub.streamer..")
          .and()
          .doNotHaveSimpleName("AotCacheNotice")
          .and()
          .doNotHaveSimpleName("VacHubApplication")
          .and()
          .areNotMetaAnnotatedWith(AutoConfiguration.class)
          .should()
          .beMetaAnnotatedWith(Component.class);

  @ArchTest
  static final ArchRule noPackagesUseEachOther =
      SlicesRuleDefinition.slices().matching("io.vachub.(*)..").should().beFreeOfCycles();

  /** What Spring generates is named like {@code Drain__BeanDefinitions} and uses everything. */
  static final class WithoutSpringAot implements ImportOption {

    @Override
    public boolean includes(Location location) {
      return !location.contains("__");
    }
  }
}
