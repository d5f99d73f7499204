package dev.harpia.simd;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** All cases of structured kernels, and the data they are made of. */
final class RowCases {
  static final float INF = Float.POSITIVE_INFINITY;

  private RowCases() {}

  /** Everything, over sizes around the vectors' and blocks' boundaries. */
  static List<RowCase> all() {
    List<RowCase> cases = new ArrayList<>();
    for (int n : new int[] {1, 2, 7, 15, 16, 17, 31, 63, 64, 65, 100, 127, 257, 1000}) {
      sized(cases, n);
    }
    ReductionCases.large(cases);
    SoftmaxCases.special(cases);
    MoveCases.shaped(cases);
    return cases;
  }

  /** Sizes that are cut into several pieces. */
  static List<RowCase> large() {
    List<RowCase> cases = new ArrayList<>();
    sized(cases, 4099);
    ReductionCases.large(cases);
    return cases;
  }

  /** Few sizes: they are run in the interpreter, and thousands of times. */
  static List<RowCase> bitCases() {
    List<RowCase> cases = new ArrayList<>();
    for (int n : new int[] {5, 64, 83}) {
      sized(cases, n);
    }
    MoveCases.shaped(cases);
    return cases;
  }

  private static void sized(List<RowCase> cases, int n) {
    ReductionCases.add(cases, n);
    SoftmaxCases.add(cases, n);
    NormCases.add(cases, n);
    MoveCases.add(cases, n);
    ChannelCases.add(cases, n);
    AxisCases.add(cases, n);
    ScanCases.add(cases, n);
    ExtraCases.add(cases, n);
  }

  /** Standard normal numbers, the same for the same seed. */
  static float[] normal(long seed, int n) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /** Indices in [0, limit). */
  static int[] indices(long seed, int n, int limit) {
    return new SplittableRandom(seed).ints(n, 0, limit).toArray();
  }

  static double[] fill(int n, java.util.function.IntToDoubleFunction f) {
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = f.applyAsDouble(i);
    }
    return y;
  }

  /** A function of one column of [outer, axis, inner], applied to all of them: [outer, inner]. */
  static double[] columns(
      float[] x, int outer, int axis, int inner, java.util.function.ToDoubleFunction<double[]> f) {
    return fill(outer * inner, i -> f.applyAsDouble(column(x, i / inner, i % inner, axis, inner)));
  }

  /** A function of one column to a column, applied to all of [outer, axis, inner]. */
  static double[] map(
      float[] x, int outer, int axis, int inner, java.util.function.UnaryOperator<double[]> f) {
    double[] y = new double[x.length];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        double[] column = f.apply(column(x, o, i, axis, inner));
        for (int k = 0; k < axis; k++) {
          y[(o * axis + k) * inner + i] = column[k];
        }
      }
    }
    return y;
  }

  static double[] column(float[] x, int o, int i, int axis, int inner) {
    return fill(axis, k -> x[(o * axis + k) * inner + i]);
  }

  static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }
}
