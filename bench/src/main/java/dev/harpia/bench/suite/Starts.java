package dev.harpia.bench.suite;

import dev.harpia.bench.Samples;
import dev.harpia.bench.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Fresh JVMs, from exec to the first MLP result, in turns; and how large the engines are. */
final class Starts {
  private final int threads;
  private final boolean quick;
  private final Table sizes = new Table("engine", "jars", "unpacked", "AOT cache");

  Starts(int threads, boolean quick) {
    this.threads = threads;
    this.quick = quick;
  }

  /** Megabytes of what {@link #run} has started. */
  Table sizes() {
    return sizes;
  }

  List<Result> run(Workload w, List<Engine> engines) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("harpia-start");
    try {
      StartFiles files = new StartFiles(folder);
      List<StartProgram> programs = new ArrayList<>();
      for (Engine e : engines) {
        programs.addAll(e.starts(threads));
      }
      for (StartProgram p : List.copyOf(programs)) {
        if (p.name().equals("harpia") || p.name().equals("onnxruntime")) {
          programs.add(cached(files, p));
        }
      }
      List<Result> results = time(w, files, programs);
      for (StartProgram p : programs) {
        boolean cached = p.name().endsWith("AOT cache");
        sizes.row(
            p.name(),
            megabytes(StartFiles.bytes(files.libraries(p))),
            megabytes(StartFiles.bytes(p.unpacked())),
            cached ? megabytes(StartFiles.bytes(List.of(files.cache(p)))) : "");
      }
      return results;
    } finally {
      try (Stream<Path> all = Files.list(folder)) {
        for (Path p : all.toList()) {
          Files.deleteIfExists(p);
        }
      }
      Files.deleteIfExists(folder);
    }
  }

  /** A run that writes the JVM's cache of loaded classes, and the program that uses it. */
  private StartProgram cached(StartFiles files, StartProgram p)
      throws IOException, InterruptedException {
    Path cache = files.cache(p);
    start(files, p.with(p.name(), "-XX:AOTCacheOutput=" + cache));
    return p.with(p.name() + ", AOT cache", "-XX:AOTCache=" + cache);
  }

  private List<Result> time(Workload w, StartFiles files, List<StartProgram> programs)
      throws IOException, InterruptedException {
    List<Samples> samples = new ArrayList<>();
    List<List<Contender.Figures>> rounds = new ArrayList<>();
    for (StartProgram _ : programs) {
      samples.add(new Samples());
      rounds.add(new ArrayList<>());
    }
    for (int r = 0; r < (quick ? 1 : 8); r++) {
      for (int i = 0; i < programs.size(); i++) {
        double nanos = start(files, programs.get(i));
        if (r > 0 || quick) { // the first fills the page cache and unpacks libraries
          samples.get(i).add(nanos);
          rounds.get(i).add(new Contender.Figures(1, nanos, nanos, nanos, nanos));
        }
      }
    }
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < programs.size(); i++) {
      Samples s = samples.get(i);
      Contender.Figures all =
          new Contender.Figures(s.count(), s.min(), s.median(), s.quantile(0.99), s.quantile(1));
      results.add(new Result(w, programs.get(i).name(), rounds.get(i), all, -1, ""));
    }
    return results;
  }

  private double start(StartFiles files, StartProgram p) throws IOException, InterruptedException {
    ProcessBuilder builder = Launch.quietly(new ProcessBuilder(files.command(p)), threads);
    long start = System.nanoTime();
    Process process = builder.start();
    try (var in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith(WorkerCommand.MARK + "first")) {
          return System.nanoTime() - start;
        }
      }
      throw new IOException(
          p.name()
              + ": ended without a first result; JDK_JAVA_OPTIONS=-Dharpia.debug=true shows why");
    } finally {
      process.waitFor();
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
