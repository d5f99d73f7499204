package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** Fourier transforms, in double precision and straight from the definition, and their windows. */
final class Spectra {
  private Spectra() {}

  static void register(Operators.Registry r) {
    r.add("DFT", Mapping.floats(Spectra::dft));
    r.add("STFT", Mapping.floats(Spectra::stft));
    r.add("HannWindow", c -> window(c, 0.5, 0.5, 0));
    r.add("HammingWindow", c -> window(c, 25.0 / 46, 21.0 / 46, 0));
    r.add("BlackmanWindow", c -> window(c, 0.42, 0.5, 0.08));
    r.add("MelWeightMatrix", Spectra::mel);
  }

  private static Value[] window(Call c, double a, double b, double d) {
    int n = Call.bounded(c.value(0).longs()[0]).dim(0);
    double period = c.flag("periodic", true) ? n : n - 1;
    float[] w = new float[n];
    for (int i = 0; i < n; i++) {
      double at = 2 * Math.PI * i / period;
      w[i] = (float) (a - b * Math.cos(at) + d * Math.cos(2 * at));
    }
    Value v = Value.of(Value.constant(w, Shape.of(n)), OnnxType.FLOAT);
    OnnxType type = OnnxType.of(c.integer("output_datatype", 1));
    return new Value[] {Elementwise.cast(v, type)};
  }

  /** cos and sin of {@code 2πk/n} in turn. */
  private static double[] circle(int n, boolean inverse) {
    double[] t = new double[2 * n];
    for (int k = 0; k < n; k++) {
      double angle = 2 * Math.PI * k / n;
      t[2 * k] = Math.cos(angle);
      t[2 * k + 1] = inverse ? Math.sin(angle) : -Math.sin(angle);
    }
    return t;
  }

  /** Keeps a small file from asking for hours: transforms are computed from the definition. */
  private static void limit(Call c, int n, double work) {
    if (n > 1 << 22 || work > 1L << 34) {
      throw c.unsupported("a transform of length " + n + ", of that many rows");
    }
  }

  /** Transforms along an axis of [.., n, .., 1 or 2]: real numbers, or pairs. */
  private static Tensor dft(Call c) {
    Tensor x = c.x(0);
    int rank = x.rank();
    long given = c.opset() < 20 ? c.integer("axis", 1) : c.has(2) ? c.value(2).longs()[0] : -2;
    int axis = Call.axis(given, rank);
    boolean inverse = c.flag("inverse", false);
    boolean onesided = c.flag("onesided", false);
    int parts = x.dim(-1);
    if (axis == rank - 1 || parts > 2 || inverse && onesided && parts != 2) {
      throw new IllegalArgumentException("axis " + axis + " of " + x.shape());
    }
    boolean back = inverse && onesided; // half a spectrum in, real numbers out
    int have = x.dim(axis);
    int n = c.has(1) ? Math.toIntExact(c.value(1).longs()[0]) : back ? 2 * (have - 1) : have;
    if (n < 1) {
      throw new IllegalArgumentException("a transform of length " + n);
    }
    int bins = onesided && !inverse ? n / 2 + 1 : n;
    int outParts = back ? 1 : 2;
    int inner = Math.toIntExact(x.shape().size(axis + 1, rank - 1));
    int outer = Math.toIntExact(x.shape().size(0, axis));
    Shape shape = x.shape().with(axis, bins).with(rank - 1, outParts);
    Call.bounded(Arithmetic.longs(shape));
    limit(c, n, (double) bins * Math.min(n, have) * outer * inner);
    double[] t = circle(n, inverse);
    double scale = inverse ? 1.0 / n : 1;
    PlainOp.Body body =
        (in, out) -> {
          long a = in[0].address();
          long b = out[0].address();
          for (int row = 0; row < outer * inner; row++) {
            long from = 4L * parts * ((long) (row / inner) * have * inner + row % inner);
            long to = 4L * outParts * ((long) (row / inner) * bins * inner + row % inner);
            for (int k = 0; k < bins; k++) {
              double re = 0;
              double im = 0;
              for (int j = 0; j < (back ? n : Math.min(n, have)); j++) {
                boolean mirrored = j >= have;
                int s = mirrored ? n - j : j;
                long e = a + from + 4L * parts * s * inner;
                double xr = s < have ? Vectors.get(e) : 0;
                double xi = parts == 2 && s < have ? Vectors.get(e + 4) : 0;
                xi = mirrored ? -xi : xi;
                int at = 2 * (int) ((long) j * k % n);
                re += xr * t[at] - xi * t[at + 1];
                im += xr * t[at + 1] + xi * t[at];
              }
              long e = b + to + 4L * outParts * k * inner;
              Vectors.set(e, (float) (re * scale));
              if (outParts == 2) {
                Vectors.set(e + 4, (float) (im * scale));
              }
            }
          }
        };
    return PlainOp.floats("dft", shape, body, x);
  }

