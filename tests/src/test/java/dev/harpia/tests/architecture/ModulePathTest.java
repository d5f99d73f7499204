package dev.harpia.tests.architecture;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The jars work as named modules: no flag but native access is needed there. */
class ModulePathTest {
  private static final Path JAR = Sources.ROOT.resolve("models/target/harpia.jar");
  private static final Path LIB = Sources.ROOT.resolve("models/target/lib");

  @BeforeAll
  static void packaged() {
    assumeTrue(
        Files.exists(JAR) && Files.exists(LIB),
        "models/target/harpia.jar is missing: run mvn verify");
  }

  @Test
  void theCommandLineStartsAsAModule() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--module-path",
                    JAR + File.pathSeparator + LIB,
                    "--enable-native-access=dev.harpia.simd,dev.harpia.blas",
                    "--module",
                    "dev.harpia.models/dev.harpia.models.cli.Main",
                    "--help"))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("Usage: harpia");
  }

  /** The compiler does not see this: descriptors are compiled apart from the code. */
  @Test
  void everyModuleReadsWhatItsCodeUses() throws IOException {
    Configuration graph =
        Configuration.resolve(
            ModuleFinder.of(JAR, LIB),
            List.of(ModuleLayer.boot().configuration()),
            ModuleFinder.ofSystem(),
            Set.of("dev.harpia.models", "dev.harpia.blas"));
    List<ResolvedModule> ours =
        graph.modules().stream().filter(m -> m.name().startsWith("dev.harpia.")).toList();
    assertThat(ours).hasSize(Sources.PUBLISHED.size());
    for (ResolvedModule module : ours) {
      Set<String> own = module.reference().descriptor().packages();
      Set<String> readable =
          Stream.concat(
                  own.stream(), module.reads().stream().flatMap(r -> exported(r, module.name())))
              .collect(toSet());
      Set<String> used = packagesUsedBy(Path.of(module.reference().location().orElseThrow()));
      assertThat(used).contains("java.lang");
      used.removeAll(readable);
      assertThat(used).as("packages that %s uses and does not read", module.name()).isEmpty();
    }
  }

  private static Set<String> packagesUsedBy(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return new ClassFileImporter()
          .importJar(file).stream()
              .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
              .map(d -> d.getTargetClass().getBaseComponentType())
              .filter(c -> !c.isPrimitive())
              .map(JavaClass::getPackageName)
              .filter(p -> !p.equals("org.jspecify.annotations"))
              .collect(toSet());
    }
  }

  private static Stream<String> exported(ResolvedModule module, String to) {
    if (module.reference().descriptor().isAutomatic()) {
      return module.reference().descriptor().packages().stream();
    }
    return module.reference().descriptor().exports().stream()
        .filter(e -> !e.isQualified() || e.targets().contains(to))
        .map(e -> e.source());
  }
}
