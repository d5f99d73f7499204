package dev.harpia.simd;

import static dev.harpia.simd.RowCases.fill;
import static dev.harpia.simd.RowCases.floats;
import static dev.harpia.simd.RowCases.normal;

import java.util.Arrays;
import java.util.List;

/** Batch, group and instance normalisation, and rows of unit length. */
final class ChannelCases {
  private static final float EPSILON = 1e-5f;

  private ChannelCases() {}

  static void add(List<RowCase> cases, int s) {
    batchNorm(cases, 7, 5, s);
    groupNorm(cases, 3, 6, 2, s);
    groupNorm(cases, 3, 4, 4, s + 3);
    unitNorm(cases, 4, s);
  }

  private static void batchNorm(List<RowCase> cases, int n, int c, int s) {
    String name = "batchNorm [%d, %d, %d]".formatted(n, c, s);
    float[] x = shifted(s, n * c * s);
    float[] g = normal(s + 1, x.length);
    float[] w = normal(2, c);
    float[] b = normal(3, c);
    double count = (double) n * s;
    double[] mean = new double[c];
    double[] variance = new double[c];
    for (int i = 0; i < x.length; i++) {
      mean[i / s % c] += x[i] / count;
    }
    for (int i = 0; i < x.length; i++) {
      variance[i / s % c] += Math.pow(x[i] - mean[i / s % c], 2) / count;
    }
    double[] rstd = fill(c, k -> 1 / Math.sqrt(variance[k] + EPSILON));
    double[] h = fill(x.length, i -> (x[i] - mean[i / s % c]) * rstd[i / s % c]);
    cases.add(
        new RowCase(
            name + " statistics",
            List.of(x),
            List.of(mean, variance),
            3e-6,
            false,
            (in, out, add) -> BatchNorm.statistics(out[0], out[1], in[0], n, c, s)));
    cases.add(
        new RowCase(
            name,
            List.of(x, floats(mean), floats(rstd), w, b),
            List.of(fill(x.length, i -> h[i] * w[i / s % c] + b[i / s % c])),
            4e-6,
            false,
            (in, out, add) ->
                BatchNorm.forward(out[0], in[0], in[1], in[2], in[3], in[4], n, c, s)));
    double[] gw = new double[c];
    double[] gb = new double[c];
    for (int i = 0; i < x.length; i++) {
      gw[i / s % c] += g[i] * h[i];
      gb[i / s % c] += g[i];
    }
    for (boolean training : new boolean[] {true, false}) {
      double[] gx =
          fill(
              x.length,
              i -> {
                int k = i / s % c;
                double centred = training ? g[i] - gb[k] / count - h[i] * gw[k] / count : g[i];
                return rstd[k] * w[k] * centred;
              });
      cases.add(
          new RowCase(
              name + " backward" + (training ? " training" : ""),
              List.of(g, x, floats(mean), floats(rstd), w),
              List.of(gx, gw, gb),
              2e-5,
              true,
              (in, out, add) ->
                  BatchNorm.backward(
                      out[0], out[1], out[2], in[0], in[1], in[2], in[3], in[4], training, n, c, s,
                      add, add, add)));
    }
  }

  private static void groupNorm(List<RowCase> cases, int n, int c, int groups, int s) {
    String name = "groupNorm [%d, %d, %d] in %d".formatted(n, c, s, groups);
    float[] x = shifted(s, n * c * s);
    float[] g = normal(s + 1, x.length);
    float[] w = normal(2, c);
    float[] b = normal(3, c);
    int d = c / groups * s;
    double[] mean = RowCases.columns(x, n * groups, d, 1, v -> ReductionCases.sum(v) / d);
    double[] rstd =
        RowCases.columns(
            x,
            n * groups,
            d,
            1,
            v -> 1 / Math.sqrt(ReductionCases.variance(v) * (d - 1) / d + EPSILON));
    if (d == 1) {
      return;
    }
    double[] h = fill(x.length, i -> (x[i] - mean[i / d]) * rstd[i / d]);
    double[] gh = fill(x.length, i -> g[i] * w[i / s % c]);
    double[] sum = new double[n * groups];
    double[] cross = new double[n * groups];
    double[] gw = new double[c];
    double[] gb = new double[c];
    for (int i = 0; i < x.length; i++) {
      sum[i / d] += gh[i] / d;
      cross[i / d] += gh[i] * h[i] / d;
      gw[i / s % c] += g[i] * h[i];
      gb[i / s % c] += g[i];
    }
    double largest = Math.max(1, Arrays.stream(rstd).max().getAsDouble());
    cases.add(
        new RowCase(
            name,
            List.of(x, w, b),
            List.of(fill(x.length, i -> h[i] * w[i / s % c] + b[i / s % c]), mean, rstd),
            4e-6 * largest,
            false,
            (in, out, add) ->
                GroupNorm.forward(
                    out[0], out[1], out[2], in[0], in[1], in[2], n, c, groups, s, EPSILON)));
    cases.add(
        new RowCase(
            name + " backward",
            List.of(g, x, floats(mean), floats(rstd), w),
            List.of(
                fill(x.length, i -> rstd[i / d] * (gh[i] - sum[i / d] - h[i] * cross[i / d])),
                gw,
                gb),
            3e-5 * largest,
            true,
            (in, out, add) ->
                GroupNorm.backward(
                    out[0], out[1], out[2], in[0], in[1], in[2], in[3], in[4], n, c, groups, s, add,
                    add, add)));
  }

  private static void unitNorm(List<RowCase> cases, int rows, int d) {
    float[] x = normal(d, rows * d);
    Arrays.fill(x, d, 2 * d, 1e-9f / d);
    float[] g = normal(d + 1, x.length);
    float epsilon = 1e-6f;
    double[] scale =
        RowCases.columns(
            x,
            rows,
            d,
            1,
            v -> 1 / Math.max(Math.sqrt(Arrays.stream(v).map(a -> a * a).sum()), epsilon));
    double[] y = fill(x.length, i -> x[i] * scale[i / d]);
    double[] dot = new double[rows];
    for (int i = 0; i < x.length; i++) {
      dot[i / d] += i / d == 1 ? 0 : g[i] * y[i];
    }
    cases.add(
        new RowCase(
            "unitNorm [%d, %d]".formatted(rows, d),
            List.of(x),
            List.of(y, scale),
            1e-6,
            false,
            (in, out, add) -> UnitNorm.forward(out[0], out[1], in[0], rows, d, epsilon)));
    cases.add(
        new RowCase(
            "unitNorm backward [%d, %d]".formatted(rows, d),
            List.of(g, floats(y), floats(scale)),
            List.of(fill(x.length, i -> (float) scale[i / d] * (g[i] - y[i] * dot[i / d]))),
            4e-6 * Math.max(1, scale[0]),
            true,
            (in, out, add) ->
                UnitNorm.backward(out[0], in[0], in[1], in[2], rows, d, epsilon, add)));
  }

  private static float[] shifted(int seed, int n) {
    float[] x = normal(seed, n);
    for (int i = 0; i < n; i++) {
      x[i] = 2 * x[i] + 1;
    }
    return x;
  }
}
