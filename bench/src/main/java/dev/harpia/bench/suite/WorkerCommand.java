package dev.harpia.bench.suite;

import dev.harpia.bench.Samples;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * One workload on one engine, in a process of its own. Commands come line by line: {@code warm
 * SECONDS BYTES}, {@code round SECONDS CALLS}, {@code finish}. Answers are lines that begin with
 * {@link #MARK}, since native libraries may print too.
 */
@Command(name = "worker", hidden = true)
public final class WorkerCommand implements Callable<Integer> {
  static final String MARK = "##";

  @Parameters(index = "0")
  private String engine = "";

  @Parameters(index = "1")
  private String workload = "";

  @Parameters(index = "2")
  private int threads = 1;

  /** For the command line. */
  public WorkerCommand() {}

  @Override
  public Integer call() throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Optional<Call> call;
    Engine chosen = Engines.named(engine);
    try {
      call = chosen.open(workload, threads);
    } catch (Exception | LinkageError e) {
      String text = String.valueOf(e.getMessage());
      out.println(MARK + "failed " + e.getClass().getSimpleName() + ": " + firstLine(text));
      return 1;
    }
    if (call.isEmpty()) {
      out.println(MARK + "unsupported");
      return 0;
    }
    out.println(MARK + "ready " + chosen.version());
    serve(new Meter(call.get()), out);
    return 0;
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static void serve(Meter meter, PrintStream out) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "warm" -> {
          meter.warm(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
          out.println(MARK + "warm");
        }
        case "round" ->
            out.println(
                MARK
                    + "round "
                    + figures(
                        meter.round(Double.parseDouble(words[1]), Integer.parseInt(words[2]))));
        case "finish" -> {
          out.println(MARK + "all " + figures(meter.all()) + " " + meter.bytesPerCall());
          return;
        }
        default -> throw new IllegalArgumentException("worker: " + line);
      }
    }
  }

  private static String figures(Samples s) {
    return String.format(
        Locale.ROOT,
        "%d %.1f %.1f %.1f %.1f",
        s.count(),
        s.min(),
        s.median(),
        s.quantile(0.99),
        s.quantile(0.999));
  }
}
