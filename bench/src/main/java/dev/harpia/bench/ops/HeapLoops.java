package dev.harpia.bench.ops;

/**
 * What a good Java programmer writes for heap arrays: plain loops in the order that the compiler
 * vectorises by itself, sums in several accumulators, products blocked for the cache.
 */
final class HeapLoops {
  private HeapLoops() {}

  static void add(float[] y, float[] a, float[] b) {
    for (int i = 0; i < y.length; i++) {
      y[i] = a[i] + b[i];
    }
  }

  static void exp(float[] y, float[] x) {
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) Math.exp(x[i]);
    }
  }

  static void tanh(float[] y, float[] x) {
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) Math.tanh(x[i]);
    }
  }

  /** With erf by Abramowitz and Stegun 7.1.26, since the JDK has none. */
  static void gelu(float[] y, float[] x) {
    for (int i = 0; i < y.length; i++) {
      float v = x[i];
      float z = Math.abs(v) * 0.70710678f;
      float t = 1 / (1 + 0.3275911f * z);
      float poly =
          ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t
                  + 0.254829592f)
              * t;
      float erf = 1 - poly * (float) Math.exp(-z * z);
      y[i] = 0.5f * v * (1 + (v < 0 ? -erf : erf));
    }
  }

  static float sum(float[] x) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    int i = 0;
    for (; i + 8 <= x.length; i += 8) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
      e += x[i + 4];
      f += x[i + 5];
      g += x[i + 6];
      h += x[i + 7];
    }
    for (; i < x.length; i++) {
      a += x[i];
    }
    return ((a + b) + (c + d)) + ((e + f) + (g + h));
  }

  static void softmax(float[] y, float[] x, int d) {
    for (int r = 0; r < x.length; r += d) {
      float max = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < d; i++) {
        max = Math.max(max, x[r + i]);
      }
      float sum = 0;
      for (int i = 0; i < d; i++) {
        float e = (float) Math.exp(x[r + i] - max);
        y[r + i] = e;
        sum += e;
      }
      float scale = 1 / sum;
      for (int i = 0; i < d; i++) {
        y[r + i] *= scale;
      }
    }
  }

  static void layerNorm(float[] y, float[] x, float[] w, float[] b, int d) {
    for (int r = 0; r < x.length; r += d) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      for (int i = 0; i < d; i += 4) {
        s0 += x[r + i];
        s1 += x[r + i + 1];
        s2 += x[r + i + 2];
        s3 += x[r + i + 3];
      }
      float mean = ((s0 + s1) + (s2 + s3)) / d;
      s0 = s1 = s2 = s3 = 0;
      for (int i = 0; i < d; i += 4) {
        float v0 = x[r + i] - mean;
        float v1 = x[r + i + 1] - mean;
        float v2 = x[r + i + 2] - mean;
        float v3 = x[r + i + 3] - mean;
        s0 += v0 * v0;
        s1 += v1 * v1;
        s2 += v2 * v2;
        s3 += v3 * v3;
      }
      float scale = (float) (1 / Math.sqrt(((s0 + s1) + (s2 + s3)) / d + 1e-5));
      for (int i = 0; i < d; i++) {
        y[r + i] = (x[r + i] - mean) * scale * w[i] + b[i];
      }
    }
  }

  /** C = A·B: blocks of B stay in the cache, four rows of it at a time go into a row of C. */
  static void multiply(float[] c, float[] a, float[] b, int n) {
    java.util.Arrays.fill(c, 0);
    int block = 128;
    for (int k0 = 0; k0 < n; k0 += block) {
      int k1 = Math.min(n, k0 + block);
      for (int j0 = 0; j0 < n; j0 += 2 * block) {
        int j1 = Math.min(n, j0 + 2 * block);
        for (int i = 0; i < n; i++) {
          int k = k0;
          for (; k + 4 <= k1; k += 4) {
            row(c, b, i * n, j0, j1, k * n, n, a, i * n + k);
          }
          for (; k < k1; k++) {
            axpy(c, i * n + j0, b, k * n + j0, a[i * n + k], j1 - j0);
          }
        }
      }
    }
  }

  private static void row(
      float[] c, float[] b, int at, int j0, int j1, int row, int n, float[] a, int ak) {
    float a0 = a[ak];
    float a1 = a[ak + 1];
    float a2 = a[ak + 2];
    float a3 = a[ak + 3];
    for (int j = j0; j < j1; j++) {
      c[at + j] +=
          a0 * b[row + j] + a1 * b[row + n + j] + a2 * b[row + 2 * n + j] + a3 * b[row + 3 * n + j];
    }
  }

  private static void axpy(float[] y, int to, float[] x, int from, float s, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] += s * x[from + i];
    }
  }

  /** Valid 3×3 convolution, stride 1: x [N, C, H, H], w [O, C, 3, 3], y [N, O, H−2, H−2]. */
  static void conv3(float[] y, float[] x, float[] w, float[] bias, int n, int ci, int h, int co) {
    int oh = h - 2;
    for (int image = 0; image < n; image++) {
      for (int o = 0; o < co; o++) {
        int plane = (image * co + o) * oh * oh;
        java.util.Arrays.fill(y, plane, plane + oh * oh, bias[o]);
        for (int c = 0; c < ci; c++) {
          int k = (o * ci + c) * 9;
          for (int i = 0; i < oh; i++) {
            int at = ((image * ci + c) * h + i) * h;
            taps(y, plane + i * oh, x, at, h, w, k, oh);
          }
        }
      }
    }
  }

  private static void taps(
      float[] y, int to, float[] x, int at, int h, float[] w, int k, int width) {
    for (int r = 0; r < 3; r++) {
      float a = w[k + 3 * r];
      float b = w[k + 3 * r + 1];
      float c = w[k + 3 * r + 2];
      int from = at + r * h;
      for (int j = 0; j < width; j++) {
        y[to + j] += a * x[from + j] + b * x[from + j + 1] + c * x[from + j + 2];
      }
    }
  }
}
