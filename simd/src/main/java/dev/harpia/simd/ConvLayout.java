package dev.harpia.simd;

/**
 * Chooses, from the shape alone, whether the lanes of a vector hold pixels, images or channels.
 *
 * <p>With pixels in the lanes, rows carry columns that no output uses and every plane ends in a
 * partly filled vector; with images in the lanes nothing is lost if the batch fills them, but
 * planes must be transposed on their way in and out. With output channels in the lanes narrow
 * planes and strides cost nothing, but channels that do not fill vectors do. The prices below, in
 * multiplications of one vector, are measured.
 */
final class ConvLayout {
  /**
   * Transposing a square of LANES images × LANES pixels: mostly cache misses, one for each image.
   */
  private static final double SQUARE = 400;

  /** Copying a row of pixels, and each of its vectors. */
  private static final double ROW = 20;

  private static final double VECTOR = 6;

  /** An element copied by itself, for strides and for images that do not fill the lanes. */
  private static final double ELEMENT = 2.5;

  /** Transposing a square of LANES channels × LANES pixels that lies in the first cache. */
  private static final double TRANSPOSE = 120;

  /** What a tile with a single vector of channels takes, against half of one with two. */
  static final double SINGLE = 1.3;

  /** Vectors of pixels straddle cache lines, and their planes come from the second cache. */
  private static final double STRADDLE = 1.15;

  private ConvLayout() {}

  /**
   * Whether images go into the lanes, for a pass that computes {@code grids} of [outH, outW] from
   * planes [h, w].
   */
  static boolean images(
      int n, int ci, int co, int h, int w, int sx, int outH, int outW, TapGrid[] grids) {
    return images(n, ci, co, h, w, outH, outW, grids) < pixels(n, ci, co, h, sx, grids);
  }

  private static double pixels(int n, int ci, int co, int h, int sx, TapGrid[] grids) {
    double pixels = 0;
    double inside = 0;
    for (TapGrid g : grids) {
      int pitch = g.cols() + g.widest() / sx;
      double k = (double) ci * co * g.taps();
      pixels += k * Math.ceilDiv((g.rows() - 1) * pitch + g.cols(), Vectors.LANES);
      pixels += co * g.rows() * (g.osx() == 1 ? row(g.cols()) : ROW + ELEMENT * g.cols());
      inside = Math.max(inside, sx == 1 ? row(pitch) : ROW + ELEMENT * sx * pitch);
    }
    return n * (pixels + ci * h * inside);
  }

  private static double images(
      int n, int ci, int co, int h, int w, int outH, int outW, TapGrid[] grids) {
    double products = 0;
    for (TapGrid g : grids) {
      products += (double) ci * co * g.taps() * g.rows() * g.cols();
    }
    return imagesCost(n, products, squares(n, ci, h, w, co, outH, outW), (double) ci * h * w);
  }

  /** Whether output channels go into the lanes of a forward pass. */
  static boolean channels(ConvShape s) {
    int ci = s.ci() / s.groups();
    int co = s.co() / s.groups();
    if (!ChannelPlan.fits(s)) {
      return false;
    }
    TapGrid[] grid = {TapPlan.forwardGrid(s)};
    int vectors = Math.ceilDiv(co, Vectors.LANES);
    double outputs = (double) s.oh() * s.ow();
    double products = (double) ci * s.kh() * s.kw() * outputs;
    // a vector of channels alone shares each pixel that is loaded with no other
    double cost = products * (vectors / 2 * 2 + (vectors % 2) * SINGLE);
    cost += TRANSPOSE * vectors * Math.ceil(outputs / Vectors.LANES);
    if (s.ph() > 0 || s.pw() > 0) {
      cost += ci * s.h() * row(s.w() + 2 * s.pw());
    }
    double pixels = STRADDLE * pixels(s.n(), ci, co, s.h(), s.sw(), grid);
    double images = images(s.n(), ci, co, s.h(), s.w(), s.oh(), s.ow(), grid);
    return s.n() * cost < Math.min(pixels, images);
  }

  /** Whether images go into the lanes, for a weight gradient. */
  static boolean imagesForWeights(ConvShape s) {
    int ci = s.ci() / s.groups();
    int co = s.co() / s.groups();
    double k = (double) ci * co * s.kh() * s.kw();
    int pitch = s.ow() + (s.kw() - 1) * s.dw() / s.sw();
    // vectors of pixels straddle cache lines: a tile then waits for its loads
    double pixels =
        1.25 * k * Math.ceilDiv((s.oh() - 1) * pitch + s.ow(), Vectors.LANES)
            + co * s.oh() * row(pitch)
            + ci * s.h() * (s.sw() == 1 ? row(pitch) : ROW + ELEMENT * s.w());
    double squares = squares(s.n(), ci, s.h(), s.w(), co, s.oh(), s.ow());
    double elements = (double) ci * s.h() * s.w() + (double) co * s.oh() * s.ow();
    return imagesCost(s.n(), k * s.oh() * s.ow(), squares, elements) < s.n() * pixels;
  }

  private static double row(int columns) {
    return ROW + VECTOR * Math.ceilDiv(columns, Vectors.LANES);
  }

  private static double squares(int n, int ci, int h, int w, int co, int oh, int ow) {
    return ci * h * Math.ceilDiv(w, Vectors.LANES)
        + (double) co * Math.ceilDiv(oh * ow, Vectors.LANES);
  }

  private static double imagesCost(int n, double products, double squares, double elements) {
    double whole = n / Vectors.LANES * (products + SQUARE * squares);
    int rest = n % Vectors.LANES;
    return rest == 0
        ? whole
        : whole + products + SQUARE * squares + ELEMENT * elements * Vectors.LANES;
  }
}
