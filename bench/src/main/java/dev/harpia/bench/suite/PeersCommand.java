package dev.harpia.bench.suite;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.harpia.bench.JsonFile;
import dev.harpia.bench.MachineFacts;
import dev.harpia.bench.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The workloads on Harpia and on its peers. */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description = {
      "Whole workloads on Harpia and on PyTorch, ONNX Runtime or DL4J: each in a JVM of its own,",
      "their rounds in turns. Ratios are Harpia's time over the peer's (below 1: Harpia is"
          + " faster),",
      "with the least and the greatest of the rounds."
    })
public final class PeersCommand implements Callable<Integer> {
  @Option(
      names = "--workload",
      paramLabel = "ID",
      description = "1a … 9, or a group: 2, 4, 8, onnx; several with commas. Default: all.")
  private String workload = "";

  @Option(
      names = "--peer",
      paramLabel = "NAME",
      description = "pytorch, onnxruntime, djl, dl4j, all, or none for Harpia alone (default).")
  private String peer = "none";

  @Option(names = "--threads", paramLabel = "N", description = "Default: all processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there as well.")
  private @Nullable Path json;

  @Option(names = "--quick", description = "A few calls of each: shows that it works.")
  private boolean quick;

  /** For the command line. */
  public PeersCommand() {}

  @Override
  public Integer call() throws Exception {
    if (threads < 1) {
      throw new IllegalArgumentException("--threads " + threads + ": must be at least 1");
    }
    List<Workload> chosen = chosen();
    List<Engine> engines = Engines.chosen(peer);
    Map<String, String> facts = MachineFacts.of(threads);
    System.out.println(MachineFacts.line(facts));
    Comparison comparison = new Comparison(engines, threads, quick);
    Table table =
        new Table(
            "id",
            "workload",
            "engine",
            "median",
            "minimum",
            "p99",
            "p99.9",
            "rate",
            "heap B",
            "ratio",
            "of rounds");
    List<Result> all = new ArrayList<>();
    for (Workload w : chosen) {
      System.err.println(w.id() + " " + w.title());
      List<Result> results = comparison.run(w);
      for (Result r : results) {
        table.row(cells(r, results.getFirst()));
        all.add(r);
      }
      if (json != null) {
        write(json, facts, all); // after each, so that a broken run leaves what it had
      }
    }
    table.print(System.out);
    if (chosen.stream().anyMatch(w -> w.kind() == Workload.Kind.START)) {
      System.out.println();
      comparison.sizes().print(System.out);
    }
    return 0;
  }

  private List<Workload> chosen() {
    List<Workload> chosen = new ArrayList<>();
    for (String wanted : workload.split(",")) {
      List<Workload> some = Workload.all().stream().filter(w -> w.matches(wanted.strip())).toList();
      if (some.isEmpty()) {
        throw new IllegalArgumentException(
            "--workload "
                + wanted
                + ": there are "
                + String.join(" ", Workload.all().stream().map(Workload::id).toList()));
      }
      chosen.addAll(some);
    }
    return chosen;
  }

  private static String[] cells(Result r, Result harpia) {
    Workload w = r.workload();
    if (!r.measured()) {
      return new String[] {w.id(), w.title(), r.engine(), r.note()};
    }
    boolean compared = harpia.measured() && !r.engine().equals(harpia.engine());
    Ratio ratio = Ratio.of(harpia, r);
    return new String[] {
      w.id(),
      w.title(),
      r.engine(),
      Table.time(r.all().median()),
      Table.time(r.all().min()),
      Table.time(r.all().p99()),
      Table.time(r.all().p999()),
      Table.number(w.work() / r.all().median() * 1e9) + " " + w.unit(),
      r.heapBytes() < 0 ? "" : String.valueOf(r.heapBytes()),
      compared ? Table.number(ratio.median()) : "",
      compared ? String.format(Locale.ROOT, "%.2f … %.2f", ratio.least(), ratio.most()) : ""
    };
  }

  private static void write(Path file, Map<String, String> facts, List<Result> results)
      throws IOException {
    JsonFile.write(
        file,
        facts,
        g -> {
          g.writeArrayFieldStart("results");
          for (Result r : results) {
            write(g, r);
          }
          g.writeEndArray();
        });
  }

  private static void write(JsonGenerator g, Result r) throws IOException {
    g.writeStartObject();
    g.writeStringField("workload", r.workload().id());
    g.writeStringField("title", r.workload().title());
    g.writeStringField("engine", r.engine());
    g.writeStringField("note", r.note());
    if (r.measured()) {
      g.writeNumberField("calls", r.all().count());
      g.writeNumberField("min_ns", r.all().min());
      g.writeNumberField("median_ns", r.all().median());
      g.writeNumberField("p99_ns", r.all().p99());
      g.writeNumberField("p999_ns", r.all().p999());
      g.writeNumberField("heap_bytes", r.heapBytes());
      g.writeArrayFieldStart("round_medians_ns");
      for (Contender.Figures f : r.rounds()) {
        g.writeNumber(f.median());
      }
      g.writeEndArray();
    }
    g.writeEndObject();
  }
}
