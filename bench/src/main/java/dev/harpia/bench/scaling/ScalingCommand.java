package dev.harpia.bench.scaling;

import dev.harpia.bench.MachineFacts;
import dev.harpia.bench.Samples;
import dev.harpia.bench.Table;
import dev.harpia.bench.ops.Pace;
import dev.harpia.models.picture.Curves;
import dev.harpia.models.picture.Fonts;
import dev.harpia.simd.Parallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Cost against size and threads. */
@Command(
    name = "scaling",
    mixinStandardHelpOptions = true,
    description = {
      "Cost against batch, width, picture side, sequence length, matrix size, on 1 and on all",
      "threads; with --out also a picture of each."
    })
public final class ScalingCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "A few calls of each: shows that it works.")
  private boolean quick;

  @Option(names = "--out", paramLabel = "DIR", description = "Writes a picture of each there.")
  private @Nullable Path out;

  /** For the command line. */
  public ScalingCommand() {}

  @Override
  public Integer call() throws IOException {
    if (out != null && Fonts.problem().isPresent()) {
      throw new IllegalStateException(Fonts.problem().get());
    }
    int threads = Parallel.threads();
    System.out.println(MachineFacts.line(MachineFacts.of(threads)));
    Table table =
        new Table("what grows", "size", "1 thread", threads + " threads", "speed-up", "GFLOP/s");
    for (Axis axis : Axis.all()) {
      measure(axis, threads, table);
    }
    table.print(System.out);
    return 0;
  }

  private void measure(Axis axis, int threads, Table table) throws IOException {
    int[] sizes = axis.sizes();
    double[] x = new double[sizes.length];
    double[] one = new double[sizes.length];
    double[] all = new double[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      Runnable call = axis.call().apply(sizes[i]);
      double work = axis.work().apply(sizes[i]);
      Samples alone = new Samples();
      Samples together = new Samples();
      Parallel.limit(1, () -> Pace.calls(call, quick ? 0.1 : 0.5));
      int n = Pace.calls(call, quick ? 0.05 : 0.3);
      long end = System.nanoTime() + (quick ? 50_000_000L : 800_000_000L);
      do {
        Parallel.limit(1, () -> alone.add(Pace.time(call, n)));
        together.add(Pace.time(call, n));
      } while (System.nanoTime() < end || alone.count() < 3);
      x[i] = sizes[i];
      one[i] = work / alone.median();
      all[i] = work / together.median();
      table.row(
          axis.name(),
          String.valueOf(sizes[i]),
          Table.time(alone.median()),
          Table.time(together.median()),
          Table.number(alone.median() / together.median()) + "×",
          Table.number(one[i]) + " / " + Table.number(all[i]));
    }
    if (out != null) {
      List<Curves.Line> lines = new ArrayList<>();
      lines.add(new Curves.Line("1 thread", x, one));
      lines.add(new Curves.Line(threads + " threads", x, all));
      Files.createDirectories(out);
      String file = axis.name().replaceAll("[^A-Za-z0-9]+", "-") + ".png";
      ImageIO.write(
          Curves.draw(axis.name(), "size", "GFLOP/s", lines), "png", out.resolve(file).toFile());
    }
  }
}
