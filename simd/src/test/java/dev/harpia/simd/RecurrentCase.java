package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One recurrent layer at random inputs, and the same step by step in double precision. */
final class RecurrentCase {
  /** One input or parameter, with its gradient. */
  private static final class Operand {
    final String name;
    final float[] values;
    final long address;
    final long gradient;

    Operand(String name, float[] values, long address, long gradient) {
      this.name = name;
      this.values = values;
      this.address = address;
      this.gradient = gradient;
    }
  }

  final RecurrentShape shape;
  final RecurrentPass pass;
  final Guarded m = new Guarded();
  private final List<Operand> operands = new ArrayList<>();
  private final int[] lengths;
  private final float[] gy;
  private final float[] ghn;
  private final float[] gcn;
  private final int features;
  private final long forwardWork;
  private final long backwardWork;

  /**
   * @param bare without biases and initial state
   * @param ragged sequences of different lengths
   */
  RecurrentCase(RecurrentShape shape, boolean bare, boolean ragged) {
    this.shape = shape;
    pass = new RecurrentPass(shape);
    // not the hash of the record, which has an enum and so differs from run to run
    var random = new SplittableRandom(shape.toString().hashCode());
    int t = shape.steps();
    int n = shape.batch();
    int hidden = shape.hidden();
    int s = shape.state();
    int rows = shape.cell().gates() * hidden;
    boolean lstm = shape.cell() == RecurrentCell.LSTM;
    pass.x = operand("x", random, t * n * shape.input(), 1);
    pass.weightIh = operand("weightIh", random, rows * shape.input(), 0.5);
    pass.weightHh = operand("weightHh", random, rows * s, 1 / Math.sqrt(s));
    if (!bare) {
      pass.biasIh = operand("biasIh", random, rows, 0.5);
      pass.biasHh = operand("biasHh", random, rows, 0.5);
      pass.h0 = operand("h0", random, n * s, 1);
      if (lstm) {
        pass.c0 = operand("c0", random, n * hidden, 1);
      }
    }
    if (shape.projection() > 0) {
      pass.weightHr = operand("weightHr", random, s * hidden, 0.5);
    }
    lengths = new int[n];
    for (int i = 0; i < n; i++) {
      lengths[i] = ragged ? 1 + random.nextInt(t) : t;
    }
    pass.lengths = ragged ? m.ofInts(lengths) : 0;
    features = s + 3; // rows of y further apart than they are long
    pass.y = m.empty((long) t * n * features);
    pass.yStride = features;
    pass.hn = m.empty((long) n * s);
    pass.cn = lstm ? m.empty((long) n * hidden) : 0;
    pass.saved = m.empty(shape.savedFloats());
    forwardWork = m.empty(shape.forwardWorkFloats());
    backwardWork = m.empty(shape.backwardWorkFloats());
    gy = Guarded.random(random, t * n * features, 1);
    ghn = Guarded.random(random, n * s, 1);
    gcn = Guarded.random(random, n * hidden, 1);
    pass.gy = m.of(gy);
    pass.gyStride = features;
    pass.ghn = m.of(ghn);
    pass.gcn = lstm ? m.of(gcn) : 0;
    pass.gx = gradient("x");
    pass.gWeightIh = gradient("weightIh");
    pass.gWeightHh = gradient("weightHh");
    pass.gBiasIh = gradient("biasIh");
    pass.gBiasHh = gradient("biasHh");
    pass.gWeightHr = gradient("weightHr");
    pass.gh0 = gradient("h0");
    pass.gc0 = gradient("c0");
  }

  private long operand(String name, SplittableRandom random, int n, double scale) {
    float[] values = Guarded.random(random, n, scale);
    var o = new Operand(name, values, m.of(values), m.empty(n));
    operands.add(o);
    return o.address;
  }

  private long gradient(String name) {
    return operands.stream()
        .filter(o -> o.name.equals(name))
        .mapToLong(o -> o.gradient)
        .findFirst()
        .orElse(0);
  }

  void forward() {
    pass.work = forwardWork;
    pass.forward();
  }

  void backward() {
    pass.work = backwardWork;
    pass.backward();
  }

  /** A hash of the bits of all results. */
  int hash() {
    int hash = hash(1, pass.hn, shape.batch() * shape.state());
    for (int row = 0; row < shape.rows(); row++) {
      hash = hash(hash, pass.y + 4L * row * features, shape.state());
    }
    for (Operand o : operands) {
      hash = hash(hash, o.gradient, o.values.length);
    }
    return hash;
  }

  static int hash(int hash, long address, int n) {
    int h = hash;
    for (int i = 0; i < n; i++) {
      h = 31 * h + Vectors.getInt(address + 4L * i);
    }
    return h;
  }

