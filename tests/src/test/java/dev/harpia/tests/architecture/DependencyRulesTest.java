package dev.harpia.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the published modules may use of the JDK. */
class DependencyRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importPaths(
              Sources.PUBLISHED.stream()
                  .map(m -> Sources.ROOT.resolve(m).resolve("target/classes"))
                  .toArray(Path[]::new));

  private static final Predicate<JavaCall<?>> LOOKS_MEMBERS_UP =
      call ->
          call.getTargetOwner().isEquivalentTo(Class.class)
              && call.getName()
                  .matches("forName|newInstance|get(Declared)?(Method|Field|Constructor)s?");

  @Test
  void theRulesSeeTheClasses() {
    assertThat(CLASSES.contain("dev.harpia.simd.Vectors")).isTrue();
    assertThat(CLASSES.contain("dev.harpia.blas.OpenBlas")).isTrue();
  }

  @Test
  void noNativeMethods() {
    check(methods().should().notHaveModifier(JavaModifier.NATIVE));
  }

  @Test
  void noInternalsOfTheJdk() {
    check(noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal.."));
  }

  @Test
  void noReflection() {
    check(noClasses().should().dependOnClassesThat().resideInAnyPackage("java.lang.reflect.."));
    check(noClasses().should().callMethodWhere(describe("looks members up", LOOKS_MEMBERS_UP)));
  }

  @Test
  void noJavaSerialization() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.io\\.Object(In|Out)putStream"));
  }

  @Test
  void nativeLibrariesAreLoadedInOnePlace() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.harpia.blas..")
            .should()
            .callMethod(System.class, "load", String.class)
            .orShould()
            .callMethod(System.class, "loadLibrary", String.class)
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup)"));
  }

  @Test
  void theVectorApiStaysInOnePackage() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.harpia.simd")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector"));
  }

  @Test
  void onlyTheMemoryBudgetAsksForACollection() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.harpia.tensor.Budget")
            .should()
            .callMethod(System.class, "gc"));
  }

  @Test
  void onlyTheCommandLineExits() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.harpia.models.cli..")
            .should()
            .callMethod(System.class, "exit", int.class));
  }

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }
}
