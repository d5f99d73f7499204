package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RotaryTest {
  @Test
  void equalsTheReference() {
    List<Goldens.Case> cases = Goldens.of("RotaryEmbedding");
    assertThat(cases).isNotEmpty();
    for (Goldens.Case c : cases) {
      boolean interleaved = String.valueOf(c.params().get("layout")).startsWith("interleaved");
      var m = new Guarded();
      HeadLayout l = HeadLayout.split(2, 6, 6);
      long cos = m.empty(18);
      long sin = m.empty(18);
      Rotary.tables(cos, sin, 6, 6, 10000);
      long y = m.empty(144);
      Rotary.turn(y, l, m.of(c.get("in.x")), l, cos, sin, 2, 2, 6, 6, 0, interleaved, false, false);
      Guarded.close(
          c.file(), Guarded.read(y, 144), Guarded.doubles(c.get("out.y")), c.rtol(), c.atol());
      Rotary.turn(
          y, l, m.of(c.get("gout.y")), l, cos, sin, 2, 2, 6, 6, 0, interleaved, true, false);
      Guarded.close(
          c.file(), Guarded.read(y, 144), Guarded.doubles(c.get("gin.x")), c.rtol(), c.atol());
      m.check();
    }
  }

  @Test
  void everySizeFromEveryPositionThereAndBack() {
    for (int features : new int[] {2, 6, 16, 32, 34, 64, 70, 128}) {
      for (int mode = 0; mode < 4; mode++) {
        boolean interleaved = (mode & 1) != 0;
        boolean add = (mode & 2) != 0;
        int half = features / 2;
        int steps = 3;
        int position = 5;
        var m = new Guarded();
        long cos = m.empty((long) 8 * half);
        long sin = m.empty((long) 8 * half);
        Rotary.tables(cos, sin, 8, features, 500);
        float[] x = Guarded.random(new SplittableRandom(features), steps * features, 1);
        double[] expected = new double[x.length];
        for (int t = 0; t < steps; t++) {
          for (int p = 0; p < half; p++) {
            double angle = (position + t) * Math.pow(500, -2.0 * p / features);
            int i = t * features + (interleaved ? 2 * p : p);
            int j = t * features + (interleaved ? 2 * p + 1 : p + half);
            expected[i] = x[i] * Math.cos(angle) - x[j] * Math.sin(angle) + (add ? 1 : 0);
            expected[j] = x[j] * Math.cos(angle) + x[i] * Math.sin(angle) + (add ? 1 : 0);
          }
        }
        float[] ones = new float[x.length];
        java.util.Arrays.fill(ones, 1);
        long y = add ? m.of(ones) : m.empty(x.length);
        HeadLayout l = HeadLayout.split(1, steps, features);
        Rotary.turn(
            y, l, m.of(x), l, cos, sin, 1, 1, steps, features, position, interleaved, false, add);
        Guarded.close("features " + features, Guarded.read(y, x.length), expected, 1e-6, 0);
        if (!add) {
          Rotary.turn(
              y, l, y, l, cos, sin, 1, 1, steps, features, position, interleaved, true, false);
          Guarded.close("back " + features, Guarded.read(y, x.length), Guarded.doubles(x), 1e-6, 0);
        }
        m.check();
      }
    }
  }

  @Test
  void oddFeaturesAreRefused() {
    assertThatThrownBy(() -> Rotary.tables(0, 0, 1, 7, 10000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rotary: 7 features: must be even and at least 2");
  }
}
