package dev.harpia.bench.ops;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.harpia.bench.JsonFile;
import dev.harpia.bench.MachineFacts;
import dev.harpia.bench.Samples;
import dev.harpia.bench.Table;
import dev.harpia.simd.Parallel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Single operations: vector kernels off the heap against loops over heap arrays. */
@Command(
    name = "ops",
    mixinStandardHelpOptions = true,
    description = {
      "Operations against plain Java loops over heap arrays, interleaved in one JVM.",
      "Prints medians, the ratio, GB/s or GFLOP/s, and percent of the roofline that this run",
      "measures first. About a minute; --quick a few seconds; --jmh for the real thing."
    })
public final class OpsCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "A few seconds in all: shows that it works.")
  private boolean quick;

  @Option(names = "--jmh", description = "Runs the same pairs under JMH, 5 forks each.")
  private boolean jmh;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads of the operations and of the roofline (default 1; heap loops have one).")
  private int threads = 1;

  @Option(names = "--filter", paramLabel = "TEXT", description = "Only names that contain this.")
  private String filter = "";

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there as well.")
  private @Nullable Path json;

  /** One line of the table; times in nanoseconds. */
  private record Row(OpPair pair, Samples harpia, Samples baseline, double share) {}

  /** For the command line. */
  public OpsCommand() {}

  @Override
  public Integer call() throws Exception {
    if (threads < 1) {
      throw new IllegalArgumentException("--threads " + threads + ": must be at least 1");
    }
    if (jmh) {
      List<String> args = new ArrayList<>(List.of("dev.harpia.bench.ops.OpsJmh"));
      if (json != null) {
        args.addAll(List.of("-rf", "json", "-rff", json.toString()));
      }
      org.openjdk.jmh.Main.main(args.toArray(String[]::new));
      return 0;
    }
    Parallel.<Object, Exception>limit(
        threads,
        () -> {
          measure();
          return this;
        });
    return 0;
  }

  private void measure() throws IOException {
    Map<String, String> facts = MachineFacts.of(threads);
    System.out.println(MachineFacts.line(facts));
    Roofline roof = Roofline.measure(threads, quick ? 4 : 10);
    System.out.printf(Locale.ROOT, "peak %.1f GFLOP/s (fma)", roof.flops() / 1e9);
    roof.bytes()
        .forEach(
            (footprint, rate) ->
                System.out.printf(
                    Locale.ROOT, ", %.1f GB/s at %,d KiB", rate / 1e9, footprint >> 10));
    System.out.println(" (copy or triad)");
    List<Row> rows = new ArrayList<>();
    Table table =
        new Table(
            "operation", "size", "harpia", "heap loop", "ratio", "rate", "of roofline", "minimum");
    for (Supplier<OpPair> supplier : OpPairs.all()) {
      OpPair pair = supplier.get();
      if (!pair.name().contains(filter)) {
        continue;
      }
      Row row = compare(pair, roof);
      rows.add(row);
      table.row(cells(row));
    }
    table.print(System.out);
    if (json != null) {
      write(json, facts, roof, rows);
    }
  }

  private Row compare(OpPair pair, Roofline roof) {
    double warm = quick ? 0.1 : 0.3;
    double timed = quick ? 0.03 : 0.35;
    int a = Pace.calls(pair.harpia(), warm);
    int b = Pace.calls(pair.baseline(), warm);
    Samples harpia = new Samples();
    Samples baseline = new Samples();
    long end = System.nanoTime() + (long) (2e9 * timed);
    do {
      harpia.add(Pace.time(pair.harpia(), a));
      baseline.add(Pace.time(pair.baseline(), b));
    } while (System.nanoTime() < end || harpia.count() < 3);
    double share = roof.share(pair.flop(), pair.bytes(), pair.bytes(), harpia.median() * 1e-9);
    return new Row(pair, harpia, baseline, share);
  }

  private static String[] cells(Row row) {
    OpPair p = row.pair();
    double time = row.harpia().median();
    return new String[] {
      p.name(),
      p.size(),
      Table.time(time),
      Table.time(row.baseline().median()),
      Table.number(row.baseline().median() / time) + "×",
      p.arithmetic()
          ? Table.number(p.flop() / time) + " GFLOP/s"
          : Table.number(p.bytes() / time) + " GB/s",
      String.format(Locale.ROOT, "%.0f %%", 100 * row.share()),
      Table.time(row.harpia().min())
    };
  }

  private static void write(Path file, Map<String, String> facts, Roofline roof, List<Row> rows)
      throws IOException {
    JsonFile.write(
        file,
        facts,
        g -> {
          g.writeNumberField("peak_flops", roof.flops());
          g.writeObjectFieldStart("bandwidth");
          for (Map.Entry<Long, Double> e : roof.bytes().entrySet()) {
            g.writeNumberField(String.valueOf(e.getKey()), e.getValue());
          }
          g.writeEndObject();
          g.writeArrayFieldStart("ops");
          for (Row row : rows) {
            write(g, row);
          }
          g.writeEndArray();
        });
  }

  private static void write(JsonGenerator g, Row row) throws IOException {
    g.writeStartObject();
    g.writeStringField("op", row.pair().name());
    g.writeStringField("size", row.pair().size());
    g.writeNumberField("harpia_median_ns", row.harpia().median());
    g.writeNumberField("harpia_min_ns", row.harpia().min());
    g.writeNumberField("heap_median_ns", row.baseline().median());
    g.writeNumberField("heap_min_ns", row.baseline().min());
    g.writeNumberField("flop", row.pair().flop());
    g.writeNumberField("bytes", row.pair().bytes());
    g.writeNumberField("roofline_share", row.share());
    g.writeEndObject();
  }
}
