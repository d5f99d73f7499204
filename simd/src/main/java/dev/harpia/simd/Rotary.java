package dev.harpia.simd;

/**
 * Rotary position embedding: pair p of a row at position t turns by the angle {@code
 * t·base^(−2p/D)}, so {@code (a, b)} becomes {@code (a·cos − b·sin, b·cos + a·sin)}. Pairs are (p,
 * p + D/2) in the half layout (GPT-NeoX, Hugging Face's Llama), or (2p, 2p + 1) in the interleaved
 * one (GPT-J, llama2.c). The backward pass turns back.
 */
public final class Rotary {
  private Rotary() {}

  /** Fills cos and sin, each [positions, D/2], for D even. */
  public static void tables(long cos, long sin, int positions, int features, double base) {
    double[] frequencies = new double[half(features)];
    for (int p = 0; p < frequencies.length; p++) {
      frequencies[p] = StrictMath.pow(base, -2.0 * p / features);
    }
    tables(cos, sin, positions, frequencies);
  }

  /** Fills cos and sin, each [positions, pairs], with those of {@code t·frequencies[p]}. */
  public static void tables(long cos, long sin, int positions, double... frequencies) {
    int half = frequencies.length;
    for (int p = 0; p < half; p++) {
      for (int t = 0; t < positions; t++) {
        long o = 4L * ((long) t * half + p);
        Vectors.set(cos + o, (float) StrictMath.cos(t * frequencies[p]));
        Vectors.set(sin + o, (float) StrictMath.sin(t * frequencies[p]));
      }
    }
  }

  private static int half(int features) {
    if (features < 2 || features % 2 != 0) {
      throw new IllegalArgumentException(
          "rotary: %d features: must be even and at least 2".formatted(features));
    }
    return features / 2;
  }

  /**
   * Turns the rows of y = x [B, H, T, D]; y may be x.
   *
   * @param y where results go; both tensors lie as {@code yLayout} and {@code xLayout} say
   * @param position of the first row, so that cos and sin [positions, D/2] are used from there on
   * @param interleaved which pairs turn
   * @param back turns by minus the angle, for the backward pass
   * @param add adds to y instead of writing it
   */
  public static void turn(
      long y,
      HeadLayout yLayout,
      long x,
      HeadLayout xLayout,
      long cos,
      long sin,
      int batch,
      int heads,
      int steps,
      int features,
      int position,
      boolean interleaved,
      boolean back,
      boolean add) {
    int half = half(features);
    float sign = back ? -1 : 1;
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        for (int t = 0; t < steps; t++) {
          long angle = 4L * (position + t) * half;
          long from = x + xLayout.offset(b, h, t);
          long to = y + yLayout.offset(b, h, t);
          if (interleaved) {
            RotaryKernels.interleaved(to, from, cos + angle, sin + angle, half, sign, add);
          } else {
            RotaryKernels.halves(to, from, cos + angle, sin + angle, half, sign, add);
          }
        }
      }
    }
  }
}
