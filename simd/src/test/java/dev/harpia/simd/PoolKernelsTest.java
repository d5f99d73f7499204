package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pools against their definition. Maxima are exact; averages within 1e-6 of the largest value. */
class PoolKernelsTest {
  static Stream<PoolShape> shapes() {
    return Stream.of(
        PoolShape.max(3, 26, 26, 2, 2, 2, 2, 0, 0, 1, 1, false),
        PoolShape.max(5, 11, 11, 2, 2, 2, 2, 0, 0, 1, 1, false),
        PoolShape.max(2, 9, 70, 2, 2, 2, 2, 0, 0, 1, 1, false),
        PoolShape.max(2, 9, 69, 2, 2, 2, 2, 0, 0, 1, 1, true),
        PoolShape.max(2, 17, 33, 3, 3, 2, 2, 1, 1, 1, 1, false),
        PoolShape.max(2, 8, 9, 3, 3, 1, 1, 1, 1, 1, 1, false),
        PoolShape.max(2, 8, 12, 2, 3, 1, 2, 0, 0, 1, 1, false),
        PoolShape.max(2, 9, 9, 2, 2, 2, 2, 0, 0, 2, 2, false),
        PoolShape.max(2, 10, 10, 3, 3, 2, 2, 0, 0, 1, 1, true),
        PoolShape.max(2, 11, 13, 4, 4, 3, 3, 2, 2, 1, 1, true),
        PoolShape.max(2, 1, 19, 1, 3, 1, 2, 0, 1, 1, 1, false),
        PoolShape.max(1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, false),
        PoolShape.max(1, 7, 7, 3, 3, 2, 2, 1, 1, 3, 2, true),
        PoolShape.average(2, 11, 9, 2, 2, 2, 2, 0, 0, false, true, 0),
        PoolShape.average(2, 11, 9, 3, 3, 2, 2, 1, 1, false, false, 0),
        PoolShape.average(2, 11, 9, 3, 3, 2, 2, 1, 1, true, true, 0),
        PoolShape.average(2, 10, 10, 3, 3, 2, 2, 1, 1, true, false, 0),
        PoolShape.average(2, 10, 10, 2, 2, 2, 2, 0, 0, false, true, 3),
        PoolShape.average(3, 7, 7, 7, 7, 7, 7, 0, 0, false, true, 0),
        PoolShape.average(3, 1, 40, 1, 4, 1, 3, 0, 2, true, true, 0));
  }

  static Stream<PoolWindows> windows() {
    return Stream.concat(
        shapes(),
        Stream.of(
            new AdaptivePool(3, 7, 7, 1, 1),
            new AdaptivePool(2, 10, 7, 4, 4),
            new AdaptivePool(2, 7, 40, 2, 5),
            new AdaptivePool(2, 5, 5, 8, 7)));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void max(PoolWindows p) {
    float[] x = ConvMemory.random(p.planes() * p.h() * p.w(), 1);
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.round(x[i] * 4); // ties
      if (i % 23 == 5) {
        x[i] = Float.NaN;
      } else if (i % 7 == 3) {
        x[i] = Float.NEGATIVE_INFINITY;
      }
    }
    int count = p.planes() * p.oh() * p.ow();
    float[] want = new float[count];
    int[] wantAt = new int[count];
    int i = 0;
    for (int n = 0; n < p.planes(); n++) {
      for (int oy = 0; oy < p.oh(); oy++) {
        for (int ox = 0; ox < p.ow(); ox++, i++) {
          want[i] = Float.NEGATIVE_INFINITY;
          wantAt[i] = p.top(oy) * p.w() + p.left(ox);
          for (int iy = p.top(oy); iy < p.bottom(oy); iy += p.stepY()) {
            for (int ix = p.left(ox); ix < p.right(ox); ix += p.stepX()) {
              float v = x[(n * p.h() + iy) * p.w() + ix];
              if (v > want[i] || Float.isNaN(v)) {
                want[i] = v;
                wantAt[i] = iy * p.w() + ix;
              }
            }
          }
        }
      }
    }
    ConvMemory y = ConvMemory.empty(count);
    ConvMemory at = ConvMemory.empty(count);
    Pooling.max(p, ConvMemory.of(x).address(), y.address(), at.address());
    assertThat(y.floats()).isEqualTo(want);
    assertThat(at.ints()).isEqualTo(wantAt);
    assertThat(y.intact() && at.intact()).isTrue();
    ConvMemory values = ConvMemory.empty(count);
    Pooling.max(p, ConvMemory.of(x).address(), values.address());
    assertThat(values.floats()).isEqualTo(want);
    assertThat(values.intact()).isTrue();

    float[] gy = ConvMemory.random(count, 2);
    double[] gx = new double[x.length];
    for (i = 0; i < count; i++) {
      gx[i / (p.oh() * p.ow()) * p.h() * p.w() + wantAt[i]] += gy[i];
    }
    ConvMemory got = ConvMemory.empty(x.length);
    Pooling.maxBackward(p, ConvMemory.of(gy).address(), at.address(), got.address(), false);
    ConvData.close(gx, got);
    float[] before = ConvMemory.random(x.length, 3);
    got = ConvMemory.of(before);
    Pooling.maxBackward(p, ConvMemory.of(gy).address(), at.address(), got.address(), true);
    for (i = 0; i < gx.length; i++) {
      gx[i] += before[i];
    }
    ConvData.close(gx, got);
  }

