package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.Expr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KernelBatchTest {
  private static final Kernel AXPY =
      KernelCompiler.compile("batchAxpy", Expr.x(0).fma(Expr.p(0), Expr.x(1)));
  private static final Kernel SQUARE = KernelCompiler.compile("batchSquare", Expr.x(0).square());
  private static final int[] SIZES = {1, 3, 0, 64, 100, 70_001, 5, 16_384, 16_385, 40_000, 7};

  private static float[][] results(int threads, boolean padded) {
    float[][] all = new float[SIZES.length][];
    KernelBatch batch = new KernelBatch();
    try (Arena arena = Arena.ofShared()) {
      for (int round = 0; round < 2; round++) { // a batch that was used before is empty again
        MemorySegment[] out = new MemorySegment[SIZES.length];
        for (int i = 0; i < SIZES.length; i++) {
          MemorySegment x = arena.allocate(4L * SIZES[i] + 256, 64);
          MemorySegment y = arena.allocate(4L * SIZES[i] + 256, 64);
          out[i] = arena.allocate(4L * SIZES[i] + 256, 64);
          for (int j = 0; j < SIZES[i]; j++) {
            x.setAtIndex(ValueLayout.JAVA_FLOAT, j, j % 97 + i);
            y.setAtIndex(ValueLayout.JAVA_FLOAT, j, j % 13);
          }
          float[] p = new float[8];
          p[0] = i;
          long o = out[i].address();
          batch.add(AXPY, SIZES[i], padded, addresses(o, x.address(), y.address()), p);
          if (i % 2 == 0) {
            batch.then(SQUARE, padded, addresses(o, o, 0), new float[8]);
          }
        }
        Parallel.limit(threads, () -> batch.run());
        for (int i = 0; i < SIZES.length; i++) {
          all[i] = out[i].asSlice(0, 4L * SIZES[i] + 64).toArray(ValueLayout.JAVA_FLOAT);
        }
      }
    }
    return all;
  }

  private static long[] addresses(long a, long b, long c) {
    long[] all = new long[8];
    all[0] = a;
    all[1] = b;
    all[2] = c;
    return all;
  }

  @Test
  void everyElementOfEveryCallIsComputedAndNothingBeyond() {
    float[][] got = results(2, false);
    for (int i = 0; i < SIZES.length; i++) {
      float[] expected = new float[SIZES[i] + 16];
      for (int j = 0; j < SIZES[i]; j++) {
        float v = (j % 97 + i) * i + j % 13;
        expected[j] = i % 2 == 0 ? v * v : v;
      }
      assertThat(got[i]).as("call %d", i).isEqualTo(expected);
    }
  }

  @Test
  void sameBitsForAnyNumberOfThreadsAndWithPadding() {
    float[][] one = results(1, false);
    assertThat(Arrays.deepEquals(one, results(2, false))).isTrue();
    float[][] padded = results(2, true);
    for (int i = 0; i < SIZES.length; i++) {
      assertThat(Arrays.copyOf(padded[i], SIZES[i])).isEqualTo(Arrays.copyOf(one[i], SIZES[i]));
    }
  }

  @Test
  void thenNeedsACall() {
    assertThatThrownBy(() -> new KernelBatch().then(SQUARE, true, addresses(0, 0, 0), new float[8]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no call before it");
  }
}
