package dev.harpia.bench.suite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a process for an engine is started: this JVM and class path, the engine's options. */
final class Launch {
  private Launch() {}

  static ProcessBuilder of(Engine engine, int threads, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dharpia.threads=" + threads);
    command.addAll(engine.jvmOptions(threads));
    for (String property : new String[] {"harpia.blas", "harpia.vector.bits", "harpia.cache"}) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add("-D" + property + "=" + value);
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.harpia.bench.Main");
    command.addAll(List.of(arguments));
    return quietly(new ProcessBuilder(command), threads);
  }

  /** With the number of threads where native libraries look for it, and without their chatter. */
  static ProcessBuilder quietly(ProcessBuilder builder, int threads) {
    builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
    builder.environment().put("MKL_NUM_THREADS", String.valueOf(threads));
    builder.redirectError(
        Boolean.getBoolean("harpia.debug")
            ? ProcessBuilder.Redirect.INHERIT
            : ProcessBuilder.Redirect.DISCARD);
    return builder;
  }
}