  @ParameterizedTest
  @MethodSource("windows")
  void average(PoolWindows p) {
    if (p.stepX() != 1 || p.stepY() != 1) {
      return; // averages have no dilation
    }
    float[] x = ConvMemory.random(p.planes() * p.h() * p.w(), 1);
    int count = p.planes() * p.oh() * p.ow();
    float[] gy = ConvMemory.random(count, 2);
    double[] want = new double[count];
    double[] gx = new double[x.length];
    int i = 0;
    for (int n = 0; n < p.planes(); n++) {
      for (int oy = 0; oy < p.oh(); oy++) {
        for (int ox = 0; ox < p.ow(); ox++, i++) {
          for (int iy = p.top(oy); iy < p.bottom(oy); iy++) {
            for (int ix = p.left(ox); ix < p.right(ox); ix++) {
              int at = (n * p.h() + iy) * p.w() + ix;
              want[i] += x[at] / (double) p.divisor(oy, ox);
              gx[at] += gy[i] / (double) p.divisor(oy, ox);
            }
          }
        }
      }
    }
    ConvMemory y = ConvMemory.empty(count);
    Pooling.average(p, ConvMemory.of(x).address(), y.address());
    ConvData.close(want, y);
    ConvMemory got = ConvMemory.empty(x.length);
    Pooling.averageBackward(p, ConvMemory.of(gy).address(), got.address(), false);
    ConvData.close(gx, got);
    float[] before = ConvMemory.random(x.length, 3);
    got = ConvMemory.of(before);
    Pooling.averageBackward(p, ConvMemory.of(gy).address(), got.address(), true);
    for (i = 0; i < gx.length; i++) {
      gx[i] += before[i];
    }
    ConvData.close(gx, got);
  }

  @Test
  void sizesFollowTheField() {
    // a last window that would begin in the lower padding is left out, even when rounding up
    assertThat(PoolShape.max(1, 3, 3, 2, 2, 3, 3, 1, 1, 1, 1, true).oh()).isEqualTo(2);
    assertThat(PoolShape.max(1, 5, 5, 2, 2, 2, 2, 0, 0, 1, 1, true).oh()).isEqualTo(3);
    assertThat(PoolShape.max(1, 5, 5, 2, 2, 2, 2, 0, 0, 1, 1, false).oh()).isEqualTo(2);
    assertThatThrownBy(() -> PoolShape.max(1, 5, 5, 2, 2, 2, 2, 2, 0, 1, 1, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pool: padding 2×0: must be between 0 and half the kernel 2×2");
    assertThatThrownBy(() -> PoolShape.max(1, 1, 5, 2, 2, 2, 2, 0, 0, 1, 1, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("smaller than the kernel");
  }
}
