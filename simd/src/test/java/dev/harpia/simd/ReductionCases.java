package dev.harpia.simd;

import static dev.harpia.simd.RowCases.columns;
import static dev.harpia.simd.RowCases.normal;

import java.util.Arrays;
import java.util.List;

/** Sums, extremes and their places. */
final class ReductionCases {
  private ReductionCases() {}

  static void add(List<RowCase> cases, int n) {
    reductions(cases, 3, n, 1, normal(n, 3 * n));
    reductions(cases, 2, 5, n, normal(n + 1, 10 * n));
    reductions(cases, 1, n, 3, normal(n + 2, 3 * n));
    float[] odd = normal(n + 3, 3 * n);
    odd[n / 2] = Float.NaN;
    odd[n + n / 2] = RowCases.INF;
    odd[2 * n + n / 2] = -RowCases.INF;
    extremes(cases, 3, n, 1, odd, " special");
    extremes(cases, 1, 3, n, odd, " special");
  }

  /**
   * Several blocks and segments, several chunks and blocks of rows; the sums keep their accuracy.
   */
  static void large(List<RowCase> cases) {
    float[] x = normal(5, 140_001);
    for (int i = 0; i < x.length; i++) {
      x[i] += 3;
    }
    reductions(cases, 1, 140_001, 1, x);
    reductions(cases, 1, 46_667, 3, x);
    reductions(cases, 1, 63, 2222, Arrays.copyOf(x, 63 * 2222));
    reductions(cases, 7, 200, 100, x = Arrays.copyOf(x, 140_000));
  }

  private static void reductions(List<RowCase> cases, int outer, int axis, int inner, float[] x) {
    String shape = " [%d, %d, %d]".formatted(outer, axis, inner);
    cases.add(
        new RowCase(
            "sum" + shape,
            List.of(x),
            List.of(columns(x, outer, axis, inner, c -> 2 * sum(c))),
            3e-6,
            true,
            (in, out, add) -> Reductions.sum(out[0], in[0], outer, axis, inner, 2, add)));
    cases.add(
        new RowCase(
            "mean" + shape,
            List.of(x),
            List.of(columns(x, outer, axis, inner, c -> sum(c) / axis)),
            1e-6,
            false,
            (in, out, add) -> Reductions.mean(out[0], in[0], outer, axis, inner)));
    cases.add(
        new RowCase(
            "sumOfSquares" + shape,
            List.of(x),
            List.of(
                columns(
                    x, outer, axis, inner, c -> sum(Arrays.stream(c).map(v -> v * v).toArray()))),
            2e-6,
            true,
            (in, out, add) -> Reductions.sumOfSquares(out[0], in[0], outer, axis, inner, 1, add)));
    if (axis > 1) {
      cases.add(
          new RowCase(
              "variance" + shape,
              List.of(x),
              List.of(
                  columns(x, outer, axis, inner, c -> variance(c)),
                  columns(x, outer, axis, inner, c -> sum(c) / axis)),
              5e-6,
              false,
              (in, out, add) -> Reductions.variance(out[0], out[1], in[0], outer, axis, inner, 1)));
    }
    extremes(cases, outer, axis, inner, x, "");
  }

  private static void extremes(
      List<RowCase> cases, int outer, int axis, int inner, float[] x, String kind) {
    String shape = " [%d, %d, %d]".formatted(outer, axis, inner) + kind;
    double[] max =
        columns(x, outer, axis, inner, c -> Arrays.stream(c).reduce(Math::max).getAsDouble());
    double[] min =
        columns(x, outer, axis, inner, c -> Arrays.stream(c).reduce(Math::min).getAsDouble());
    double[] argMax =
        columns(
            x, outer, axis, inner, c -> place(c, Arrays.stream(c).reduce(Math::max).getAsDouble()));
    double[] argMin =
        columns(
            x, outer, axis, inner, c -> place(c, Arrays.stream(c).reduce(Math::min).getAsDouble()));
    cases.add(
        new RowCase(
            "max" + shape,
            List.of(x),
            List.of(max),
            0,
            false,
            (in, out, add) -> Reductions.max(out[0], in[0], outer, axis, inner)));
    cases.add(
        new RowCase(
            "min" + shape,
            List.of(x),
            List.of(min),
            0,
            false,
            (in, out, add) -> Reductions.min(out[0], in[0], outer, axis, inner)));
    cases.add(
        new RowCase(
            "argMax" + shape,
            List.of(x),
            List.of(argMax, max),
            1,
            0,
            false,
            (in, out, add) -> Reductions.argMax(out[0], out[1], in[0], outer, axis, inner)));
    cases.add(
        new RowCase(
            "argMin" + shape,
            List.of(x),
            List.of(argMin, min),
            1,
            0,
            false,
            (in, out, add) -> Reductions.argMin(out[0], out[1], in[0], outer, axis, inner)));
    cases.add(
        new RowCase(
            "logSumExp" + shape,
            List.of(x),
            List.of(columns(x, outer, axis, inner, SoftmaxCases::logSumExp)),
            1e-6,
            false,
            (in, out, add) -> Reductions.logSumExp(out[0], in[0], outer, axis, inner)));
    if (axis < 50) {
      cases.add(
          new RowCase(
              "product" + shape,
              List.of(x),
              List.of(
                  columns(x, outer, axis, inner, c -> Arrays.stream(c).reduce(1, (a, b) -> a * b))),
              2e-6,
              false,
              (in, out, add) -> Reductions.product(out[0], in[0], outer, axis, inner)));
    }
  }

  static double sum(double[] c) {
    return Arrays.stream(c).sum();
  }

  static double variance(double[] c) {
    double mean = sum(c) / c.length;
    return sum(Arrays.stream(c).map(v -> (v - mean) * (v - mean)).toArray()) / (c.length - 1);
  }

  private static double place(double[] c, double value) {
    for (int k = 0; k < c.length; k++) {
      if (c[k] == value || (Double.isNaN(c[k]) && Double.isNaN(value))) {
        return k;
      }
    }
    return -1;
  }
}
