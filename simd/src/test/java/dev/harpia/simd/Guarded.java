package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Off-heap arrays between canaries, for kernels that are tested at raw addresses. They stay for the
 * life of the JVM, since nothing but addresses may be left of them.
 */
final class Guarded {
  private static final int GUARD = 64;
  private static final float CANARY = 1234.5f;

  private record Block(long address, long floats) {}

  private final List<Block> blocks = new ArrayList<>();

  /** An array with these values, that ends right before the canaries. */
  long of(float... values) {
    long a = raw(values.length);
    for (int i = 0; i < values.length; i++) {
      Vectors.set(a + 4L * i, values[i]);
    }
    return a;
  }

  /** Integers. */
  long ofInts(int... values) {
    long a = raw(values.length);
    for (int i = 0; i < values.length; i++) {
      Vectors.setInt(a + 4L * i, values[i]);
    }
    return a;
  }

  /** An array of NaN, which shows what was not written, and what was read before. */
  long empty(long floats) {
    long a = raw(floats);
    for (long i = 0; i < floats; i++) {
      Vectors.set(a + 4 * i, Float.NaN);
    }
    return a;
  }

  /** Uniform values within ±scale. */
  static float[] random(SplittableRandom random, int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * scale);
    }
    return values;
  }

  static float[] read(long address, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = Vectors.get(address + 4L * i);
    }
    return values;
  }

  private long raw(long floats) {
    long a = Arena.global().allocate(4 * (floats + 2 * GUARD), 64).address() + 4 * GUARD;
    for (long i = -GUARD; i < floats + GUARD; i++) {
      if (i < 0 || i >= floats) {
        Vectors.set(a + 4 * i, CANARY);
      }
    }
    blocks.add(new Block(a, floats));
    return a;
  }

  /** No canary may have changed. */
  void check() {
    for (Block b : blocks) {
      for (long i = -GUARD; i < b.floats + GUARD; i++) {
        if (i < 0 || i >= b.floats) {
          assertThat(Vectors.get(b.address + 4 * i))
              .as("canary %d of %d floats", i, b.floats)
              .isEqualTo(CANARY);
        }
      }
    }
  }

  /** |a − b| ≤ atol + rtol·max(1, max|b|), the goldens' rule. */
  static void close(String what, float[] actual, double[] expected, double rtol, double atol) {
    assertThat(actual.length).as(what).isEqualTo(expected.length);
    double largest = 1;
    for (double e : expected) {
      largest = Math.max(largest, Math.abs(e));
    }
    for (int i = 0; i < actual.length; i++) {
      double difference = Math.abs(actual[i] - expected[i]);
      assertThat(difference <= atol + rtol * largest)
          .as("%s[%d]: %s instead of %s", what, i, actual[i], expected[i])
          .isTrue();
    }
  }

  static double[] doubles(float[] values) {
    double[] d = new double[values.length];
    for (int i = 0; i < d.length; i++) {
      d[i] = values[i];
    }
    return d;
  }
}
