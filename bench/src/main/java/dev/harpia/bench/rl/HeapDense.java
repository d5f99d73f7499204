package dev.harpia.bench.rl;

/**
 * A fully connected layer over heap arrays, y = x·W + b with W [in, out], and its Adam.
 *
 * <p>Written for the JIT's own vectoriser: all inner loops run along rows without a sum in them,
 * four rows at a time, so that each result is loaded and stored once for four products. The
 * transposed weights for the way back are kept beside.
 */
final class HeapDense {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  final int in;
  final int out;
  final float[] weight;
  final float[] bias;
  private final float[] transposed;
  private final float[] weightGradient;
  private final float[] biasGradient;
  private final float[][] moments;

  HeapDense(int in, int out) {
    this.in = in;
    this.out = out;
    weight = new float[in * out];
    bias = new float[out];
    transposed = new float[in * out];
    weightGradient = new float[in * out];
    biasGradient = new float[out];
    moments =
        new float[][] {
          new float[in * out], new float[in * out], new float[out], new float[out],
        };
  }

  /** The weights were set: their transposed copy follows. */
  void changed() {
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        transposed[o * in + i] = weight[i * out + o];
      }
    }
  }

  void copyFrom(HeapDense other) {
    System.arraycopy(other.weight, 0, weight, 0, weight.length);
    System.arraycopy(other.bias, 0, bias, 0, bias.length);
  }

  /** y [rows, out] of x [rows, in]. */
  void forward(float[] x, int rows, float[] y, boolean relu) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(bias, 0, y, r * out, out);
      product(x, r * in, in, weight, out, y, r * out);
    }
    if (relu) {
      for (int i = 0; i < rows * out; i++) {
        y[i] = Math.max(0, y[i]);
      }
    }
  }

  /** y += x·W for one row. */
  private static void product(float[] x, int xAt, int in, float[] w, int out, float[] y, int yAt) {
    int i = 0;
    for (; i + 3 < in; i += 4) {
      float a = x[xAt + i];
      float b = x[xAt + i + 1];
      float c = x[xAt + i + 2];
      float d = x[xAt + i + 3];
      int w0 = i * out;
      int w1 = w0 + out;
      int w2 = w1 + out;
      int w3 = w2 + out;
      for (int o = 0; o < out; o++) {
        y[yAt + o] += a * w[w0 + o] + b * w[w1 + o] + (c * w[w2 + o] + d * w[w3 + o]);
      }
    }
    for (; i < in; i++) {
      float a = x[xAt + i];
      int w0 = i * out;
      for (int o = 0; o < out; o++) {
        y[yAt + o] += a * w[w0 + o];
      }
    }
  }

  /** Gradients of the weights, from those of the outputs. */
  void gradients(float[] x, float[] dy, int rows) {
    java.util.Arrays.fill(weightGradient, 0);
    java.util.Arrays.fill(biasGradient, 0);
    int r = 0;
    for (; r + 3 < rows; r += 4) {
      for (int i = 0; i < in; i++) {
        float a = x[r * in + i];
        float b = x[(r + 1) * in + i];
        float c = x[(r + 2) * in + i];
        float d = x[(r + 3) * in + i];
        int g = i * out;
        int y0 = r * out;
        int y1 = y0 + out;
        int y2 = y1 + out;
        int y3 = y2 + out;
        for (int o = 0; o < out; o++) {
          weightGradient[g + o] +=
              a * dy[y0 + o] + b * dy[y1 + o] + (c * dy[y2 + o] + d * dy[y3 + o]);
        }
      }
    }
    for (; r < rows; r++) {
      for (int i = 0; i < in; i++) {
        float a = x[r * in + i];
        for (int o = 0; o < out; o++) {
          weightGradient[i * out + o] += a * dy[r * out + o];
        }
      }
    }
    for (r = 0; r < rows; r++) {
      for (int o = 0; o < out; o++) {
        biasGradient[o] += dy[r * out + o];
      }
    }
  }

  /** dx [rows, in] of dy [rows, out], 0 where the layer before gave 0. */
  void back(float[] dy, int rows, float[] x, float[] dx) {
    java.util.Arrays.fill(dx, 0, rows * in, 0);
    for (int r = 0; r < rows; r++) {
      product(dy, r * out, out, transposed, in, dx, r * in);
    }
    for (int i = 0; i < rows * in; i++) {
      dx[i] = x[i] > 0 ? dx[i] : 0;
    }
  }

  /** Σ g². */
  double squares() {
    double sum = 0;
    for (float g : weightGradient) {
      sum += g * g;
    }
    for (float g : biasGradient) {
      sum += g * g;
    }
    return sum;
  }

  /** A step of Adam with gradients times {@code scale}. */
  void step(long t, float rate, float scale) {
    float c1 = (float) (1 / (1 - Math.pow(BETA1, t)));
    float c2 = (float) (1 / (1 - Math.pow(BETA2, t)));
    adam(weight, weightGradient, moments[0], moments[1], rate * c1, c2, scale);
    adam(bias, biasGradient, moments[2], moments[3], rate * c1, c2, scale);
    changed();
  }

  private static void adam(
      float[] w, float[] g, float[] m, float[] v, float rate, float correction, float scale) {
    for (int i = 0; i < w.length; i++) {
      float x = g[i] * scale;
      m[i] = BETA1 * m[i] + (1 - BETA1) * x;
      v[i] = BETA2 * v[i] + (1 - BETA2) * x * x;
      w[i] -= rate * m[i] / ((float) Math.sqrt(v[i] * correction) + EPSILON);
    }
  }
}
