package dev.harpia.simd;

import static dev.harpia.simd.RowCases.fill;
import static dev.harpia.simd.RowCases.normal;

import java.util.List;
import java.util.function.IntUnaryOperator;

/** Copies along an axis in another order. */
final class AxisCases {
  private AxisCases() {}

  static void add(List<RowCase> cases, int n) {
    for (int[] shape : new int[][] {{3, n + 3, 1}, {2, 5, n}}) {
      int outer = shape[0];
      int axis = shape[1];
      int inner = shape[2];
      map(
          cases,
          AxisMap.PAD,
          outer,
          axis,
          axis + 5,
          inner,
          2,
          0,
          k -> k < 2 || k >= axis + 2 ? -1 : k - 2);
      map(cases, AxisMap.PAD, outer, axis, axis - 3, inner, -2, 0, k -> k + 2);
      map(
          cases,
          AxisMap.PAD_REFLECT,
          outer,
          axis,
          axis + 5,
          inner,
          2,
          0,
          k -> k < 2 ? 2 - k : k < axis + 2 ? k - 2 : 2 * axis - k);
      map(
          cases,
          AxisMap.PAD_REPLICATE,
          outer,
          axis,
          axis + 5,
          inner,
          2,
          0,
          k -> k < 2 ? 0 : k < axis + 2 ? k - 2 : axis - 1);
      map(cases, AxisMap.PAD_CIRCULAR, outer, axis, axis, inner, 2, 0, k -> (k + axis - 2) % axis);
      map(cases, AxisMap.PAD_CIRCULAR, outer, axis, 3 * axis, inner, 0, 0, k -> k % axis);
      map(cases, AxisMap.FLIP, outer, axis, axis, inner, 0, 0, k -> axis - 1 - k);
      map(cases, AxisMap.STEP, outer, axis, axis / 2, inner, 1, 2, k -> 1 + 2 * k);
      map(cases, AxisMap.REPEAT_EACH, outer, axis, 3 * axis, inner, 3, 0, k -> k / 3);
    }
  }

  private static void map(
      List<RowCase> cases,
      AxisMap kind,
      int outer,
      int axis,
      int count,
      int inner,
      int p,
      int q,
      IntUnaryOperator source) {
    String name = "%s(%d, %d) [%d, %d→%d, %d]".formatted(kind, p, q, outer, axis, count, inner);
    float[] x = normal(axis, outer * axis * inner);
    float[] g = normal(axis + 1, outer * count * inner);
    double[] gx = new double[x.length];
    double[] y =
        fill(
            g.length,
            i -> {
              int from = source.applyAsInt(i / inner % count);
              int at = (i / (count * inner) * axis + from) * inner + i % inner;
              if (from >= 0) {
                gx[at] += g[i];
              }
              return from < 0 ? 7 : x[at];
            });
    cases.add(
        new RowCase(
            name,
            List.of(x),
            List.of(y),
            1e-7,
            true,
            (in, out, add) ->
                kind.forward(out[0], in[0], outer, axis, count, inner, p, q, 7, add)));
    cases.add(
        new RowCase(
            name + " backward",
            List.of(g),
            List.of(gx),
            1e-6,
            true,
            (in, out, add) -> kind.backward(out[0], in[0], outer, axis, count, inner, p, q, add)));
  }
}
