package dev.harpia.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The module descriptors keep up with the packages. */
class ModuleDescriptorTest {
  @Test
  void nnExportsAllItsPackages() throws IOException {
    assertThat(exported("nn")).containsExactlyInAnyOrderElementsOf(packages("nn"));
  }

  @Test
  void modelsExportAllTheirPackagesButTheCommandLine() throws IOException {
    assertThat(exported("models"))
        .containsExactlyInAnyOrderElementsOf(
            packages("models").stream().filter(p -> !p.endsWith(".cli")).toList());
  }

  @Test
  void simdExportsTensorsToAllAndKernelsToOurModulesOnly() throws IOException {
    assertThat(exported("simd"))
        .containsExactlyInAnyOrderElementsOf(
            packages("simd").stream().filter(p -> p.startsWith("dev.harpia.tensor")).toList());
    assertThat(
            descriptor("simd").exports().stream()
                .filter(e -> e.source().equals("dev.harpia.simd"))
                .flatMap(e -> e.targets().stream()))
        .containsExactlyInAnyOrder(
            "dev.harpia.blas",
            "dev.harpia.nn",
            "dev.harpia.models",
            "dev.harpia.bench",
            "dev.harpia.tests");
  }

  @Test
  void generatedBindingsAreNotExported() throws IOException {
    assertThat(exported("ffi-blas")).containsExactly("dev.harpia.blas");
  }

  private static Set<String> exported(String module) throws IOException {
    return descriptor(module).exports().stream()
        .filter(e -> !e.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .collect(Collectors.toSet());
  }

  private static Set<String> packages(String module) {
    Path root = Sources.ROOT.resolve(module).resolve("src/main/java");
    return Sources.below(root, ".java").stream()
        .filter(f -> !f.endsWith("package-info.java"))
        .map(f -> root.relativize(f.getParent()).toString().replace(File.separatorChar, '.'))
        .collect(Collectors.toSet());
  }

  private static ModuleDescriptor descriptor(String module) throws IOException {
    try (InputStream in =
        Files.newInputStream(
            Sources.ROOT.resolve(module).resolve("target/classes/module-info.class"))) {
      return ModuleDescriptor.read(in);
    }
  }
}
