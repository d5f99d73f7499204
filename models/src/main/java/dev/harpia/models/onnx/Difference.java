package dev.harpia.models.onnx;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Tensor;
import java.util.Locale;

/**
 * How far an output is from its reference.
 *
 * @param largest the largest |a − b|; infinite where shapes differ or only one is not a number
 * @param allowed what {@code largest} is held against, for the text; with a tolerance for each
 *     element, that of the element which is furthest out
 * @param passed whether every element is within its tolerance
 */
public record Difference(double largest, double allowed, boolean passed) {
  private static final double ABSOLUTE = 1e-5;

  /** {@code |a − b| ≤ 1e-5 + 1e-4·max|b|}. */
  public static Difference ofWhole(Tensor a, Tensor b) {
    double max = 0;
    for (float v : numbers(b)) {
      max = Math.max(max, Float.isFinite(v) ? Math.abs(v) : 0);
    }
    return of(a, b, ABSOLUTE + 1e-4 * max, 0);
  }

  /** {@code |a − b| ≤ 1e-5 + 1e-3·|b|} for every element. */
  public static Difference ofElements(Tensor a, Tensor b) {
    return of(a, b, ABSOLUTE, 1e-3);
  }

  private static float[] numbers(Tensor t) {
    if (t.type() == DType.F32) {
      return t.toArray();
    }
    int[] ints = t.toIntArray();
    float[] v = new float[ints.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = ints[i];
    }
    return v;
  }

  private static Difference of(Tensor a, Tensor b, double absolute, double relative) {
    if (!a.shape().equals(b.shape())) {
      return new Difference(Double.POSITIVE_INFINITY, absolute, false);
    }
    float[] x = numbers(a);
    float[] y = numbers(b);
    double largest = 0;
    double allowed = absolute;
    double worst = 0;
    boolean passed = true;
    for (int i = 0; i < x.length; i++) {
      boolean same = x[i] == y[i] || Float.isNaN(x[i]) && Float.isNaN(y[i]);
      double d = same ? 0 : Math.abs((double) x[i] - y[i]);
      d = Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
      double may = absolute + relative * (Float.isFinite(y[i]) ? Math.abs(y[i]) : 0);
      if (d / may > worst) {
        worst = d / may;
        allowed = may;
        largest = d;
      }
      passed &= d <= may;
    }
    return new Difference(largest, allowed, passed);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s: |a-b| %.2e, allowed %.2e", passed ? "ok" : "FAILED", largest, allowed);
  }
}
