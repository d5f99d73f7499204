package dev.harpia.simd;

/**
 * Pools with a given output size: output row i sees rows floor(i·H/OH) to ceil((i + 1)·H/OH),
 * columns likewise.
 */
public record AdaptivePool(int planes, int h, int w, int oh, int ow) implements PoolWindows {
  /** Refuses empty planes. */
  public AdaptivePool {
    if (planes < 0 || h < 1 || w < 1 || oh < 1 || ow < 1) {
      throw new IllegalArgumentException(
          "adaptive pool: %d planes %d×%d to %d×%d: sizes must be positive"
              .formatted(planes, h, w, oh, ow));
    }
  }

  @Override
  public int top(int oy) {
    return (int) ((long) oy * h / oh);
  }

  @Override
  public int bottom(int oy) {
    return (int) Math.ceilDiv((oy + 1L) * h, (long) oh);
  }

  @Override
  public int left(int ox) {
    return (int) ((long) ox * w / ow);
  }

  @Override
  public int right(int ox) {
    return (int) Math.ceilDiv((ox + 1L) * w, (long) ow);
  }

  @Override
  public int stepY() {
    return 1;
  }

  @Override
  public int stepX() {
    return 1;
  }

  @Override
  public int divisor(int oy, int ox) {
    return (bottom(oy) - top(oy)) * (right(ox) - left(ox));
  }
}
