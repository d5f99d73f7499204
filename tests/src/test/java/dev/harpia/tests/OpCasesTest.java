package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What every line of {@link OpCases} must hold, at sizes round the vector width. */
class OpCasesTest {
  private static int[] sizes() {
    int lanes = Vectors.LANES;
    return IntStream.of(1, 2, 3, lanes - 1, lanes, lanes + 1, 2 * lanes + 1, 100)
        .filter(n -> n > 0)
        .distinct()
        .toArray();
  }

  @TestFactory
  Stream<DynamicTest> gradients_are_the_derivatives() {
    return OpCases.all().stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.name(),
                    () -> {
                      for (int size : sizes()) {
                        Tensor[] in = c.inputs().of(new Rng(size), size);
                        assertThat(GradientCheck.worst(c.apply(), size, in))
                            .as("size " + size)
                            .isLessThan(GradientCheck.TOLERANCE);
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> results_do_not_depend_on_the_scope() {
    return OpCases.all().stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.name(),
                    () -> {
                      for (int size : sizes()) {
                        Tensor[] in = c.inputs().of(new Rng(size), size);
                        float[] collected = c.apply().apply(in).toArray();
                        try (var _ = Scope.open()) {
                          assertThat(c.apply().apply(in).toArray()).containsExactly(collected);
                        }
                        try (var _ = Scope.inference()) {
                          assertThat(c.apply().apply(in).toArray()).containsExactly(collected);
                        }
                      }
                    }));
  }
}
