package dev.harpia.simd;

import static dev.harpia.simd.RowCases.INF;
import static dev.harpia.simd.RowCases.columns;
import static dev.harpia.simd.RowCases.fill;
import static dev.harpia.simd.RowCases.floats;
import static dev.harpia.simd.RowCases.map;
import static dev.harpia.simd.RowCases.normal;

import java.util.Arrays;
import java.util.List;

/** Softmax, log-softmax and cross-entropy. */
final class SoftmaxCases {
  private SoftmaxCases() {}

  static void add(List<RowCase> cases, int n) {
    float[] x = normal(n, 6 * n);
    for (int i = 0; i < x.length; i++) {
      x[i] *= 10;
    }
    softmax(cases, 6, n, 1, x, "");
    softmax(cases, 2, 3, n, x, "");
    softmax(cases, 1, n, 6, x, "");
    crossEntropy(cases, 6, n, x, 0, 0);
    crossEntropy(cases, 6, n, x, 0.1f, 0);
    crossEntropy(cases, 6, n, x, 0, 1);
    crossEntropy(cases, 6, n, x, 0.1f, 1);
  }

  /** Infinities, NaN, large and tiny numbers, blocks. */
  static void special(List<RowCase> cases) {
    float[] rows = {
      -INF, -INF, -INF, -INF, 1, -INF, -INF, 2, 1, Float.NaN, 0, 0, 1, INF, 0, 0, 1e30f, -1e30f, 0,
      1e30f, -88, -90, 0, -104
    };
    softmax(cases, 6, 4, 1, rows, " special");
    softmax(cases, 2, 4, 3, rows, " special");
    softmax(cases, 2, 9001, 1, normal(3, 18002), "");
    crossEntropy(cases, 2, 9001, normal(3, 18002), 0.1f, 1);
  }

  private static void softmax(
      List<RowCase> cases, int outer, int axis, int inner, float[] x, String kind) {
    String shape = " [%d, %d, %d]".formatted(outer, axis, inner) + kind;
    double[] y = map(x, outer, axis, inner, SoftmaxCases::softmax);
    double[] log = map(x, outer, axis, inner, SoftmaxCases::logSoftmax);
    cases.add(
        new RowCase(
            "softmax" + shape,
            List.of(x),
            List.of(y),
            inner == 1 ? 3e-7 : 1e-6,
            false,
            (in, out, add) -> Softmax.forward(out[0], in[0], outer, axis, inner)));
    cases.add(
        new RowCase(
            "logSoftmax" + shape,
            List.of(x),
            List.of(log),
            4e-7,
            false,
            (in, out, add) -> Softmax.logForward(out[0], in[0], outer, axis, inner)));
    if (!kind.isEmpty()) {
      return;
    }
    float[] g = normal(axis + 9, x.length);
    double[] gy = new double[g.length];
    Arrays.setAll(gy, i -> g[i] * y[i]);
    double[] dot = columns(floats(gy), outer, axis, inner, ReductionCases::sum);
    double[] sum = columns(g, outer, axis, inner, ReductionCases::sum);
    cases.add(
        new RowCase(
            "softmax backward" + shape,
            List.of(g, floats(y)),
            List.of(
                fill(g.length, i -> y[i] * (g[i] - dot[i / (axis * inner) * inner + i % inner]))),
            1e-6,
            true,
            (in, out, add) -> Softmax.backward(out[0], in[0], in[1], outer, axis, inner, add)));
    cases.add(
        new RowCase(
            "logSoftmax backward" + shape,
            List.of(g, floats(log)),
            List.of(
                fill(
                    g.length,
                    i -> g[i] - Math.exp(log[i]) * sum[i / (axis * inner) * inner + i % inner])),
            1e-5,
            true,
            (in, out, add) -> Softmax.logBackward(out[0], in[0], in[1], outer, axis, inner, add)));
  }

  private static void crossEntropy(
      List<RowCase> cases, int rows, int classes, float[] x, float smoothing, int weighted) {
    String name =
        " [%d, %d] smoothing %s%s"
            .formatted(rows, classes, smoothing, weighted == 1 ? " weighted" : "");
    int[] y = RowCases.indices(classes, rows, classes);
    y[rows / 2] = -100;
    float[] w = normal(4, classes);
    for (int c = 0; c < classes; c++) {
      w[c] = weighted == 1 ? Math.abs(w[c]) + 0.1f : 1;
    }
    float[] t = floats(map(normal(8, x.length), rows, classes, 1, SoftmaxCases::softmax));
    float[] g = normal(7, rows);
    double[] lse = columns(x, rows, classes, 1, SoftmaxCases::logSumExp);
    double[] hard = new double[x.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < classes && y[r] >= 0; c++) {
        hard[r * classes + c] =
            (c == y[r] ? (1 - smoothing) * w[c] : 0) + smoothing / classes * w[c];
      }
    }
    double[] soft =
        fill(x.length, i -> ((1 - smoothing) * t[i] + smoothing / classes) * w[i % classes]);
    for (boolean isSoft : new boolean[] {false, true}) {
      double[] q = isSoft ? soft : hard;
      double[] total = columns(floats(q), rows, classes, 1, ReductionCases::sum);
      double[] loss = new double[rows];
      for (int i = 0; i < x.length; i++) {
        loss[i / classes] += q[i] * (lse[i / classes] - x[i]);
      }
      double[] gx =
          fill(
              x.length,
              i ->
                  0.25
                      * g[i / classes]
                      * (total[i / classes] * Math.exp(x[i] - lse[i / classes]) - q[i]));
      Object targets = isSoft ? t : y;
      cases.add(
          new RowCase(
              (isSoft ? "soft " : "") + "crossEntropy" + name,
              List.of(x, targets, w),
              List.of(loss, lse),
              3e-6,
              false,
              (in, out, add) -> {
                long weights = weighted == 1 ? in[2] : 0;
                if (isSoft) {
                  CrossEntropy.softForward(
                      out[0], out[1], in[0], in[1], rows, classes, weights, smoothing, -100);
                } else {
                  CrossEntropy.forward(
                      out[0], out[1], in[0], in[1], rows, classes, weights, smoothing, -100);
                }
              }));
      cases.add(
          new RowCase(
              (isSoft ? "soft " : "") + "crossEntropy backward" + name,
              List.of(x, targets, w, floats(lse), g),
              List.of(gx),
              5e-6,
              true,
              (in, out, add) -> {
                long weights = weighted == 1 ? in[2] : 0;
                if (isSoft) {
                  CrossEntropy.softBackward(
                      out[0], in[0], in[3], in[1], in[4], true, 0.25f, rows, classes, weights,
                      smoothing, -100, add);
                } else {
                  CrossEntropy.backward(
                      out[0], in[0], in[3], in[1], in[4], true, 0.25f, rows, classes, weights,
                      smoothing, -100, add);
                }
              }));
    }
  }

  static double logSumExp(double[] c) {
    double max = Arrays.stream(c).reduce(Math::max).getAsDouble();
    return Double.isInfinite(max)
        ? max
        : max + Math.log(Arrays.stream(c).map(v -> Math.exp(v - max)).sum());
  }

  private static double[] logSoftmax(double[] c) {
    double max = Arrays.stream(c).reduce(Math::max).getAsDouble();
    double log = Math.log(Arrays.stream(c).map(v -> Math.exp(v - max)).sum());
    return Arrays.stream(c).map(v -> v - max - log).toArray();
  }

  static double[] softmax(double[] c) {
    return Arrays.stream(logSoftmax(c)).map(Math::exp).toArray();
  }
}
