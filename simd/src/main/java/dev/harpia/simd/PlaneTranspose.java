package dev.harpia.simd;

/** Transposes a square of LANES × LANES floats in registers. */
interface PlaneTranspose {
  /**
   * Row i of the target is column i of the source, plus {@code bias}, nothing below {@code floor}
   * (which lets NaN pass).
   *
   * @param fromStep bytes between rows of the source
   * @param toStep bytes between rows of the target
   */
  void run(long from, long fromStep, long to, long toStep, float bias, float floor);
}