  /**
   * Compares results with the reference, and gradients with differences of the reference in random
   * directions.
   */
  void check() {
    forward();
    backward();
    m.check();
    double[][] values = new double[operands.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = Guarded.doubles(operands.get(i).values);
    }
    int n = shape.batch();
    double[] y = new double[shape.rows() * features];
    double[] h = new double[n * shape.state()];
    double[] c = new double[n * shape.hidden()];
    reference(values, y, h, c);
    for (int row = 0; row < shape.rows(); row++) {
      double[] expected =
          java.util.Arrays.copyOfRange(y, row * features, row * features + shape.state());
      float[] actual = Guarded.read(pass.y + 4L * row * features, shape.state());
      Guarded.close(shape + " y row " + row, actual, expected, 5e-6, 0);
      for (int e = shape.state(); e < features; e++) {
        assertThat(Vectors.get(pass.y + 4L * (row * features + e)))
            .isNaN(); // between the rows nothing is written
      }
    }
    Guarded.close(shape + " hn", Guarded.read(pass.hn, h.length), h, 5e-6, 0);
    if (pass.cn != 0) {
      Guarded.close(shape + " cn", Guarded.read(pass.cn, c.length), c, 5e-6, 0);
    }
    var random = new SplittableRandom(7);
    for (int i = 0; i < values.length; i++) {
      Operand o = operands.get(i);
      double[] direction = Guarded.doubles(Guarded.random(random, values[i].length, 1));
      double analytic = 0;
      double size = 1;
      float[] gradient = Guarded.read(o.gradient, direction.length);
      for (int j = 0; j < direction.length; j++) {
        analytic += direction[j] * gradient[j];
        size += Math.abs(direction[j] * gradient[j]);
      }
      double e = 1e-7; // small, so that no unit of a ReLU crosses its kink
      double[] centre = values[i];
      values[i] = moved(centre, direction, e);
      double up = loss(values);
      values[i] = moved(centre, direction, -e);
      double down = loss(values);
      values[i] = centre;
      double numeric = (up - down) / (2 * e);
      assertThat(Math.abs(analytic - numeric) / size)
          .as("%s gradient of %s: %s, numerically %s", shape, o.name, analytic, numeric)
          .isLessThan(5e-6);
    }
  }

  private static double[] moved(double[] x, double[] direction, double by) {
    double[] r = x.clone();
    for (int j = 0; j < r.length; j++) {
      r[j] += by * direction[j];
    }
    return r;
  }

  private double loss(double[][] values) {
    double[] y = new double[shape.rows() * features];
    double[] h = new double[shape.batch() * shape.state()];
    double[] c = new double[shape.batch() * shape.hidden()];
    reference(values, y, h, c);
    double loss = 0;
    for (int i = 0; i < y.length; i++) {
      loss += y[i] * gy[i];
    }
    for (int i = 0; i < h.length; i++) {
      loss += h[i] * ghn[i];
    }
    if (shape.cell() == RecurrentCell.LSTM) {
      for (int i = 0; i < c.length; i++) {
        loss += c[i] * gcn[i];
      }
    }
    return loss;
  }

  private double[] named(double[][] values, String name, int n) {
    for (int i = 0; i < values.length; i++) {
      if (operands.get(i).name.equals(name)) {
        return values[i];
      }
    }
    return new double[n];
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private void reference(double[][] values, double[] y, double[] hOut, double[] cOut) {
    int hidden = shape.hidden();
    int s = shape.state();
    int in = shape.input();
    int rows = shape.cell().gates() * hidden;
    double[] x = named(values, "x", 0);
    double[] wih = named(values, "weightIh", 0);
    double[] whh = named(values, "weightHh", 0);
    double[] whr = named(values, "weightHr", 0);
    double[] bih = named(values, "biasIh", rows);
    double[] bhh = named(values, "biasHh", rows);
    double[] h0 = named(values, "h0", hOut.length);
    double[] c0 = named(values, "c0", cOut.length);
    for (int n = 0; n < shape.batch(); n++) {
      double[] h = java.util.Arrays.copyOfRange(h0, n * s, (n + 1) * s);
      double[] c = java.util.Arrays.copyOfRange(c0, n * hidden, (n + 1) * hidden);
      for (int step = 0; step < shape.steps(); step++) {
        int t = shape.reverse() ? shape.steps() - 1 - step : step;
        if (t >= lengths[n]) {
          continue;
        }
        int row = shape.batchFirst() ? n * shape.steps() + t : t * shape.batch() + n;
        double[] a = bih.clone();
        double[] b = bhh.clone();
        for (int r = 0; r < rows; r++) {
          for (int j = 0; j < in; j++) {
            a[r] += wih[r * in + j] * x[row * in + j];
          }
          for (int j = 0; j < s; j++) {
            b[r] += whh[r * s + j] * h[j];
          }
        }
        double[] next = new double[hidden];
        for (int u = 0; u < hidden; u++) {
          switch (shape.cell()) {
            case LSTM -> {
              double i = sigmoid(a[u] + b[u]);
              double f = sigmoid(a[hidden + u] + b[hidden + u]);
              double g = Math.tanh(a[2 * hidden + u] + b[2 * hidden + u]);
              double o = sigmoid(a[3 * hidden + u] + b[3 * hidden + u]);
              c[u] = f * c[u] + i * g;
              next[u] = o * Math.tanh(c[u]);
            }
            case GRU -> {
              double r = sigmoid(a[u] + b[u]);
              double z = sigmoid(a[hidden + u] + b[hidden + u]);
              double g = Math.tanh(a[2 * hidden + u] + r * b[2 * hidden + u]);
              next[u] = (1 - z) * g + z * h[u];
            }
            case RNN_TANH -> next[u] = Math.tanh(a[u] + b[u]);
            case RNN_RELU -> next[u] = Math.max(0, a[u] + b[u]);
          }
        }
        if (shape.projection() > 0) {
          for (int p = 0; p < s; p++) {
            h[p] = 0;
            for (int u = 0; u < hidden; u++) {
              h[p] += whr[p * hidden + u] * next[u];
            }
          }
        } else {
          h = next;
        }
        System.arraycopy(h, 0, y, row * features, s);
      }
      System.arraycopy(h, 0, hOut, n * s, s);
      System.arraycopy(c, 0, cOut, n * hidden, hidden);
    }
  }
}
