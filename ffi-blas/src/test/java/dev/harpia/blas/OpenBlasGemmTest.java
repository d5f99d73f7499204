package dev.harpia.blas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.harpia.simd.Gemm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenBlasGemmTest {
  private static Gemm gemm;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    gemm = Packaged.loaded().gemm();
  }

  @Test
  void saysWhatItIs() {
    OpenBlas library = Packaged.loaded();
    assertThat(gemm.name()).isEqualTo("openblas-0.3.31");
    assertThat(library.version()).isEqualTo("0.3.31");
    assertThat(library.config()).startsWith("OpenBLAS 0.3.31 ");
    assertThat(library.coreName()).isNotBlank();
    assertThat(library.threads()).isEqualTo(1);
    assertThat(library.path()).exists();
    assertThat(library.callers())
        .isBetween(1, Math.min(63, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * Every transpose, odd and even sizes, padded rows, and alpha and beta that are special to the
   * library.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 13, 16, 17, 31, 32, 33, 64, 100})
  void equalsTheDoubleReference(int size) {
    Random random = new Random(size);
    for (int transposes = 0; transposes < 4; transposes++) {
      for (float beta : new float[] {0, 1, -0.5f}) {
        for (float alpha : new float[] {0, 1, 2.5f}) {
          int m = size;
          int n = 1 + random.nextInt(2 * size);
          int k = 1 + random.nextInt(2 * size);
          check(
              (transposes & 1) != 0,
              (transposes & 2) != 0,
              m,
              n,
              k,
              alpha,
              beta,
              random.nextInt(4),
              random);
        }
      }
    }
  }

  /** One row or one column is another function inside the library. */
  @Test
  void vectorsEqualTheDoubleReference() {
    Random random = new Random(7);
    for (int transposes = 0; transposes < 4; transposes++) {
      for (int[] shape :
          new int[][] {
            {1, 40, 30}, {40, 1, 30}, {1, 1, 30}, {40, 30, 1}, {1, 300, 200}, {300, 1, 200}
          }) {
        for (float beta : new float[] {0, 1}) {
          boolean ta = (transposes & 1) != 0;
          boolean tb = (transposes & 2) != 0;
          check(ta, tb, shape[0], shape[1], shape[2], 1, beta, 0, random);
          check(ta, tb, shape[0], shape[1], shape[2], 1, beta, 3, random);
        }
      }
    }
  }

  /**
   * The promise of equal bits for any number of threads rests on this: a thread's part of C may lie
   * anywhere.
   */
  @Test
  void theBitsDoNotDependOnTheAddress() {
    Random random = new Random(3);
    for (int[] shape :
        new int[][] {{7, 9, 5}, {33, 31, 70}, {128, 96, 200}, {1, 257, 300}, {257, 1, 300}}) {
      int m = shape[0];
      int n = shape[1];
      int k = shape[2];
      for (int transposes = 0; transposes < 4; transposes++) {
        boolean ta = (transposes & 1) != 0;
        boolean tb = (transposes & 2) != 0;
        float[] a = floats(random, m * k);
        float[] b = floats(random, k * n);
        float[] first = at(0, ta, tb, m, n, k, a, b);
        for (int shift = 1; shift < 16; shift += 3) {
          assertThat(at(shift, ta, tb, m, n, k, a, b)).isEqualTo(first);
        }
      }
    }
  }

  private static float[] at(
      int shift, boolean ta, boolean tb, int m, int n, int k, float[] a, float[] b) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sa =
          arena.allocate(4L * (a.length + 16), 64).asSlice(4L * shift, 4L * a.length);
      MemorySegment sb =
          arena.allocate(4L * (b.length + 16), 64).asSlice(4L * (15 - shift), 4L * b.length);
      MemorySegment sc =
          arena.allocate(4L * (m * n + 16), 64).asSlice(4L * (shift / 2), 4L * m * n);
      sa.copyFrom(MemorySegment.ofArray(a));
      sb.copyFrom(MemorySegment.ofArray(b));
      gemm.multiply(
          ta,
          tb,
          m,
          n,
          k,
          1,
          sa.address(),
          ta ? m : k,
          sb.address(),
          tb ? k : n,
          0,
          sc.address(),
          n);
      return sc.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  @Test
  void anEmptySumScalesOnly() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment c = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3, 4);
      gemm.multiply(false, false, 2, 2, 0, 1, c.address(), 0, c.address(), 2, 0.5f, c.address(), 2);
      assertThat(c.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(0.5f, 1, 1.5f, 2);
      gemm.multiply(false, false, 2, 2, 0, 1, c.address(), 0, c.address(), 2, 0, c.address(), 2);
      assertThat(c.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(0, 0, 0, 0);
      gemm.multiply(false, false, 0, 2, 2, 1, c.address(), 2, c.address(), 2, 0, c.address(), 2);
      gemm.multiply(false, false, 2, 0, 2, 1, c.address(), 2, c.address(), 0, 0, c.address(), 0);
    }
  }

  @Test
  void aLeadingDimensionThatIsTooSmallThrows() {
    assertThatThrownBy(() -> gemm.multiply(false, false, 2, 3, 4, 1, 0, 3, 0, 3, 0, 0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gemm: A stored [2, 4]: leading dimension 3 must be at least 4");
    assertThatThrownBy(() -> gemm.multiply(false, true, 2, 3, 4, 1, 0, 4, 0, 3, 0, 0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gemm: B stored [3, 4]: leading dimension 3 must be at least 4");
    assertThatThrownBy(() -> gemm.multiply(false, false, 2, 3, 4, 1, 0, 4, 0, 3, 0, 0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gemm: C stored [2, 3]: leading dimension 2 must be at least 3");
  }

  @Test
  void aThousandThreadsGetTheBitsOfOneThread() throws Exception {
    for (String kind : new String[] {"platform", "virtual"}) {
      ChildJvm.Result result =
          new ChildJvm(folder)
              .packaged()
              .flag("-Dharpia.cache=" + Packaged.cache(), "-Dharpia.blas=required")
              .run(Storm.class, kind);
      assertThat(result.out()).contains("different 0 of 10000");
      assertThat(result.exit()).isZero();
    }
  }

  @Test
  void allocatesNothing() throws Exception {
    for (int jvm = 0; jvm < 3; jvm++) {
      ChildJvm.Result result =
          new ChildJvm(folder)
              .packaged()
              .flag("-Dharpia.cache=" + Packaged.cache(), "-Dharpia.blas=required")
              .run(Allocation.class);
      assertThat(result.out()).contains("steady");
      assertThat(result.exit()).isZero();
    }
  }

  private static void check(
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      float alpha,
      float beta,
      int pad,
      Random random) {
    int lda = (ta ? m : k) + pad;
    int ldb = (tb ? k : n) + pad;
    int ldc = n + pad;
    float[] a = floats(random, (ta ? k : m) * lda);
    float[] b = floats(random, (tb ? n : k) * ldb);
    float[] c = floats(random, m * ldc);
    if (beta == 0) {
      Arrays.fill(c, Float.NaN); // must be written, never read
    }
    float[] result;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sa = arena.allocateFrom(ValueLayout.JAVA_FLOAT, a);
      MemorySegment sb = arena.allocateFrom(ValueLayout.JAVA_FLOAT, b);
      MemorySegment sc = arena.allocateFrom(ValueLayout.JAVA_FLOAT, c);
      gemm.multiply(
          ta, tb, m, n, k, alpha, sa.address(), lda, sb.address(), ldb, beta, sc.address(), ldc);
      result = sc.toArray(ValueLayout.JAVA_FLOAT);
    }
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < ldc; j++) {
        int at = i * ldc + j;
        if (j >= n) {
          if (Float.floatToRawIntBits(result[at]) != Float.floatToRawIntBits(c[at])) {
            fail("wrote over the padding of row %d", i);
          }
          continue;
        }
        double sum = 0;
        double magnitude = 0;
        for (int l = 0; l < k; l++) {
          double term =
              (double) a[ta ? l * lda + i : i * lda + l] * b[tb ? j * ldb + l : l * ldb + j];
          sum += term;
          magnitude += Math.abs(term);
        }
        double old = beta == 0 ? 0 : (double) beta * c[at];
        double expected = alpha * sum + old;
        // (k + 3) roundings of half an ULP each, relative to the sum of magnitudes
        double tolerance = (k + 3) * 6e-8 * (Math.abs(alpha) * magnitude + Math.abs(old)) + 1e-30;
        if (!(Math.abs(result[at] - expected) <= tolerance)) {
          fail(
              "ta %s tb %s m %d n %d k %d alpha %s beta %s pad %d at [%d, %d]: %s, expected %s ±"
                  + " %s",
              ta, tb, m, n, k, alpha, beta, pad, i, j, result[at], expected, tolerance);
        }
      }
    }
  }

  private static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }
}
