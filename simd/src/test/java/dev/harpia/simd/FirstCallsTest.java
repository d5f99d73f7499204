package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model's first answers have the bits of all others. */
class FirstCallsTest {
  private static final int PAST_THE_FIRST = 60;

  @ParameterizedTest
  @CsvSource({"128, 784", "10, 128", "2, 5", "17, 15", "33, 33", "16, 16", "1, 1"})
  void a_packed_row(int n, int k) {
    FloatArray x = new FloatArray(k).fill(i -> i == 3 ? -1e6 : Math.sin(1 + i));
    FloatArray w = new FloatArray(n * k).fill(i -> Math.cos(3 * i) * (i % 7 - 3));
    FloatArray bias = new FloatArray(n).fill(i -> i == 0 ? Double.NaN : i % 3 - 1.5);
    FloatArray packed = new FloatArray(Math.toIntExact(PackedRow.bytes(n, k) / 4));
    PackedRow.pack(w.address(), n, k, packed.address());
    FloatArray expected = new FloatArray(n);
    FloatArray actual = new FloatArray(n);
    for (boolean relu : new boolean[] {false, true}) {
      for (long b : new long[] {0, bias.address()}) {
        for (int i = 0; i < PAST_THE_FIRST; i++) {
          PackedRow.run(x.address(), packed.address(), b, relu, n, k, expected.address());
        }
        FirstCalls.packedRow(x.address(), packed.address(), b, relu, n, k, actual.address());
        same(expected, actual, n);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 10, 16, 17, 31, 64, 100, 256})
  void a_row_of_softmax(int n) {
    FloatArray x = new FloatArray(n).fill(i -> 9 * Math.sin(5 * i) - (i % 5 == 2 ? 200 : 0));
    rows(x, n);
    x.fill(i -> i == n / 2 ? Double.NEGATIVE_INFINITY : -i);
    rows(x, n);
    x.fill(i -> i == n / 2 ? Double.NaN : i);
    rows(x, n);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 63, 64, 1000, 65_536, 70_001})
  void zeros_and_nothing_beside_them(long bytes) {
    FloatArray x = new FloatArray(20_000).fill(i -> 1);
    FirstCalls.zero(x.address(), bytes);
    for (long i = 0; i < 20_000; i++) {
      float expected = 4 * i + 4 <= bytes ? 0 : 1;
      if (4 * i + 4 <= bytes || 4 * i >= bytes) {
        assertThat(Vectors.get(x.address() + 4 * i)).as("element %d", i).isEqualTo(expected);
      }
    }
  }

  private static void rows(FloatArray x, int n) {
    FloatArray expected = new FloatArray(n);
    FloatArray actual = new FloatArray(n);
    for (int i = 0; i < PAST_THE_FIRST; i++) {
      Softmax.forward(expected.address(), x.address(), 1, n, 1);
    }
    FirstCalls.softmaxRow(actual.address(), x.address(), n);
    same(expected, actual, n);
  }

  private static void same(FloatArray expected, FloatArray actual, int n) {
    for (int j = 0; j < n; j++) {
      assertThat(Float.floatToIntBits(Vectors.get(actual.address() + 4L * j)))
          .as("element %d of %d", j, n)
          .isEqualTo(Float.floatToIntBits(Vectors.get(expected.address() + 4L * j)));
    }
  }
}
