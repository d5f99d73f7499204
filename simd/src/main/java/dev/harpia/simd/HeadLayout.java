package dev.harpia.simd;

/**
 * Where the heads of a tensor lie: floats from one batch element, one head and one row (time step)
 * to the next. The features of a row are adjacent.
 */
public record HeadLayout(long batch, long head, long row) {
  /** A tensor [B, H, T, D]. */
  public static HeadLayout split(int heads, int steps, int features) {
    long head = (long) steps * features;
    return new HeadLayout(heads * head, head, features);
  }

  /**
   * Heads side by side in rows of {@code width} floats: [B, T, H·D], or a part of a fused
   * projection such as [B, T, 3·H·D].
   */
  public static HeadLayout fused(int steps, int width, int features) {
    return new HeadLayout((long) steps * width, features, width);
  }

  long offset(int b, int h, int t) {
    return 4 * (b * batch + h * head + t * row);
  }
}
