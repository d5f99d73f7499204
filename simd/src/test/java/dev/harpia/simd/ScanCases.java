package dev.harpia.simd;

import static dev.harpia.simd.RowCases.column;
import static dev.harpia.simd.RowCases.fill;
import static dev.harpia.simd.RowCases.map;
import static dev.harpia.simd.RowCases.normal;

import java.util.Arrays;
import java.util.List;

/** Cumulative sums and products, ties, sorting and resizing. */
final class ScanCases {
  private ScanCases() {}

  static void add(List<RowCase> cases, int n) {
    int m = Math.min(n, 40);
    scans(cases, 3, m, 1);
    scans(cases, 2, 5, m);
    ties(cases, 3, n, 1);
    ties(cases, 2, 5, n);
    sort(cases, 3, n);
    resize(cases, 2, 3, n, 5, n + 2);
    resize(cases, 2, 5, n + 3, 1, n / 2 + 1);
  }

  private static void scans(List<RowCase> cases, int outer, int axis, int inner) {
    String shape = " [%d, %d, %d]".formatted(outer, axis, inner);
    float[] x = normal(axis, outer * axis * inner);
    x[axis / 2 * inner] = 0;
    x[axis / 3 * inner] = 0;
    float[] g = normal(axis + 1, x.length);
    float[] once = normal(axis + 2, outer * inner);
    cases.add(
        new RowCase(
            "cumulativeSum" + shape,
            List.of(x),
            List.of(map(x, outer, axis, inner, ScanCases::sums)),
            1e-6,
            false,
            (in, out, add) -> Scans.cumulativeSum(out[0], in[0], outer, axis, inner)));
    cases.add(
        new RowCase(
            "cumulativeSum backward" + shape,
            List.of(g),
            List.of(map(g, outer, axis, inner, c -> reversed(sums(reversed(c))))),
            1e-6,
            true,
            (in, out, add) -> Scans.cumulativeSumBackward(out[0], in[0], outer, axis, inner, add)));
    cases.add(
        new RowCase(
            "cumulativeProduct" + shape,
            List.of(x),
            List.of(map(x, outer, axis, inner, ScanCases::products)),
            1e-6,
            false,
            (in, out, add) -> Scans.cumulativeProduct(out[0], in[0], outer, axis, inner)));
    double[] each = new double[x.length];
    double[] whole = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int o = i / (axis * inner);
      int k = i / inner % axis;
      double[] c = column(x, o, i % inner, axis, inner);
      c[k] = 1;
      double[] p = products(c);
      for (int j = k; j < axis; j++) {
        each[i] += g[(o * axis + j) * inner + i % inner] * p[j];
      }
      whole[i] = once[o * inner + i % inner] * p[axis - 1];
    }
    cases.add(
        new RowCase(
            "cumulativeProduct backward" + shape,
            List.of(g, x),
            List.of(each),
            1e-6,
            true,
            (in, out, add) ->
                Scans.cumulativeProductBackward(out[0], in[0], in[1], outer, axis, inner, add)));
    cases.add(
        new RowCase(
            "product backward" + shape,
            List.of(once, x),
            List.of(whole),
            1e-6,
            true,
            (in, out, add) ->
                Scans.productBackward(out[0], in[0], in[1], outer, axis, inner, add)));
  }

  private static double[] sums(double[] c) {
    double[] y = c.clone();
    Arrays.parallelPrefix(y, Double::sum);
    return y;
  }

  private static double[] products(double[] c) {
    double[] y = c.clone();
    Arrays.parallelPrefix(y, (a, b) -> a * b);
    return y;
  }

  private static double[] reversed(double[] c) {
    return fill(c.length, i -> c[c.length - 1 - i]);
  }

  private static void ties(List<RowCase> cases, int outer, int axis, int inner) {
    float[] x = normal(axis, outer * axis * inner);
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.round(x[i]);
    }
    double[] y = RowCases.columns(x, outer, axis, inner, c -> Arrays.stream(c).max().getAsDouble());
    float[] g = normal(axis + 1, y.length);
    double[] gx = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int at = i / (axis * inner) * inner + i % inner;
      double[] c = column(x, i / (axis * inner), i % inner, axis, inner);
      gx[i] = x[i] == y[at] ? g[at] / Arrays.stream(c).filter(v -> v == y[at]).count() : 0;
    }
    cases.add(
        new RowCase(
            "ties [%d, %d, %d]".formatted(outer, axis, inner),
            List.of(g, x, RowCases.floats(y)),
            List.of(gx),
            1e-6,
            true,
            (in, out, add) -> Ties.backward(out[0], in[0], in[1], in[2], outer, axis, inner, add)));
  }

  private static void sort(List<RowCase> cases, int rows, int n) {
    float[] x = normal(n, rows * n);
    for (int i = 0; i < n; i++) {
      x[i] = Math.round(x[i]) * 0.5f;
    }
    x[n / 2] = Float.NaN;
    x[n / 3] = -0f;
    x[n / 4] = Float.NEGATIVE_INFINITY;
    for (boolean falling : new boolean[] {false, true}) {
      int k = falling ? Math.min(n, 5) : n;
      double[] values = new double[rows * k];
      double[] indices = new double[rows * k];
      for (int r = 0; r < rows; r++) {
        int row = r;
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
            order,
            (i, j) ->
                (falling ? -1 : 1) * Double.compare(x[row * n + i] + 0.0, x[row * n + j] + 0.0));
        for (int i = 0; i < k; i++) {
          values[r * k + i] = x[r * n + order[i]];
          indices[r * k + i] = order[i];
        }
      }
      cases.add(
          new RowCase(
              (falling ? "top " : "sort ") + k + " of [%d, %d]".formatted(rows, n),
              List.of(x),
              List.of(values, indices),
              2,
              0,
              false,
              (in, out, add) -> Sorting.top(out[0], out[1], in[0], rows, n, k, falling)));
    }
  }

  private static void resize(List<RowCase> cases, int planes, int h, int w, int newH, int newW) {
    String shape = " [%d, %d, %d] to [%d, %d]".formatted(planes, h, w, newH, newW);
    float[] x = normal(h, planes * h * w);
    float[] g = normal(w, planes * newH * newW);
    for (int kind = 0; kind < 3; kind++) {
      boolean nearest = kind == 0;
      boolean align = kind == 1;
      double[] y = new double[g.length];
      double[] gx = new double[x.length];
      for (int i = 0; i < g.length; i++) {
        double v = source(i / newW % newH, h, newH, kind);
        double u = source(i % newW, w, newW, kind);
        for (int corner = 0; corner < 4; corner++) {
          int r = Math.min((int) v + corner / 2, h - 1);
          int c = Math.min((int) u + corner % 2, w - 1);
          double wr = corner / 2 == 0 ? 1 - (v - (int) v) : v - (int) v;
          double wc = corner % 2 == 0 ? 1 - (u - (int) u) : u - (int) u;
          int at = (i / (newH * newW) * h + r) * w + c;
          y[i] += wr * wc * x[at];
          gx[at] += wr * wc * g[i];
        }
      }
      cases.add(
          new RowCase(
              (nearest ? "nearest" : align ? "bilinear aligned" : "bilinear") + shape,
              List.of(x),
              List.of(y),
              1e-6,
              true,
              (in, out, add) -> {
                if (nearest) {
                  Upsample.nearest(out[0], in[0], planes, h, w, newH, newW, add);
                } else {
                  Upsample.bilinear(out[0], in[0], planes, h, w, newH, newW, align, add);
                }
              }));
      cases.add(
          new RowCase(
              (nearest ? "nearest" : align ? "bilinear aligned" : "bilinear") + " backward" + shape,
              List.of(g),
              List.of(gx),
              2e-6,
              true,
              (in, out, add) -> {
                if (nearest) {
                  Upsample.nearestBackward(out[0], in[0], planes, h, w, newH, newW, add);
                } else {
                  Upsample.bilinearBackward(out[0], in[0], planes, h, w, newH, newW, align, add);
                }
              }));
    }
  }

  private static double source(int i, int size, int newSize, int kind) {
    return switch (kind) {
      case 0 -> i * size / newSize;
      case 1 -> newSize == 1 ? 0 : (double) i * (size - 1) / (newSize - 1);
      default -> Math.max(0, (i + 0.5) * size / newSize - 0.5);
    };
  }
}
