package dev.harpia.blas;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own: a process loads OpenBLAS once, so every switch needs a fresh one. */
final class ChildJvm {
  /** What a process left behind. */
  record Result(int exit, String out, String err) {}

  /** A process that runs. */
  record Running(Process process, Path out, Path err) {
    Result await() throws IOException, InterruptedException {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "no end after 120 s: " + Files.readString(out) + Files.readString(err));
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
  }

  private final Path folder;
  private final List<String> flags = new ArrayList<>();
  private final List<String> classPath = new ArrayList<>();
  private Map<String, String> environment = Map.of();

  /** A JVM with the classes of this module and {@code simd}, and nothing else. */
  ChildJvm(Path folder) {
    this.folder = folder;
    for (Class<?> type : List.of(OpenBlas.class, ChildJvm.class, dev.harpia.simd.Gemm.class)) {
      classPath.add(location(type));
    }
    // the resources of this module, wherever the build has put them
    URL services = ChildJvm.class.getResource("/META-INF/services/dev.harpia.simd.GemmProvider");
    if (services != null && services.getProtocol().equals("file")) {
      classPath.add(Path.of(services.getPath()).getParent().getParent().getParent().toString());
    }
    flags.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xshare:auto"));
  }

  /** Adds the packaged library of this platform, from the test's own class path. */
  ChildJvm packaged() {
    classPath.add(Packaged.jar().toString());
    return this;
  }

  ChildJvm flag(String... more) {
    flags.addAll(List.of(more));
    return this;
  }

  /** Without native access. */
  ChildJvm denied() {
    flags.remove("--enable-native-access=ALL-UNNAMED");
    return flag("--illegal-native-access=deny");
  }

  ChildJvm environment(Map<String, String> more) {
    environment = more;
    return this;
  }

  Running start(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), main.getName()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().putAll(environment);
    return new Running(builder.start(), out, err);
  }

  Result run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    return start(main, arguments).await();
  }

  private static String location(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
