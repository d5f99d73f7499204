package dev.harpia.simd;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tests in a JVM of their own. */
final class Child {
  private static final int JVMS = 3;

  /** What may fail. */
  interface Check {
    void run() throws Exception;
  }

  private Child() {}

  /** The lines that a class's main method prints, warnings apart; its failure is ours. */
  static List<String> run(List<String> options, Class<?> main, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines;
    try (var reader = process.inputReader()) {
      lines = reader.lines().filter(line -> !line.startsWith("WARNING")).toList();
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new AssertionError(
          main.getSimpleName()
              + " "
              + List.of(arguments)
              + " with "
              + options
              + ": exit code "
              + status);
    }
    return lines;
  }

  /**
   * Passes if a check that starts a JVM does so in one of three: after a deoptimisation HotSpot now
   * and then leaves a method at its third level for good, where vectors are boxed, another method
   * in each JVM. What boxes its vectors by its own fault does so in all.
   */
  static void inOneOfThree(Check check) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        check.run();
        return;
      } catch (AssertionError e) {
        if (attempt == JVMS) {
          throw e;
        }
      }
    }
  }
}
