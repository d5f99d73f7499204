package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows whose successor is looked at ahead have the bits of rows one by one. */
class RowExpAheadTest {
  private static final int ROWS = 5;

  private static double value(int i, int n) {
    int row = i / n;
    int at = i % n;
    return row == 2 && at == n - 1
        ? Double.NaN
        : row == 3 ? Double.NEGATIVE_INFINITY : 30 * Math.sin(1 + i) - row;
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 4096})
  void bits_are_those_of_rows_one_by_one(int n) {
    assertThat(RowExpAhead.suits(n)).isTrue();
    FloatArray x = new FloatArray(ROWS * n).fill(i -> value(i, n));
    FloatArray expected = new FloatArray(ROWS * n);
    for (int r = 0; r < ROWS; r++) {
      long from = x.address() + 4L * r * n;
      long to = expected.address() + 4L * r * n;
      double sum = RowExp.exp(to, from, n, RowExtremes.maxOfNumbers(from, n));
      RowMaps.scaleBy(to, to, n, (float) (1 / sum), false);
    }
    FloatArray actual = new FloatArray(ROWS * n);
    Softmax.forward(actual.address(), x.address(), ROWS, n, 1);
    Softmax.forward(x.address(), x.address(), ROWS, n, 1);
    for (int i = 0; i < ROWS * n; i++) {
      int bits = Float.floatToIntBits(expected.get(i));
      assertThat(Float.floatToIntBits(actual.get(i))).as("element %d", i).isEqualTo(bits);
      assertThat(Float.floatToIntBits(x.get(i))).as("element %d in place", i).isEqualTo(bits);
    }
  }
}
