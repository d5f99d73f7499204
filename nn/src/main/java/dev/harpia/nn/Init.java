package dev.harpia.nn;

import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.function.Supplier;

/**
 * How parameters start. Draws come from the thread's {@link Rng}, in order of registration, so that
 * one seed fixes a model.
 *
 * <p>Fan-in of a weight [out, in, k…] is in·k…, fan-out is out·k….
 */
public final class Init {
  private static final ScopedValue<Boolean> BLANK = ScopedValue.newInstance();

  private Init() {}

  /**
   * Makes a layer whose weights will be loaded: they start as zeros, since drawing them takes long
   * in large models.
   */
  public static <L> L blank(Supplier<? extends L> layer) {
    return ScopedValue.where(BLANK, true).<L, RuntimeException>call(layer::get);
  }

  /** Uniform over [−bound, bound). */
  public static Tensor uniform(float bound, int... dims) {
    return BLANK.isBound()
        ? Tensor.zeros(dims)
        : Tensor.uniform(Rng.current(), -bound, bound, Shape.of(dims));
  }

  /** Normal with mean 0. */
  public static Tensor normal(float std, int... dims) {
    return BLANK.isBound()
        ? Tensor.zeros(dims)
        : Tensor.normal(Rng.current(), 0, std, Shape.of(dims));
  }

  /**
   * PyTorch's default for linear and convolution layers, weights and biases: uniform with bound
   * 1/√fanIn.
   */
  public static Tensor byFanIn(int fanIn, int... dims) {
    return uniform(fanIn == 0 ? 0 : (float) (1 / Math.sqrt(fanIn)), dims);
  }

  /** Uniform with bound gain·√(6/(fanIn + fanOut)) (Glorot, Bengio 2010). */
  public static Tensor xavierUniform(float gain, int... dims) {
    return uniform((float) (gain * Math.sqrt(6.0 / (fanIn(dims) + fanOut(dims)))), dims);
  }

  /** Normal with standard deviation gain·√(2/(fanIn + fanOut)) (Glorot, Bengio 2010). */
  public static Tensor xavierNormal(float gain, int... dims) {
    return normal((float) (gain * Math.sqrt(2.0 / (fanIn(dims) + fanOut(dims)))), dims);
  }

  /** Uniform with bound √(6/fanIn), for ReLU (He et al. 2015). */
  public static Tensor kaimingUniform(int... dims) {
    return uniform((float) Math.sqrt(6.0 / fanIn(dims)), dims);
  }

  /** Normal with standard deviation √(2/fanIn), for ReLU (He et al. 2015). */
  public static Tensor kaimingNormal(int... dims) {
    return normal((float) Math.sqrt(2.0 / fanIn(dims)), dims);
  }

  /**
   * A matrix with orthonormal rows or columns, whichever are fewer (Saxe et al. 2013), scaled by
   * gain.
   */
  public static Tensor orthogonal(float gain, int... dims) {
    int rows = dims[0];
    int columns = Math.toIntExact(Shape.of(dims).size() / Math.max(1, rows));
    boolean tall = rows >= columns;
    int n = Math.min(rows, columns);
    int m = Math.max(rows, columns);
    double[][] q = new double[n][m];
    Rng rng = Rng.current();
    for (int i = 0; i < n; i++) {
      orthonormal(q, i, rng);
    }
    float[] v = new float[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        v[r * columns + c] = (float) (gain * (tall ? q[c][r] : q[r][c]));
      }
    }
    return Tensor.of(v, Shape.of(dims));
  }

  /**
   * Draws row i and makes it orthogonal to the rows before it (Gram–Schmidt, twice for accuracy).
   */
  private static void orthonormal(double[][] q, int i, Rng rng) {
    double[] row = q[i];
    for (int j = 0; j < row.length; j++) {
      row[j] = rng.normal();
    }
    for (int pass = 0; pass < 2; pass++) {
      for (int k = 0; k < i; k++) {
        double dot = 0;
        for (int j = 0; j < row.length; j++) {
          dot += row[j] * q[k][j];
        }
        for (int j = 0; j < row.length; j++) {
          row[j] -= dot * q[k][j];
        }
      }
    }
    double norm = 0;
    for (double x : row) {
      norm += x * x;
    }
    norm = Math.sqrt(norm);
    for (int j = 0; j < row.length; j++) {
      row[j] /= norm;
    }
  }

  private static long fanIn(int... dims) {
    return dims.length < 2
        ? Math.max(1, Shape.of(dims).size())
        : Shape.of(dims).size() / Math.max(1, dims[0]);
  }

  private static long fanOut(int... dims) {
    return dims.length < 2
        ? Math.max(1, Shape.of(dims).size())
        : Shape.of(dims).size() / Math.max(1, dims[1]);
  }
}
