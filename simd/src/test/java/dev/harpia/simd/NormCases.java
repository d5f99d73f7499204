package dev.harpia.simd;

import static dev.harpia.simd.RowCases.column;
import static dev.harpia.simd.RowCases.columns;
import static dev.harpia.simd.RowCases.fill;
import static dev.harpia.simd.RowCases.floats;
import static dev.harpia.simd.RowCases.normal;

import java.util.Arrays;
import java.util.List;

/** Layer normalisation and its relatives. */
final class NormCases {
  private static final float EPSILON = 1e-5f;

  private NormCases() {}

  static void add(List<RowCase> cases, int n) {
    if (n > 1) {
      for (int affine = 0; affine < 3; affine++) {
        layerNorm(cases, 5, n, affine, false);
      }
      layerNorm(cases, 5, n, 0, true);
      layerNorm(cases, 5, n, 1, true);
    }
    weightGradient(cases, 130, n);
  }

  /** Affine: 0 neither weight nor bias, 1 weight, 2 both. */
  private static void layerNorm(List<RowCase> cases, int rows, int d, int affine, boolean rms) {
    String name =
        (rms ? "rmsNorm" : "layerNorm") + " [%d, %d] affine %d".formatted(rows, d, affine);
    float[] x = normal(d, rows * d);
    for (int i = 0; i < x.length; i++) {
      x[i] += 2;
    }
    float[] w = normal(1, d);
    float[] b = normal(2, d);
    float[] g = normal(3, x.length);
    double[] mean = columns(x, rows, d, 1, c -> rms ? 0 : ReductionCases.sum(c) / d);
    double[] rstd = new double[rows];
    for (int r = 0; r < rows; r++) {
      double m = mean[r];
      double squares = Arrays.stream(column(x, r, 0, d, 1)).map(v -> (v - m) * (v - m)).sum();
      rstd[r] = 1 / Math.sqrt(squares / d + EPSILON);
    }
    double largest = Arrays.stream(rstd).max().getAsDouble();
    double[] h = fill(x.length, i -> (x[i] - mean[i / d]) * rstd[i / d]);
    double[] y =
        fill(x.length, i -> h[i] * (affine > 0 ? w[i % d] : 1) + (affine > 1 ? b[i % d] : 0));
    cases.add(
        new RowCase(
            name,
            List.of(x, w, b),
            rms ? List.of(y, rstd) : List.of(y, rstd, mean),
            3e-6 * Math.max(1, largest),
            false,
            (in, out, add) -> {
              long weight = affine > 0 ? in[1] : 0;
              if (rms) {
                LayerNorm.rmsForward(out[0], out[1], in[0], weight, rows, d, EPSILON);
              } else {
                LayerNorm.forward(
                    out[0],
                    out[2],
                    out[1],
                    in[0],
                    weight,
                    affine > 1 ? in[2] : 0,
                    rows,
                    d,
                    EPSILON);
              }
            }));
    double[] gw = fill(x.length, i -> g[i] * (affine > 0 ? w[i % d] : 1));
    double[] gx = new double[x.length];
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      double cross = 0;
      for (int i = r * d; i < (r + 1) * d; i++) {
        sum += rms ? 0 : gw[i];
        cross += gw[i] * h[i];
      }
      for (int i = r * d; i < (r + 1) * d; i++) {
        gx[i] = rstd[r] * (gw[i] - sum / d - h[i] * cross / d);
      }
    }
    cases.add(
        new RowCase(
            name + " backward",
            List.of(g, x, floats(mean), floats(rstd), w),
            List.of(gx),
            4e-6 * Math.max(1, largest),
            true,
            (in, out, add) -> {
              long weight = affine > 0 ? in[4] : 0;
              if (rms) {
                LayerNorm.rmsBackward(out[0], in[0], in[1], in[3], weight, rows, d, add);
              } else {
                LayerNorm.backward(out[0], in[0], in[1], in[2], in[3], weight, rows, d, add);
              }
            }));
  }

  private static void weightGradient(List<RowCase> cases, int rows, int d) {
    float[] g = normal(d, rows * d);
    float[] x = normal(d + 1, rows * d);
    float[] mean = normal(d + 2, rows);
    float[] rstd = normal(d + 3, rows);
    double[] gw = new double[d];
    double[] gb = new double[d];
    for (int i = 0; i < g.length; i++) {
      gw[i % d] += g[i] * (double) (x[i] - mean[i / d]) * rstd[i / d];
      gb[i % d] += g[i];
    }
    cases.add(
        new RowCase(
            "layerNorm weights [%d, %d]".formatted(rows, d),
            List.of(g, x, mean, rstd),
            List.of(gw, gb),
            2e-5,
            true,
            (in, out, add) -> {
              LayerNorm.weightGradient(out[0], in[0], in[1], in[2], in[3], rows, d, add);
              LayerNorm.biasGradient(out[1], in[0], rows, d, add);
            }));
  }
}