  /** Frames of a signal [N, L] or [N, L, 1 or 2] to [N, frames, bins, 2]. */
  private static Tensor stft(Call c) {
    Tensor x = c.x(0).rank() == 2 ? c.x(0).unsqueeze(2) : c.x(0);
    int step = Math.toIntExact(c.value(1).longs()[0]);
    int n =
        c.has(3) ? Math.toIntExact(c.value(3).longs()[0]) : c.has(2) ? c.shape(2).dim(0) : x.dim(1);
    if (step < 1 || n < 1 || n > x.dim(1) || c.has(2) && c.shape(2).dim(0) > n) {
      throw new IllegalArgumentException("frames of " + n + " every " + step + " of " + x.shape());
    }
    boolean onesided = c.flag("onesided", true);
    int bins = onesided ? n / 2 + 1 : n;
    int frames = 1 + (x.dim(1) - n) / step;
    int length = x.dim(1);
    int parts = x.dim(2);
    Call.bounded(x.dim(0), frames, bins, 2);
    limit(c, n, (double) x.dim(0) * frames * bins * n);
    float[] ones = new float[n];
    java.util.Arrays.fill(ones, 1);
    Tensor given = c.has(2) ? c.x(2) : Value.constant(ones, Shape.of(n));
    int before = (n - given.dim(0)) / 2;
    Tensor window = Padding.constant(given, 0, before, n - given.dim(0) - before, 0);
    double[] t = circle(n, false);
    PlainOp.Body body =
        (in, out) -> {
          for (int f = 0; f < out[0].dim(0) * frames; f++) {
            long from =
                in[0].address()
                    + 4L * parts * ((long) (f / frames) * length + (long) (f % frames) * step);
            for (int k = 0; k < bins; k++) {
              double re = 0;
              double im = 0;
              for (int j = 0; j < n; j++) {
                double w = Vectors.get(in[1].address() + 4L * j);
                double xr = w * Vectors.get(from + 4L * parts * j);
                double xi = parts == 2 ? w * Vectors.get(from + 8L * j + 4) : 0;
                int at = 2 * (int) ((long) j * k % n);
                re += xr * t[at] - xi * t[at + 1];
                im += xr * t[at + 1] + xi * t[at];
              }
              long to = out[0].address() + 8L * ((long) f * bins + k);
              Vectors.set(to, (float) re);
              Vectors.set(to + 4, (float) im);
            }
          }
        };
    return PlainOp.floats("stft", Shape.of(x.dim(0), frames, bins, 2), body, x, window);
  }

  /** Triangles over the bins of a spectrum, equally wide on the mel scale. */
  private static Value[] mel(Call c) {
    int bands = Math.toIntExact(c.value(0).longs()[0]);
    int length = Math.toIntExact(c.value(1).longs()[0]);
    int rate = Math.toIntExact(c.value(2).longs()[0]);
    double low = melOf(c.value(3).number());
    double high = melOf(c.value(4).number());
    int bins = length / 2 + 1;
    Shape shape = Call.bounded(bins, bands);
    int[] edge = new int[bands + 2];
    for (int i = 0; i < edge.length; i++) {
      double m = low + i * (high - low) / (bands + 2);
      double hertz = 700 * (Math.pow(10, m / 2595) - 1);
      edge[i] = (int) Math.floor((length + 1) * hertz / rate);
    }
    float[] w = new float[bins * bands];
    for (int b = 0; b < bands; b++) {
      int left = edge[b];
      int top = edge[b + 1];
      int right = edge[b + 2];
      if (left == top) {
        w[top * bands + b] = 1;
      }
      for (int i = left; i <= top && left < top; i++) {
        w[i * bands + b] = (float) (i - left) / (top - left);
      }
      for (int i = top; i < right; i++) {
        w[i * bands + b] = (float) (right - i) / (right - top);
      }
    }
    Value v = Value.of(Value.constant(w, shape), OnnxType.FLOAT);
    OnnxType type = OnnxType.of(c.integer("output_datatype", 1));
    return new Value[] {Elementwise.cast(v, type)};
  }

  private static double melOf(double hertz) {
    return 2595 * Math.log10(1 + hertz / 700);
  }
}
