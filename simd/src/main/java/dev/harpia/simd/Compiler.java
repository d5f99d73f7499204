package dev.harpia.simd;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.management.JMException;
import javax.management.ObjectName;

/** Advice to the just-in-time compiler of this JVM. */
final class Compiler {
  private Compiler() {}

  /**
   * Begins to load what {@link #onlyC2} needs, beside whatever else there is to do: the JDK takes a
   * tenth of a second of a processor for it, so this is for what will certainly need it soon.
   */
  static void prepare() {
    if (Runtime.getRuntime().availableProcessors() > 1) {
      background(ManagementFactory::getPlatformMBeanServer);
    }
  }

  /** Does something on a thread of its own. */
  static Thread background(Runnable body) {
    Thread thread = new Thread(body, "harpia-prepare");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /**
   * Keeps the first compiler (C1) away from methods. It runs out of virtual registers on large
   * register tiles; when it gives up only at its third level, after its second succeeded, the
   * method stays at the second for good, some 150 times slower than C2 makes it.
   *
   * <p>Without the diagnostic bean (other JVMs) the methods still work and mostly become fast.
   *
   * @param methods patterns of compiler directives, such as {@code dev/harpia/simd/GemmTile*.*}
   */
  static void onlyC2(String... methods) {
    try {
      // Not createTempFile, whose random names need the JDK's cryptography loaded.
      String name = "harpia-%d-%d.json".formatted(ProcessHandle.current().pid(), System.nanoTime());
      Path file = Path.of(System.getProperty("java.io.tmpdir"), name);
      try {
        Files.writeString(
            file,
            "[{match:[\"%s\"],c1:{Exclude:true}}]".formatted(String.join("\",\"", methods)),
            StandardOpenOption.CREATE_NEW);
        Object[] arguments = {new String[] {file.toString()}};
        String[] signature = {String[].class.getName()};
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "compilerDirectivesAdd",
                arguments,
                signature);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException | JMException | RuntimeException | LinkageError e) {
      System.getLogger("dev.harpia.simd")
          .log(Level.DEBUG, "no compiler directive for {0}: {1}", methods[0], e);
    }
  }
}
