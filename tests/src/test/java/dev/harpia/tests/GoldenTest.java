package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.simd.Blas;
import dev.harpia.tensor.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Results, gradients and buffers against PyTorch's, of everything but optimizers and schedules,
 * which have a test of their own.
 */
class GoldenTest {
  private static final List<String> ELSEWHERE = List.of("optim", "sched");

  private static Map<String, Consumer<GoldenRun>> ops() {
    Map<String, Consumer<GoldenRun>> ops = new HashMap<>();
    GoldenOps.register(ops);
    GoldenLayers.register(ops);
    GoldenConvolutions.register(ops);
    GoldenNorms.register(ops);
    GoldenSequences.register(ops);
    GoldenLosses.register(ops);
    GoldenModels.register(ops);
    return ops;
  }

  @TestFactory
  Stream<DynamicTest> as_pytorch() {
    Map<String, Consumer<GoldenRun>> ops = ops();
    return Golden.all().stream()
        .filter(g -> !ELSEWHERE.contains(g.group()))
        .map(
            g ->
                DynamicTest.dynamicTest(
                    g.toString(),
                    () -> {
                      try (var _ = Scope.open(g.file())) {
                        GoldenRun.check(
                            g, Objects.requireNonNull(ops.get(g.op()), () -> "no test of " + g));
                      }
                    }));
  }

  /** The full tier runs this class once more with -Dharpia.blas=off. */
  @Test
  void products_are_multiplied_as_asked() {
    boolean off = "off".equals(System.getProperty(Blas.PROPERTY));
    assertThat(Blas.external().isEmpty()).as(Blas.report()).isEqualTo(off);
  }

  @Test
  void every_case_has_a_test() {
    List<Golden> all = Golden.all();
    assertThat(all).hasSize(549);
    assertThat(all.stream().map(Golden::file).distinct()).hasSize(549);
    List<Golden> here = all.stream().filter(g -> !ELSEWHERE.contains(g.group())).toList();
    assertThat(here).hasSize(549 - 92 - 25);
    Map<String, Consumer<GoldenRun>> ops = ops();
    assertThat(here).allSatisfy(g -> assertThat(ops).containsKey(g.op()));
  }
}
