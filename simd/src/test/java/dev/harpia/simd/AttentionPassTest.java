package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AttentionPassTest {
  @Test
  void equalsPyTorch() {
    List<Goldens.Case> cases = Goldens.of("ScaledDotProductAttention");
    assertThat(cases).isNotEmpty();
    int[][] sizes = {{3, 3, 5}, {2, 5, 6}, {1, 3, 4}};
    for (int i = 0; i < cases.size(); i++) {
      Goldens.Case c = cases.get(i);
      int b = sizes[i][0];
      int t = sizes[i][1];
      int d = sizes[i][2];
      var test =
          new AttentionCase(
              b, c.integer("query_heads"), c.integer("kv_heads"), t, t, d, c.flag("causal"), 0);
      test.q = c.get("in.q");
      test.k = c.get("in.k");
      test.v = c.get("in.v");
      test.gy = c.get("gout.y");
      test.run(false);
      test.close(
          c.file() + " y",
          test.read(test.pass.y, c.get("out.y").length),
          c.get("out.y"),
          c.rtol(),
          c.atol());
      test.close(
          c.file() + " gq",
          test.read(test.pass.gq, test.q.length),
          c.get("gin.q"),
          c.rtol(),
          c.atol());
      test.close(
          c.file() + " gk",
          test.read(test.pass.gk, test.k.length),
          c.get("gin.k"),
          c.rtol(),
          c.atol());
      test.close(
          c.file() + " gv",
          test.read(test.pass.gv, test.v.length),
          c.get("gin.v"),
          c.rtol(),
          c.atol());
    }
  }

  @Test
  void equalsTheFormulaAtOddSizes() {
    int[][] sizes = {
      {1, 1, 1, 1, 1, 1},
      {1, 2, 2, 5, 7, 3},
      {2, 2, 1, 17, 33, 16},
      {1, 4, 2, 66, 70, 24},
      {2, 1, 1, 64, 64, 64},
      {1, 3, 3, 2, 130, 65},
      {1, 2, 1, 1, 37, 20},
      {1, 2, 2, 1, 64, 32},
      {1, 1, 1, 200, 31, 8}
    };
    for (int[] s : sizes) {
      for (int mode = 0; mode < 8; mode++) {
        boolean causal = (mode & 1) != 0;
        int offset = causal && (mode & 2) != 0 ? s[4] - s[3] : 0;
        var test = new AttentionCase(s[0], s[1], s[2], s[3], s[4], s[5], causal, offset);
        test.fused = (mode & 4) != 0;
        test.random(new SplittableRandom(mode));
        test.run(true);
        test.compareWithFormula();
      }
    }
  }

  @Test
  void masksBiasesAndReturnedWeights() {
    for (int mode = 1; mode < 32; mode++) {
      var test = new AttentionCase(2, 4, 2, 19, 35, 12, (mode & 16) != 0, 16);
      test.random(new SplittableRandom(mode));
      var random = new SplittableRandom(99);
      if ((mode & 1) != 0) {
        test.bias(random, mode % 3);
      }
      if ((mode & 2) != 0) {
        test.blocked(random);
      }
      if ((mode & 4) != 0) {
        test.padding(random);
      }
      test.wantWeights = (mode & 8) != 0;
      test.run(true);
      test.compareWithFormula();
    }
  }

  @Test
  void aQueryThatSeesNothingGivesZerosAndNoGradient() {
    var test = new AttentionCase(1, 1, 1, 3, 4, 5, false, 0);
    test.random(new SplittableRandom(1));
    test.blockRow(1);
    test.wantWeights = true;
    test.run(true);
    assertThat(Guarded.read(test.pass.y + 4 * 5, 5)).containsOnly(0f);
    assertThat(Guarded.read(test.pass.weights + 4 * 4, 4)).containsOnly(0f);
    assertThat(Guarded.read(test.pass.gq + 4 * 5, 5)).containsOnly(0f);
  }

  @Test
  void nanShows() {
    var test = new AttentionCase(1, 1, 1, 3, 20, 5, false, 0);
    test.random(new SplittableRandom(1));
    test.q[7] = Float.NaN;
    test.run(false);
    assertThat(Guarded.read(test.pass.y, 5)).doesNotContain(Float.NaN);
    assertThat(Guarded.read(test.pass.y + 4 * 5, 5)).containsOnly(Float.NaN);
  }

  @Test
  void gradientsAddWhereAsked() {
    var once = new AttentionCase(2, 2, 1, 9, 9, 7, true, 0);
    once.random(new SplittableRandom(5));
    once.run(true);
    float[] gk = Guarded.read(once.pass.gk, once.k.length);
    float[] gq = Guarded.read(once.pass.gq, once.q.length);
    float[] gv = Guarded.read(once.pass.gv, once.v.length);
    once.pass.addQ = true;
    once.pass.addK = true;
    once.pass.addV = true;
    once.pass.backward();
    doubled(gq, Guarded.read(once.pass.gq, gq.length));
    doubled(gk, Guarded.read(once.pass.gk, gk.length));
    doubled(gv, Guarded.read(once.pass.gv, gv.length));
  }

  private static void doubled(float[] before, float[] after) {
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i]).isEqualTo(2 * before[i]);
    }
  }

  @Test
  void aPartlyFilledCacheIsReadOnlyAsFarAsItIsFilled() {
    int capacity = 50;
    int heads = 3;
    int d = 32;
    var random = new SplittableRandom(3);
    var m = new Guarded();
    var shape =
        new AttentionShape(
            1,
            heads,
            heads,
            1,
            capacity,
            d,
            0.2f,
            false,
            HeadLayout.split(heads, 1, d),
            HeadLayout.split(heads, capacity, d),
            HeadLayout.split(heads, capacity, d),
            HeadLayout.split(heads, 1, d));
    var pass = new AttentionPass(shape);
    float[] k = Guarded.random(random, heads * capacity * d, 1);
    float[] v = Guarded.random(random, heads * capacity * d, 1);
    int filled = 21;
    for (int h = 0; h < heads; h++) {
      for (int j = filled * d; j < capacity * d; j++) {
        k[h * capacity * d + j] = Float.NaN;
        v[h * capacity * d + j] = Float.NaN;
      }
    }
    float[] q = Guarded.random(random, heads * d, 1);
    pass.q = m.of(q);
    pass.k = m.of(k);
    pass.v = m.of(v);
    pass.y = m.empty((long) heads * d);
    pass.keys = filled;
    pass.forward();
    for (int h = 0; h < heads; h++) {
      double[] weights = new double[filled];
      double sum = 0;
      for (int j = 0; j < filled; j++) {
        double s = 0;
        for (int e = 0; e < d; e++) {
          s += (double) q[h * d + e] * k[(h * capacity + j) * d + e];
        }
        weights[j] = Math.exp(s * 0.2f);
        sum += weights[j];
      }
      double[] expected = new double[d];
      for (int j = 0; j < filled; j++) {
        for (int e = 0; e < d; e++) {
          expected[e] += weights[j] / sum * v[(h * capacity + j) * d + e];
        }
      }
      Guarded.close("head " + h, Guarded.read(pass.y + 4L * h * d, d), expected, 2e-6, 0);
    }
    m.check();
  }
}
