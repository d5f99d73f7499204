package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Products against a sum in double precision, over every remainder, transpose and scale. */
class VectorGemmTest {
  /** Tile remainders in m and n, both sides of vector and block boundaries, and nothing at all. */
  static List<int[]> shapes() {
    var shapes = new ArrayList<int[]>();
    for (int m : new int[] {0, 1, 2, 3, 5, 7, 11, 12, 13, 25}) {
      for (int n : new int[] {0, 1, 3, 8, 15, 16, 17, 31, 33, 48, 63, 80, 95}) {
        for (int k : new int[] {0, 1, 2, 9}) {
          shapes.add(new int[] {m, n, k});
        }
      }
    }
    shapes.add(new int[] {130, 70, 20});
    shapes.add(new int[] {241, 513, 257});
    shapes.add(new int[] {7, 600, 600});
    return shapes;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void equalsTheSumInDouble(int[] shape) {
    for (int transposes = 0; transposes < 4; transposes++) {
      boolean ta = (transposes & 1) != 0;
      boolean tb = (transposes & 2) != 0;
      for (float beta : new float[] {0, 1, -0.5f}) {
        for (float alpha : new float[] {1, 0.3f}) {
          new GemmCase(ta, tb, shape[0], shape[1], shape[2], alpha, beta, 3).check();
        }
      }
    }
  }

  /** Operands too large to be read as they lie. */
  @ParameterizedTest
  @CsvSource({"false, false, 130, 1030, 520", "true, false, 1030, 130, 520"})
  void equalsTheSumInDoubleBeyondTheCache(boolean ta, boolean tb, int m, int n, int k) {
    new GemmCase(ta, tb, m, n, k, 1, 0, 0).check();
  }

  @Test
  void alphaZeroDoesNotReadTheOperands() {
    var c = new GemmCase(false, false, 3, 5, 4, 0, 1, 0);
    float[] before = c.c();
    c.run(0, false);
    assertThat(c.c()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"7, 37, 11", "64, 64, 64", "150, 100, 300"})
  void addsBiasAndClampsInOneGo(int m, int n, int k) {
    new GemmCase(false, true, m, n, k, 1, 0, 2).checkAffine();
  }

  @Test
  void reluKeepsNaN() {
    var c = new GemmCase(false, false, 1, 2, 1, 1, 0, 0);
    c.a(0, Float.NaN);
    c.run(0, true);
    assertThat(c.c()).containsExactly(Float.NaN, Float.NaN);
  }

  @ParameterizedTest
  @CsvSource({"61, 150, 70", "200, 530, 300"})
  void piecesHaveTheBitsOfTheWhole(int m, int n, int k) {
    for (int transposes = 0; transposes < 4; transposes++) {
      boolean ta = (transposes & 1) != 0;
      boolean tb = (transposes & 2) != 0;
      var c = new GemmCase(ta, tb, m, n, k, 1, 0, 1);
      c.run(0, false);
      float[] whole = c.c();
      for (int rows : new int[] {1, 5, 12, 40}) {
        c.clear();
        c.runInPieces(rows, 29);
        assertThat(c.c()).isEqualTo(whole);
      }
    }
  }
}
