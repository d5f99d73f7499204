package dev.harpia.bench.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A comparison of speed is worth something only where both sides compute the same. */
class OpPairsTest {
  static List<String> small() {
    return OpPairs.all().stream()
        .map(p -> p.get())
        .filter(p -> p.heapOut().length <= 1 << 16 || p.name().startsWith("conv"))
        .map(p -> p.name() + " " + p.size())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("small")
  void bothSidesComputeTheSame(String name) {
    OpPair pair = OpPairs.named(name);
    pair.harpia().run();
    pair.baseline().run();
    float[] y = pair.out().toArray();
    assertThat(y).hasSameSizeAs(pair.heapOut());
    // sums of n terms of size 1 in another order: n^½·2⁻²⁴, with room for the longest, 16384 terms
    float tolerance = pair.name().equals("sum") ? 1e-3f : 1e-4f;
    for (int i = 0; i < y.length; i++) {
      assertThat(y[i])
          .as("%s, element %d", name, i)
          .isCloseTo(pair.heapOut()[i], within(tolerance * Math.max(1, Math.abs(y[i]))));
    }
  }
}
