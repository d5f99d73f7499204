package dev.harpia.simd;

/**
 * The geometry of a 2-D convolution (cross-correlation) with zero padding, row-major: x [N, C, H,
 * W], weight [O, C/groups, KH, KW], y [N, O, OH, OW] with OH = (H + 2·PH − DH·(KH − 1) − 1) / SH +
 * 1, and OW likewise. A 1-D convolution has H = KH = 1.
 *
 * @param n images
 * @param ci channels of x
 * @param h rows of x
 * @param w columns of x
 * @param co channels of y
 * @param kh rows of the kernel
 * @param kw columns of the kernel
 * @param sh stride over rows
 * @param sw stride over columns
 * @param ph rows of zeros above and below x
 * @param pw columns of zeros left and right of x
 * @param dh distance between rows of the kernel
 * @param dw distance between columns of the kernel
 * @param groups independent groups of channels; divides {@code ci} and {@code co}
 */
public record ConvShape(
    int n,
    int ci,
    int h,
    int w,
    int co,
    int kh,
    int kw,
    int sh,
    int sw,
    int ph,
    int pw,
    int dh,
    int dw,
    int groups) {
  static {
    Compiler.prepare(); // the tiles of convolutions will need it
  }

  /** Refuses what no convolution can have. */
  public ConvShape {
    if (n < 0 || ci < 1 || h < 1 || w < 1 || co < 1) {
      throw new IllegalArgumentException(
          "conv: [%d, %d, %d, %d] to %d channels: sizes must be positive"
              .formatted(n, ci, h, w, co));
    }
    if (kh < 1 || kw < 1 || sh < 1 || sw < 1 || dh < 1 || dw < 1 || ph < 0 || pw < 0) {
      throw new IllegalArgumentException(
          "conv: kernel %d×%d, stride %d×%d, padding %d×%d, dilation %d×%d: must be positive (padding: not negative)"
              .formatted(kh, kw, sh, sw, ph, pw, dh, dw));
    }
    if (groups < 1 || ci % groups != 0 || co % groups != 0) {
      throw new IllegalArgumentException(
          "conv: %d and %d channels: groups = %d must divide both".formatted(ci, co, groups));
    }
    if ((long) h + 2L * ph < (long) dh * (kh - 1) + 1
        || (long) w + 2L * pw < (long) dw * (kw - 1) + 1) {
      throw new IllegalArgumentException(
          "conv: input %d×%d with padding %d×%d is smaller than the kernel %d×%d with dilation %d×%d"
              .formatted(h, w, ph, pw, kh, kw, dh, dw));
    }
  }

  /** Rows of y. */
  public int oh() {
    return (h + 2 * ph - dh * (kh - 1) - 1) / sh + 1;
  }

  /** Columns of y. */
  public int ow() {
    return (w + 2 * pw - dw * (kw - 1) - 1) / sw + 1;
  }

  /** Multiplications of one forward pass. */
  public long multiplications() {
    return (long) n * co * oh() * ow() * (ci / groups) * kh * kw;
  }
}
