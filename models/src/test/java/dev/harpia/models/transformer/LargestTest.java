package dev.harpia.models.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.tensor.Rng;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LargestTest {
  /** Against sorting; many numbers are equal, and of those the first count. */
  @Test
  void theSameAsBySorting() {
    Rng rng = new Rng(2);
    for (int k : new int[] {1, 2, 7, 50, 64}) {
      Largest largest = new Largest(k);
      for (int round = 0; round < 50; round++) {
        float[] z = new float[1 + rng.below(60)];
        for (int i = 0; i < z.length; i++) {
          z[i] = rng.below(12) == 0 ? Float.NEGATIVE_INFINITY : (rng.below(9) - 4) / 3f;
        }
        largest.clear();
        for (int i = 0; i < z.length; i++) {
          largest.offer(z[i], i);
        }
        List<Integer> sorted =
            IntStream.range(0, z.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> -z[i])) // stable: the first first
                .limit(k)
                .toList();
        assertThat(IntStream.range(0, largest.size()).mapToObj(largest::place).toList())
            .as("%d of %d", k, z.length)
            .containsExactlyInAnyOrderElementsOf(sorted);
      }
    }
  }
}
