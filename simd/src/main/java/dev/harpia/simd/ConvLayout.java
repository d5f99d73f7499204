package dev.harpia.simd;

/** Chooses, from the shape alone, whether the lanes of a vector hold pixels or images. */
final class ConvLayout {
  private ConvLayout() {}

  static boolean batch(ConvShape s, TapGrid[] grids) {
    String force = System.getProperty("harpia.conv.layout", "");
    if (!force.isEmpty()) return force.equals("batch");
    return false;
  }

  static boolean batchWeights(ConvShape s) {
    String force = System.getProperty("harpia.conv.layout", "");
    if (!force.isEmpty()) return force.equals("batch");
    return false;
  }
}
