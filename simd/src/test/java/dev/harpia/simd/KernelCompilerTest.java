package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.Activations;
import dev.harpia.tensor.Expr;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KernelCompilerTest {
  private static final Expr X = Expr.x(0);

  @Test
  void equalStructureIsCompiledOnce() {
    Kernel first = KernelCompiler.compile("cached", X.exp().add(Expr.c(41)));
    assertThat(KernelCompiler.compile("other", Expr.x(0).exp().add(Expr.c(41)))).isSameAs(first);
    assertThat(KernelCompiler.compile("other", X.exp().add(Expr.c(42)))).isNotSameAs(first);
    assertThat(first.accumulating()).isSameAs(first.accumulating()).isNotSameAs(first);
    assertThat(first.broadcast(1)).isSameAs(first.broadcast(1)).isNotSameAs(first);
    assertThat(first.broadcast(0)).isSameAs(first);
  }

  @Test
  void manyThreadsGetOneKernel() {
    long distinct =
        IntStream.range(0, 64)
            .parallel()
            .mapToObj(i -> KernelCompiler.compile("race", X.mul(17).sin()))
            .distinct()
            .count();
    assertThat(distinct).isEqualTo(1);
  }

  @Test
  void namesAndListing() {
    Kernel k = KernelCompiler.compile("gelu_listed", Activations.gelu(X).add(1));
    assertThat(k.getClass().getName()).startsWith("dev.harpia.simd.Kernel_gelu_listed");
    assertThat(k.accumulating().name()).isEqualTo("Kernel_gelu_listed_add");
    assertThat(KernelCompiler.compiled()).contains(k, k.accumulating());
    assertThat(k.operations()).isBetween(30, 60);
    assertThat(k.expressions()).hasToString("[((x0 * normal_cdf(x0)) + 1)]");
  }

  @Test
  void sharedWorkIsDoneOnce() {
    Expr s = X.sigmoid();
    int both = KernelCompiler.compile("value_and_slope", s, s.derivative(0)).operations();
    assertThat(both).isLessThanOrEqualTo(KernelCompiler.compile("value", s).operations() + 2);
  }

  @Test
  void limits() {
    assertThatThrownBy(() -> KernelCompiler.compile("bad name", X))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'bad name'");
    assertThatThrownBy(() -> KernelCompiler.compile("far", Expr.x(7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 outputs and 8 inputs: at most 8 in all");
    assertThatThrownBy(() -> KernelCompiler.compile("far", Expr.p(8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("9 parameters: at most 8");
    assertThatThrownBy(() -> KernelCompiler.compile("none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no output");
  }
}
