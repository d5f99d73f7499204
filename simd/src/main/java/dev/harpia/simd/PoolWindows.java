package dev.harpia.simd;

/**
 * Which pixels of a plane [h, w] each output [oh, ow] of a pool sees: rows top, top + stepY, …
 * below bottom; columns likewise.
 */
public sealed interface PoolWindows permits PoolShape, AdaptivePool {
  /** Planes: N·C. */
  int planes();

  /** Rows of the input. */
  int h();

  /** Columns of the input. */
  int w();

  /** Rows of the output. */
  int oh();

  /** Columns of the output. */
  int ow();

  /** First row inside the input. */
  int top(int oy);

  /** The row after the last one. */
  int bottom(int oy);

  /** First column inside the input. */
  int left(int ox);

  /** The column after the last one. */
  int right(int ox);

  /** Distance between a window's rows. */
  int stepY();

  /** Distance between a window's columns. */
  int stepX();

  /** What an average divides by. */
  int divisor(int oy, int ox);
}
