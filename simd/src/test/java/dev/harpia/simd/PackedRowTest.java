package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedRowTest {
  private static FloatArray packed(int n, int k) {
    return new FloatArray(Math.toIntExact(PackedRow.bytes(n, k) / 4));
  }

  /** The same bits as from the matrix as it lies, whatever is left over in n and k. */
  @ParameterizedTest
  @CsvSource({
    "128, 784",
    "10, 128",
    "2, 128",
    "128, 4",
    "37, 1",
    "16, 16",
    "17, 15",
    "33, 33",
    "5, 100",
    "130, 500",
    "1000, 300"
  })
  void bitsAreThoseOfTheGeneralProduct(int n, int k) {
    FloatArray x = new FloatArray(k).fill(i -> Math.sin(1 + i) - (i == 3 ? 1e6 : 0));
    FloatArray w = new FloatArray(n * k).fill(i -> Math.cos(3 * i) * (i % 7 - 3));
    FloatArray bias = new FloatArray(n).fill(i -> i % 3 - 1.5);
    FloatArray packed = packed(n, k);
    PackedRow.pack(w.address(), n, k, packed.address());
    for (boolean relu : new boolean[] {false, true}) {
      for (boolean biased : new boolean[] {false, true}) {
        FloatArray expected = new FloatArray(n);
        FloatArray actual = new FloatArray(n);
        long b = biased ? bias.address() : 0;
        Gemv.run(
            1,
            n,
            k,
            1,
            x.address(),
            4L * k,
            w.address(),
            4L * k,
            b,
            0,
            4,
            relu,
            expected.address(),
            4L * n,
            4);
        PackedRow.run(x.address(), packed.address(), b, relu, n, k, actual.address());
        for (int j = 0; j < n; j++) {
          assertThat(Float.floatToRawIntBits(Vectors.get(actual.address() + 4L * j)))
              .as("element %d, relu %s, bias %s", j, relu, biased)
              .isEqualTo(Float.floatToRawIntBits(Vectors.get(expected.address() + 4L * j)));
        }
      }
    }
  }

  @Test
  void nanStays() {
    FloatArray x = new FloatArray(20).fill(i -> i == 19 ? Double.NaN : 1);
    FloatArray w = new FloatArray(60).fill(i -> -1);
    FloatArray packed = packed(3, 20);
    FloatArray y = new FloatArray(3);
    PackedRow.pack(w.address(), 3, 20, packed.address());
    PackedRow.run(x.address(), packed.address(), 0, true, 3, 20, y.address());
    for (int j = 0; j < 3; j++) {
      assertThat(Vectors.get(y.address() + 4L * j)).isNaN();
    }
  }

  @Test
  void allocatesNothing() {
    FloatArray x = new FloatArray(50).fill(i -> i);
    FloatArray packed = packed(37, 50);
    FloatArray y = new FloatArray(37);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = 1;
    for (int window = 0; window < 1000 && bytes > 0; window++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        PackedRow.run(x.address(), packed.address(), 0, false, 37, 50, y.address());
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(bytes).isZero();
  }
}
