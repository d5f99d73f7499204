package dev.harpia.bench.suite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An engine's process for one workload, as the process that compares them sees it. */
final class Contender implements AutoCloseable {
  /** Counts and times in nanoseconds of one round, or of all. */
  record Figures(long count, double min, double median, double p99, double p999) {
    static Figures parse(String[] words, int from) {
      return new Figures(
          Long.parseLong(words[from]),
          Double.parseDouble(words[from + 1]),
          Double.parseDouble(words[from + 2]),
          Double.parseDouble(words[from + 3]),
          Double.parseDouble(words[from + 4]));
    }
  }

  final String engine;
  final List<Figures> rounds = new ArrayList<>();
  private final Process process;
  private final BufferedReader in;
  private final PrintWriter out;
  private final String greeting;

  Contender(Engine engine, Workload w, int threads) throws IOException {
    this.engine = engine.name();
    process =
        Launch.of(engine, threads, "worker", engine.name(), w.id(), String.valueOf(threads))
            .start();
    in = process.inputReader(StandardCharsets.UTF_8);
    out = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    greeting = answer();
  }

  boolean ready() {
    return greeting.startsWith("ready");
  }

  /** The library's version, or why there is no result. */
  String greeting() {
    return greeting.startsWith("ready ") ? greeting.substring(6) : greeting;
  }

  void warm(double seconds, double usualBytes) throws IOException {
    ask("warm " + seconds + " " + usualBytes);
  }

  void round(double seconds, int calls) throws IOException {
    rounds.add(Figures.parse(ask("round " + seconds + " " + calls).split(" "), 1));
  }

  /** Of all rounds, and the heap bytes of a call. */
  String[] finish() throws IOException {
    return ask("finish").split(" ");
  }

  private String ask(String command) throws IOException {
    out.println(command);
    return answer();
  }

  private String answer() throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith(WorkerCommand.MARK)) {
        return line.substring(WorkerCommand.MARK.length());
      }
    }
    return "failed: the process ended; JDK_JAVA_OPTIONS=-Dharpia.debug=true shows why";
  }

  @Override
  public void close() {
    out.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
