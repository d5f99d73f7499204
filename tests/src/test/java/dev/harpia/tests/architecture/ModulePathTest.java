package dev.harpia.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The jars work as named modules: no flag but native access is needed there. */
class ModulePathTest {
  @Test
  void theCommandLineStartsAsAModule() throws IOException, InterruptedException {
    Path target = Sources.ROOT.resolve("models/target");
    assumeTrue(
        Files.exists(target.resolve("harpia.jar")),
        "models/target/harpia.jar is missing: run mvn verify");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--module-path",
                    target.resolve("harpia.jar") + File.pathSeparator + target.resolve("lib"),
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
}
