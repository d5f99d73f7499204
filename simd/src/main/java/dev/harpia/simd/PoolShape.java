package dev.harpia.simd;

/**
 * The geometry of a pool over planes [H, W]: OH = (H + 2·PH − DH·(KH − 1) − 1) / SH + 1, rounded
 * down, or up when {@code ceil} is set and the last window still begins inside the plane or its
 * upper padding.
 *
 * @param planes N·C
 * @param h rows of the input
 * @param w columns of the input
 * @param kh rows of the window
 * @param kw columns of the window
 * @param sh stride over rows
 * @param sw stride over columns
 * @param ph padding above and below, at most half the window
 * @param pw padding left and right, at most half the window
 * @param dh distance between the window's rows
 * @param dw distance between the window's columns
 * @param ceil whether sizes are rounded up
 * @param includePad whether an average counts padding
 * @param override what an average divides by, or 0 for the number of pixels
 */
public record PoolShape(
    int planes,
    int h,
    int w,
    int kh,
    int kw,
    int sh,
    int sw,
    int ph,
    int pw,
    int dh,
    int dw,
    boolean ceil,
    boolean includePad,
    int override)
    implements PoolWindows {

  /** Refuses what no pool can have. */
  public PoolShape {
    if (planes < 0 || h < 1 || w < 1 || kh < 1 || kw < 1 || sh < 1 || sw < 1 || dh < 1 || dw < 1) {
      throw new IllegalArgumentException(
          "pool: %d planes %d×%d, kernel %d×%d, stride %d×%d, dilation %d×%d: sizes must be positive"
              .formatted(planes, h, w, kh, kw, sh, sw, dh, dw));
    }
    if (ph < 0 || pw < 0 || 2 * ph > kh || 2 * pw > kw) {
      throw new IllegalArgumentException(
          "pool: padding %d×%d: must be between 0 and half the kernel %d×%d"
              .formatted(ph, pw, kh, kw));
    }
    if (override < 0) {
      throw new IllegalArgumentException("pool: divisor " + override + ": must be positive");
    }
    if (size(h, kh, sh, ph, dh, ceil) < 1 || size(w, kw, sw, pw, dw, ceil) < 1) {
      throw new IllegalArgumentException(
          "pool: input %d×%d with padding %d×%d is smaller than the kernel %d×%d with dilation %d×%d"
              .formatted(h, w, ph, pw, kh, kw, dh, dw));
    }
  }

  /** A max pool. */
  public static PoolShape max(
      int planes,
      int h,
      int w,
      int kh,
      int kw,
      int sh,
      int sw,
      int ph,
      int pw,
      int dh,
      int dw,
      boolean ceil) {
    return new PoolShape(planes, h, w, kh, kw, sh, sw, ph, pw, dh, dw, ceil, true, 0);
  }

  /** An average pool. */
  public static PoolShape average(
      int planes,
      int h,
      int w,
      int kh,
      int kw,
      int sh,
      int sw,
      int ph,
      int pw,
      boolean ceil,
      boolean includePad,
      int override) {
    return new PoolShape(planes, h, w, kh, kw, sh, sw, ph, pw, 1, 1, ceil, includePad, override);
  }

  private static int size(
      int size, int kernel, int stride, int padding, int dilation, boolean ceil) {
    long room = (long) size + 2L * padding - (long) dilation * (kernel - 1) - 1;
    if (room < 0 && (!ceil || room <= -stride)) {
      return 0;
    }
    long out = (ceil ? Math.ceilDiv(room, (long) stride) : room / stride) + 1;
    if (ceil && (out - 1) * stride >= size + padding) {
      out--;
    }
    return (int) out;
  }

  @Override
  public int oh() {
    return size(h, kh, sh, ph, dh, ceil);
  }

  @Override
  public int ow() {
    return size(w, kw, sw, pw, dw, ceil);
  }

  @Override
  public int top(int oy) {
    return first(oy * sh - ph, dh);
  }

  @Override
  public int bottom(int oy) {
    return Math.min(h, oy * sh - ph + dh * (kh - 1) + 1);
  }

  @Override
  public int left(int ox) {
    return first(ox * sw - pw, dw);
  }

  @Override
  public int right(int ox) {
    return Math.min(w, ox * sw - pw + dw * (kw - 1) + 1);
  }

  private static int first(int start, int step) {
    return start >= 0 ? start : start + Math.ceilDiv(-start, step) * step;
  }

  @Override
  public int stepY() {
    return dh;
  }

  @Override
  public int stepX() {
    return dw;
  }

  @Override
  public int divisor(int oy, int ox) {
    if (override != 0) {
      return override;
    }
    if (!includePad) {
      return (bottom(oy) - top(oy)) * (right(ox) - left(ox));
    }
    int rows = Math.min(oy * sh - ph + kh, h + ph) - (oy * sh - ph);
    int columns = Math.min(ox * sw - pw + kw, w + pw) - (ox * sw - pw);
    return rows * columns;
  }

  /** Room beside a row of values: padding, windows that reach out, whole vectors. */
  int margin() {
    return 2 * pw + kw * dw + sw + 4 * Vectors.LANES;
  }

  /** Whether a row of maxima can be taken in vectors: every window begins in a pixel's reach. */
  boolean rowsInVectors() {
    return sw <= 2 && dw * (kw - 1) < w && dh * (kh - 1) < h;
  }

  /** Whether windows are 2×2, side by side, and whole. */
  boolean pairs() {
    return kh == 2
        && kw == 2
        && sh == 2
        && sw == 2
        && ph == 0
        && pw == 0
        && dh == 1
        && dw == 1
        && 2 * oh() <= h
        && 2 * ow() <= w;
  }
}
