package dev.harpia.simd;

/** Chooses, from the shape alone, whether the lanes of a vector hold pixels or images. */
final class ConvLayout {
  private ConvLayout() {}

  private static final boolean FORCED = Boolean.getBoolean("harpia.conv.images");

  static boolean batch(ConvShape s, TapGrid[] grids) {
    return FORCED;
  }

  static boolean batchWeights(ConvShape s) {
    return FORCED;
  }
}
