package dev.harpia.simd;

import static dev.harpia.simd.RowCases.fill;
import static dev.harpia.simd.RowCases.normal;

import java.util.Arrays;
import java.util.List;

/** Gathers, scatters and copies: results are exact, sums nearly so. */
final class MoveCases {
  private MoveCases() {}

  static void add(List<RowCase> cases, int n) {
    gather(cases, 1, 11, 40, n);
    gather(cases, 2, n, 7, 3);
    gather(cases, 3, n, 5, 1);
    permute(cases, new int[] {n, 37}, 1, 0);
    permute(cases, new int[] {2, 3, n}, 2, 0, 1);
    permute(cases, new int[] {2, n, 5}, 0, 2, 1);
    permute(cases, new int[] {3, 4, n}, 1, 0, 2);
    float[] x = normal(n, 6 * n);
    cases.add(
        new RowCase(
            "slice [2, 3, %d]".formatted(n),
            List.of(x),
            List.of(fill(4 * n, i -> x[i / (2 * n) * 3 * n + n + i % (2 * n)])),
            0,
            true,
            (in, out, add) ->
                Copies.block(out[0], 2L * n, in[0] + 4L * n, 3L * n, 2, 2L * n, add)));
    cases.add(
        new RowCase(
            "expand [2, 5, %d]".formatted(n),
            List.of(x),
            List.of(fill(10 * n, i -> 3 * x[i / (5 * n) * n + i % n])),
            3e-7,
            true,
            (in, out, add) -> Copies.expand(out[0], in[0], 2, 5, n, 3, add)));
    cases.add(
        new RowCase(
            "expand [6, %d]".formatted(n),
            List.of(x),
            List.of(fill(6 * n, i -> 3 * x[i / n])),
            3e-7,
            true,
            (in, out, add) -> Copies.expand(out[0], in[0], 6, n, 1, 3, add)));
    for (int diagonal : new int[] {-1, 0, 2}) {
      cases.add(
          new RowCase(
              "triangles [2, 3, %d] at %d".formatted(n, diagonal),
              List.of(x),
              List.of(
                  fill(6 * n, i -> i % n <= i / n % 3 + diagonal ? x[i] : 0),
                  fill(6 * n, i -> i % n >= i / n % 3 + diagonal ? x[i] : 0)),
              1e-7,
              true,
              (in, out, add) -> {
                Copies.lowerTriangle(out[0], in[0], 2, 3, n, diagonal, add);
                Copies.upperTriangle(out[1], in[0], 2, 3, n, diagonal, add);
              }));
    }
  }

  /** Permutations that join axes, keep the last one, and move all. */
  static void shaped(List<RowCase> cases) {
    permute(cases, new int[] {2, 3, 5, 7}, 0, 2, 3, 1);
    permute(cases, new int[] {2, 3, 5, 7}, 3, 2, 1, 0);
    permute(cases, new int[] {2, 9, 5, 20}, 0, 2, 1, 3);
    permute(cases, new int[] {2, 9, 1, 20}, 0, 3, 2, 1);
    permute(cases, new int[] {2, 17, 4, 18}, 2, 3, 0, 1);
    permute(cases, new int[] {2, 3, 2, 3, 2, 3, 2, 2}, 7, 1, 3, 0, 2, 6, 5, 4);
    permute(cases, new int[] {4, 5, 6}, 0, 1, 2);
    permute(cases, new int[] {1, 1}, 1, 0);
  }

  private static void permute(List<RowCase> cases, int[] dims, int... order) {
    int size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    float[] x = normal(size, size);
    double[] y =
        fill(
            size,
            i -> {
              int[] at = new int[dims.length];
              for (int k = dims.length - 1; k >= 0; k--) {
                at[order[k]] = i % dims[order[k]];
                i /= dims[order[k]];
              }
              int from = 0;
              for (int k = 0; k < dims.length; k++) {
                from = from * dims[k] + at[k];
              }
              return x[from];
            });
    cases.add(
        new RowCase(
            "permute %s to %s".formatted(Arrays.toString(dims), Arrays.toString(order)),
            List.of(x),
            List.of(y),
            1e-7,
            true,
            (in, out, add) -> Permute.run(out[0], in[0], dims, order, add)));
  }

  private static void gather(List<RowCase> cases, int outer, int axis, int count, int inner) {
    String shape = " [%d, %d→%d, %d]".formatted(outer, axis, count, inner);
    float[] x = normal(axis, outer * axis * inner);
    float[] g = normal(axis + 1, outer * count * inner);
    int[] rows = RowCases.indices(5, count, axis);
    int[] each = RowCases.indices(6, g.length, axis);
    cases.add(
        new RowCase(
            "select" + shape,
            List.of(x, rows),
            List.of(
                fill(
                    g.length,
                    i ->
                        x[
                            (i / (count * inner) * axis + rows[i / inner % count]) * inner
                                + i % inner])),
            1e-7,
            true,
            (in, out, add) -> Gather.select(out[0], in[0], in[1], outer, axis, count, inner, add)));
    cases.add(
        new RowCase(
            "take" + shape,
            List.of(x, each),
            List.of(
                fill(g.length, i -> x[(i / (count * inner) * axis + each[i]) * inner + i % inner])),
            1e-7,
            true,
            (in, out, add) -> Gather.take(out[0], in[0], in[1], outer, axis, count, inner, add)));
    double[] byRow = new double[x.length];
    double[] byElement = new double[x.length];
    for (int i = 0; i < g.length; i++) {
      byRow[(i / (count * inner) * axis + rows[i / inner % count]) * inner + i % inner] += g[i];
      byElement[(i / (count * inner) * axis + each[i]) * inner + i % inner] += g[i];
    }
    cases.add(
        new RowCase(
            "indexAdd" + shape,
            List.of(g, rows),
            List.of(byRow),
            2e-6,
            true,
            (in, out, add) ->
                Gather.indexAdd(out[0], in[0], in[1], outer, axis, count, inner, add)));
    cases.add(
        new RowCase(
            "scatterAdd" + shape,
            List.of(g, each),
            List.of(byElement),
            2e-6,
            true,
            (in, out, add) ->
                Gather.scatterAdd(out[0], in[0], in[1], outer, axis, count, inner, add)));
    cases.add(
        new RowCase(
            "oneHot" + shape,
            List.of(rows),
            List.of(fill(count * axis, i -> rows[i / axis] == i % axis ? 1 : 0)),
            0,
            false,
            (in, out, add) -> Gather.oneHot(out[0], in[0], count, axis)));
  }
}
