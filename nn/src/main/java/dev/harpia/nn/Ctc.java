package dev.harpia.nn;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.SingleOutput;
import java.util.Arrays;

/**
 * The forward–backward algorithm of connectionist temporal classification, in double precision;
 * sequences are short.
 */
final class Ctc implements SingleOutput {
  private final int[] inputLengths;
  private final int[] targetLengths;
  private final int blank;

  Ctc(int[] inputLengths, int[] targetLengths, int blank) {
    this.inputLengths = inputLengths.clone();
    this.targetLengths = targetLengths.clone();
    this.blank = blank;
  }

  @Override
  public DType[] types(DType... in) {
    if (in[0] != DType.F32 || in[1] != DType.I32) {
      throw new IllegalArgumentException("ctc: log-probabilities must be F32 and targets I32");
    }
    return new DType[] {DType.F32};
  }

  @Override
  public Shape shape(Shape... in) {
    if (in[0].rank() != 3 || in[1].rank() != 2 || in[1].dim(0) != in[0].dim(1)) {
      throw new ShapeException("ctc", "log-probabilities must be [T, N, C] and targets [N, S]", in);
    }
    int n = in[0].dim(1);
    if (inputLengths.length != n || targetLengths.length != n) {
      throw new ShapeException(
          "ctc",
          n
              + " sequences take "
              + n
              + " lengths each; given are "
              + inputLengths.length
              + " and "
              + targetLengths.length,
          in);
    }
    for (int i = 0; i < n; i++) {
      if (inputLengths[i] < 1
          || inputLengths[i] > in[0].dim(0)
          || targetLengths[i] < 0
          || targetLengths[i] > in[1].dim(1)) {
        throw new ShapeException(
            "ctc",
            "sequence " + i + " has lengths " + inputLengths[i] + " and " + targetLengths[i],
            in);
      }
    }
    return Shape.of(n);
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    for (int n = 0; n < out.dim(0); n++) {
      Alignment a = new Alignment(in[0], in[1], n);
      out.set((float) -a.logLikelihood(a.forward()), n);
    }
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    boolean add = gIn.accumulate(0);
    Tensor t = gIn.target(0);
    float[] grad = add ? t.toArray() : new float[Math.toIntExact(t.size())];
    for (int n = 0; n < out.dim(0); n++) {
      new Alignment(in[0], in[1], n).gradient(grad, g.get(n));
    }
    t.copyFrom(grad);
  }

  /**
   * One sequence: labels with blanks between them, and the log-probabilities of their prefixes and
   * suffixes.
   */
  private final class Alignment {
    private final Tensor x;
    private final int n;
    private final int steps;
    private final int[] labels;

    Alignment(Tensor x, Tensor targets, int n) {
      this.x = x;
      this.n = n;
      this.steps = inputLengths[n];
      labels = new int[2 * targetLengths[n] + 1];
      Arrays.fill(labels, blank);
      for (int s = 0; s < targetLengths[n]; s++) {
        labels[2 * s + 1] = targets.getInt(n, s);
        if (labels[2 * s + 1] < 0 || labels[2 * s + 1] >= x.dim(2)) {
          throw new IndexOutOfBoundsException(
              "ctc: label "
                  + labels[2 * s + 1]
                  + " of sequence "
                  + n
                  + ": there are "
                  + x.dim(2)
                  + " classes");
        }
      }
    }

    private double log(int t, int s) {
      return x.get(t, n, labels[s]);
    }

    private boolean skips(int s) {
      return s >= 2 && labels[s] != blank && labels[s] != labels[s - 2];
    }

    /** α[t][s]: all ways to have emitted labels up to s by time t. */
    double[][] forward() {
      double[][] a = table();
      a[0][0] = log(0, 0);
      if (labels.length > 1) {
        a[0][1] = log(0, 1);
      }
      for (int t = 1; t < steps; t++) {
        for (int s = 0; s < labels.length; s++) {
          double p = a[t - 1][s];
          p = s >= 1 ? add(p, a[t - 1][s - 1]) : p;
          p = skips(s) ? add(p, a[t - 1][s - 2]) : p;
          a[t][s] = p + log(t, s);
        }
      }
      return a;
    }

    /** β[t][s]: all ways to go on from label s at time t, without the label's own probability. */
    private double[][] backward() {
      double[][] b = table();
      int last = labels.length - 1;
      b[steps - 1][last] = 0;
      if (last >= 1) {
        b[steps - 1][last - 1] = 0;
      }
      for (int t = steps - 2; t >= 0; t--) {
        for (int s = 0; s <= last; s++) {
          double p = b[t + 1][s] + log(t + 1, s);
          p = s + 1 <= last ? add(p, b[t + 1][s + 1] + log(t + 1, s + 1)) : p;
          p = s + 2 <= last && skips(s + 2) ? add(p, b[t + 1][s + 2] + log(t + 1, s + 2)) : p;
          b[t][s] = p;
        }
      }
      return b;
    }

    private double[][] table() {
      double[][] d = new double[steps][labels.length];
      for (double[] row : d) {
        Arrays.fill(row, Double.NEGATIVE_INFINITY);
      }
      return d;
    }

    double logLikelihood(double[][] a) {
      int last = labels.length - 1;
      double p = a[steps - 1][last];
      return last >= 1 ? add(p, a[steps - 1][last - 1]) : p;
    }

    /** ∂(−log p)/∂x[t, c] = −Σ over s with label c of e^(α + β − log p). */
    void gradient(float[] grad, float scale) {
      double[][] a = forward();
      double[][] b = backward();
      double total = logLikelihood(a);
      int classes = x.dim(2);
      for (int t = 0; t < steps; t++) {
        int row = (t * x.dim(1) + n) * classes;
        for (int s = 0; s < labels.length; s++) {
          grad[row + labels[s]] -= (float) (scale * Math.exp(a[t][s] + b[t][s] - total));
        }
      }
    }

    private static double add(double a, double b) {
      double m = Math.max(a, b);
      return m == Double.NEGATIVE_INFINITY ? m : m + Math.log(Math.exp(a - m) + Math.exp(b - m));
    }
  }
}
