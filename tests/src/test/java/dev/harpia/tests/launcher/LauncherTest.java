package dev.harpia.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a folder of its own, with a PATH that holds what it may use and a Maven of our
 * making.
 */
class LauncherTest {
  private static final Path ROOT = Path.of(System.getProperty("harpia.root", ".."));
  private static final List<String> TOOLS =
      List.of(
          "sh",
          "dirname",
          "readlink",
          "sed",
          "find",
          "head",
          "mkdir",
          "rm",
          "cat",
          "grep",
          "mv",
          "sleep");

  @TempDir Path folder;

  @BeforeEach
  void project() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the launcher is for POSIX systems");
    Files.copy(ROOT.resolve("harpia"), folder.resolve("harpia"));
    Files.writeString(folder.resolve("pom.xml"), "");
    for (String module : List.of("simd", "ffi-blas", "nn", "models")) {
      Files.createDirectories(folder.resolve(module).resolve("src/main"));
      Files.writeString(folder.resolve(module).resolve("pom.xml"), "");
    }
    Files.createDirectory(folder.resolve("bin"));
    for (String tool : TOOLS) {
      Path found =
          Stream.of("/bin", "/usr/bin")
              .map(d -> Path.of(d, tool))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(folder.resolve("bin").resolve(tool), found);
    }
  }

  @Test
  void saysThatMavenIsMissing() throws Exception {
    Outcome outcome = launch();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.text())
        .contains("harpia: Maven is needed to build: there is no mvn on the PATH.")
        .hasLineCount(1);
  }

  @Test
  void namesTheLogOfABuildThatFails() throws Exception {
    maven("echo noise; echo '[ERROR] it broke'; exit 1");
    Outcome outcome = launch();
    assertThat(outcome.code()).isEqualTo(1);
    Path log = folder.toRealPath().resolve("target/quick/models.log");
    assertThat(outcome.text())
        .contains(
            "[ERROR] it broke", "harpia: the build failed; all of Maven's output is in " + log)
        .doesNotContain("noise");
    assertThat(log).content().contains("noise");
    assertThat(folder.resolve("target/quick/lock")).doesNotExist();
  }

  @Test
  void buildsOnceAndAfterChangesOnTheChosenJdkWithoutTheUsersOptions() throws Exception {
    maven(
        "echo \"$@ / $JAVA_HOME / ${JDK_JAVA_OPTIONS-none}\" >>calls; mkdir -p models/target/quick;"
            + " echo >models/target/quick/harpia.jar");
    launch();
    assertThat(folder.resolve("calls"))
        .content()
        .isEqualTo(
            "-B -Pquick -pl models -am package / " + System.getProperty("java.home") + " / none\n");
    launch();
    assertThat(Files.readAllLines(folder.resolve("calls"))).hasSize(1);
    Files.writeString(folder.resolve("nn/src/main/New.java"), "");
    launch();
    assertThat(Files.readAllLines(folder.resolve("calls"))).hasSize(2);
  }

  @Test
  void warnsOfAJdkThatCorruptsMemory() throws Exception {
    assertThat(launch(jdk("25.0.2")).text())
        .contains("warning: JDK 25.0.2 in ")
        .contains("JDK-8377811");
    assertThat(launch(jdk("25.0.3")).text()).doesNotContain("warning");
  }

  private record Outcome(int code, String text) {}

  private Outcome launch() throws IOException, InterruptedException {
    return launch(System.getProperty("java.home"));
  }

  private Outcome launch(String jdk) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            folder.resolve("bin/sh").toString(), folder.resolve("harpia").toString(), "--version");
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.putAll(
        Map.of(
            "PATH",
            folder.resolve("bin").toString(),
            "HOME",
            folder.toString(),
            "JDK_JAVA_OPTIONS",
            "-Dmine=1",
            "JAVA_HOME",
            jdk));
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), text);
  }

  private void maven(String script) throws IOException {
    Path mvn = folder.resolve("bin/mvn");
    Files.writeString(mvn, "#!/bin/sh\n" + script + "\n");
    assertThat(mvn.toFile().setExecutable(true)).isTrue();
  }

  private String jdk(String version) throws IOException {
    Path home = Files.createDirectory(folder.resolve("jdk-" + version));
    Files.createSymbolicLink(home.resolve("bin"), Path.of(System.getProperty("java.home"), "bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home.toString();
  }
}
