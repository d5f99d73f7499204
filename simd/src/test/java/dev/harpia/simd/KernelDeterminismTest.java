package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.tensor.Expr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The interpreter and compiled code give the same bits, for every function and its derivative. */
@Tag("full")
class KernelDeterminismTest {
  private static final int N = 1000;

  /** One line per kernel: its name and a hash of its results' bits. */
  static List<String> lines(int repetitions) {
    FloatArray x = new FloatArray(N).fill(i -> 12 * StrictMath.sin(i) * StrictMath.exp(-i % 17));
    FloatArray y = new FloatArray(N);
    List<ExprCases.Case> cases = new ArrayList<>(ExprCases.functions());
    cases.addAll(ExprCases.activations());
    cases.add(new ExprCases.Case("draw", Expr.uniform(0).add(Expr.x(0)), 0, 0, 0));
    List<String> lines = new ArrayList<>();
    for (ExprCases.Case c : cases) {
      for (Expr e : new Expr[] {c.expr(), c.expr().derivative(0)}) {
        Kernel k = KernelCompiler.compile(c.name(), e);
        double sum = 0;
        for (int r = 0; r < repetitions; r++) {
          Elementwise.unary(k, y.address(), x.address(), N, false);
          sum = Reduction.sum(k, x.address(), N);
        }
        int hash = 1;
        for (int i = 0; i < N; i++) {
          // which NaN it is, is left to the processor
          hash = 31 * hash + Float.floatToIntBits(y.get(i));
        }
        lines.add(c.name() + " " + hash + " " + Double.doubleToLongBits(sum));
      }
    }
    return lines;
  }

  /** Prints the lines, for the parent process. */
  public static void main(String[] args) {
    lines(1).forEach(System.out::println);
  }

  @Test
  void interpretedAndCompiledAgree() throws IOException, InterruptedException {
    List<String> hot = lines(1500);
    Process cold =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xint",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Dharpia.vector.bits=" + 32 * Vectors.LANES,
                "-cp",
                System.getProperty("java.class.path"),
                KernelDeterminismTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String text = new String(cold.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(cold.waitFor()).isZero();
    assertThat(text.lines().toList()).isEqualTo(hot);
  }
}
