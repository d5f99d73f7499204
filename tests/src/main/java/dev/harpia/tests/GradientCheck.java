package dev.harpia.tests;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Compares gradients with central differences along random directions: for y = f(x), a random r and
 * a random direction v, the derivative of ⟨r, y⟩ along v is ⟨g, v⟩ and, numerically, (⟨r, f(x +
 * εv)⟩ − ⟨r, f(x − εv)⟩) / 2ε. Everything is float32, sums are double, ε = 1e-2: a sound operation
 * measures about 1e-5, a wrong one about 1.
 */
public final class GradientCheck {
  private static final float EPSILON = 1e-2f;

  /** What a sound gradient stays below. */
  public static final double TOLERANCE = 1e-3;

  private GradientCheck() {}

  /**
   * The worst relative error over the F32 inputs. {@code f} must be a function of its arguments
   * alone.
   */
  public static double worst(Function<Tensor[], Tensor> f, long seed, Tensor... inputs) {
    Rng rng = new Rng(seed);
    List<Tensor> targets = new ArrayList<>();
    for (Tensor t : inputs) {
      if (t.type() == DType.F32) {
        targets.add(t);
      }
    }
    double worst = 0;
    try (var _ = Scope.open("gradient check")) {
      Tensor y = f.apply(inputs);
      Tensor r = Tensor.normal(rng, 0, 1, y.shape());
      Gradients g = Gradients.of(y.mul(r).sum(), targets);
      for (Tensor t : targets) {
        worst = Math.max(worst, along(f, inputs, t, g.wrt(t), r, rng));
      }
    }
    return worst;
  }

  private static double along(
      Function<Tensor[], Tensor> f, Tensor[] inputs, Tensor t, Tensor g, Tensor r, Rng rng) {
    if (t.size() == 0) {
      return 0;
    }
    float[] direction = Tensor.normal(rng, 0, 1, t.shape()).toArray();
    double analytic = dot(g.toArray(), direction);
    float[] x = t.toArray();
    double plus;
    double minus;
    try {
      t.copyFrom(moved(x, direction, EPSILON));
      plus = project(f, inputs, r);
      t.copyFrom(moved(x, direction, -EPSILON));
      minus = project(f, inputs, r);
    } finally {
      t.copyFrom(x);
    }
    double numeric = (plus - minus) / (2 * EPSILON);
    // ⟨g, v⟩ is of the size of ‖g‖ for a random v, and may be near 0 by chance
    return Math.abs(numeric - analytic)
        / Math.max(1e-3, Math.max(norm(g.toArray()), Math.abs(numeric) + Math.abs(analytic)));
  }

  private static double project(Function<Tensor[], Tensor> f, Tensor[] inputs, Tensor r) {
    try (var _ = Scope.inference()) {
      return dot(f.apply(inputs).toArray(), r.toArray());
    }
  }

  private static float[] moved(float[] x, float[] v, float by) {
    float[] m = new float[x.length];
    for (int i = 0; i < m.length; i++) {
      m[i] = x[i] + by * v[i];
    }
    return m;
  }

  private static double dot(float[] a, float[] b) {
    double s = 0;
    for (int i = 0; i < a.length; i++) {
      s += a[i] * (double) b[i];
    }
    return s;
  }

  private static double norm(float[] v) {
    return Math.sqrt(dot(v, v));
  }

  /**
   * Values in a shape that stay away from the integers and from each other, so that no function has
   * a kink within ε of them.
   */
  public static Tensor apart(Rng rng, Shape shape) {
    int n = Math.toIntExact(shape.size());
    int[] order = rng.permutation(n);
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = (order[i] - n / 2) * 0.13f + 0.0613f;
    }
    return Tensor.of(v, shape);
  }
}
