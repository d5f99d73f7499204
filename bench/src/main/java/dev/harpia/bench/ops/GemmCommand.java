package dev.harpia.bench.ops;

import dev.harpia.bench.MachineFacts;
import dev.harpia.bench.Samples;
import dev.harpia.bench.Table;
import dev.harpia.simd.Blas;
import dev.harpia.simd.Gemm;
import dev.harpia.simd.Multiply;
import dev.harpia.simd.Parallel;
import dev.harpia.simd.Vectors;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Our matrix products beside the native library's, shape by shape. */
@Command(
    name = "gemm",
    mixinStandardHelpOptions = true,
    description = {
      "C = op(A)·op(B): what is used, our kernels alone, and the native library on one thread,",
      "interleaved in one JVM; medians, and the library's time over ours (above 1: ours is faster)."
    })
public final class GemmCommand implements Callable<Integer> {
  private static final Pattern SHAPE = Pattern.compile("(?:([NT])([NT]))?(\\d+)x(\\d+)x(\\d+)");
  private static final int[] SQUARE = {
    8, 12, 16, 24, 32, 48, 64, 65, 72, 96, 100, 128, 130, 192, 250, 256, 384, 500, 512, 768, 1000,
    1024, 2048
  };
  private static final List<String> SKINNY =
      List.of(
          "NT1x128x784",
          "NT64x10x128",
          "NN64x128x900",
          "NT64x128x784",
          "TN900x128x64",
          "NN33x777x5",
          "NN1000x8x1000",
          "NN1000x1x1000",
          "TN1000x1x1000",
          "NT1x10x128",
          "NT1x1000x1000",
          "NT4x64x64",
          "NT8x64x64",
          "NN64x4x64",
          "NN64x8x64",
          "NN64x1x64",
          "TT64x64x64",
          "NN8x4096x1024",
          "NT8x4096x1024",
          "NN2048x1152x384");

  /** One product. */
  private record Case(boolean ta, boolean tb, int m, int n, int k) {
    static Case parse(String text) {
      Matcher t = SHAPE.matcher(text);
      if (!t.matches()) {
        throw new IllegalArgumentException(
            "gemm: "
                + text
                + " is no shape; give [N|T][N|T]MxNxK, such as 64x64x64 or NT64x10x128");
      }
      return new Case(
          "T".equals(t.group(1)),
          "T".equals(t.group(2)),
          Integer.parseInt(t.group(3)),
          Integer.parseInt(t.group(4)),
          Integer.parseInt(t.group(5)));
    }

    double flop() {
      return 2.0 * m * n * k;
    }

    String name() {
      return (ta ? "T" : "N") + (tb ? "T " : "N ") + m + " × " + n + " × " + k;
    }
  }

  @Parameters(
      arity = "0..*",
      paramLabel = "SHAPE",
      description = "[N|T][N|T]MxNxK, where T means a transposed operand. Default: a selection.")
  private List<String> shapes = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of our products. Default 1.")
  private int threads = 1;

  @Option(names = "--quick", description = "A few calls of each: shows that it works.")
  private boolean quick;

  /** For the command line. */
  public GemmCommand() {}

  @Override
  public Integer call() throws Exception {
    if (threads < 1) {
      throw new IllegalArgumentException("--threads " + threads + ": must be at least 1");
    }
    List<Case> cases = new ArrayList<>();
    if (shapes.isEmpty()) {
      for (int n : SQUARE) {
        cases.add(new Case(false, false, n, n, n));
      }
      shapes.addAll(SKINNY);
    }
    shapes.forEach(s -> cases.add(Case.parse(s)));
    Map<String, String> facts = MachineFacts.of(threads);
    System.out.println(MachineFacts.line(facts));
    Table table =
        new Table("product", "used", "GFLOP/s", "ours", "library", "library ÷ used", "÷ ours");
    Parallel.<Object, Exception>limit(
        threads,
        () -> {
          for (Case c : cases) {
            table.row(measure(c));
          }
          return this;
        });
    table.print(System.out);
    return 0;
  }

  private String[] measure(Case s) {
    Optional<Gemm> library = Blas.external();
    int lda = s.ta ? s.m : s.k;
    int ldb = s.tb ? s.k : s.n;
    try (Arena arena = Arena.ofShared()) {
      long a = filled(arena, (long) s.m * s.k);
      long b = filled(arena, (long) s.k * s.n);
      long c = filled(arena, (long) s.m * s.n);
      List<Runnable> bodies = new ArrayList<>();
      bodies.add(() -> Multiply.run(s.ta, s.tb, s.m, s.n, s.k, 1, a, lda, b, ldb, 0, c, s.n));
      bodies.add(() -> Multiply.own(s.ta, s.tb, s.m, s.n, s.k, 1, a, lda, b, ldb, 0, c, s.n));
      library.ifPresent(
          g ->
              bodies.add(
                  () -> g.multiply(s.ta, s.tb, s.m, s.n, s.k, 1, a, lda, b, ldb, 0, c, s.n)));
      int[] calls = new int[bodies.size()];
      Samples[] samples = new Samples[bodies.size()];
      for (int i = 0; i < calls.length; i++) {
        calls[i] = Pace.calls(bodies.get(i), quick ? 0.02 : 0.3);
        samples[i] = new Samples();
      }
      long end = System.nanoTime() + (quick ? 10_000_000L : 600_000_000L);
      do {
        for (int i = 0; i < calls.length; i++) {
          samples[i].add(Pace.time(bodies.get(i), calls[i]));
        }
      } while (System.nanoTime() < end || samples[0].count() < 5);
      double used = samples[0].median();
      double ours = samples[1].median();
      double theirs = library.isPresent() ? samples[2].median() : Double.NaN;
      return new String[] {
        s.name(),
        Table.time(used),
        Table.number(s.flop() / used),
        Table.time(ours),
        Table.time(theirs),
        ratio(theirs / used),
        ratio(theirs / ours)
      };
    }
  }

  private static String ratio(double r) {
    return Double.isNaN(r) ? "-" : String.format(Locale.ROOT, "%.2f", r);
  }

  private static long filled(Arena arena, long count) {
    long address = arena.allocate(4 * count + 64, 4096).address();
    for (long i = 0; i < count; i++) {
      Vectors.set(address + 4 * i, (float) Math.sin(i + 1));
    }
    return address;
  }
}
