package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

/** Random operands of a convolution, on the heap and in guarded native memory. */
final class ConvData {
  final float[] x;
  final float[] w;
  final float[] b;
  final float[] gy;
  final ConvMemory nx;
  final ConvMemory nw;
  final ConvMemory nb;
  final ConvMemory ngy;

  ConvData(ConvShape s) {
    x = ConvMemory.random(s.n() * s.ci() * s.h() * s.w(), 1);
    w = ConvMemory.random(s.co() * (s.ci() / s.groups()) * s.kh() * s.kw(), 2);
    b = ConvMemory.random(s.co(), 3);
    gy = ConvMemory.random(s.n() * s.co() * s.oh() * s.ow(), 4);
    nx = ConvMemory.of(x);
    nw = ConvMemory.of(w);
    nb = ConvMemory.of(b);
    ngy = ConvMemory.of(gy);
  }

  /** Within 1e-5 of the largest expected value (at least of 1), and nothing written outside. */
  static void close(double[] want, ConvMemory got) {
    double scale = 1;
    for (double v : want) {
      scale = Math.max(scale, Math.abs(v));
    }
    float[] values = got.floats();
    for (int i = 0; i < want.length; i++) {
      if (!(Math.abs(values[i] - want[i]) <= 1e-5 * scale)) {
        assertThat((double) values[i])
            .as("element %d of %d", i, want.length)
            .isCloseTo(want[i], org.assertj.core.api.Assertions.within(1e-5 * scale));
      }
    }
    assertThat(got.intact()).as("memory around the result").isTrue();
  }
}
