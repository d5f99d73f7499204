package dev.harpia.simd;

/** The input's part of a recurrent layer's gates, for inputs that are rows of a table. */
public final class InputGates {
  /** Rows of weights at a time. */
  private static final int BLOCK = 64;

  private InputGates() {}

  /**
   * Multiplies each row of the table with the weights, with the bits that {@link RecurrentPass}
   * gets where it {@linkplain RecurrentShape#thin() takes dot products}.
   *
   * @param table [v, e]
   * @param weight [rows, e]
   * @param to [v, rows]
   */
  public static void run(long table, int v, int e, long weight, int rows, long to) {
    Scratch scratch = Scratch.acquire((long) BLOCK * Vectors.BYTES);
    long dots = scratch.address();
    for (int i = 0; i < v; i++) {
      long x = table + 4L * i * e;
      for (int r = 0; r < rows; r += BLOCK) {
        int n = Math.min(BLOCK, rows - r);
        Dots.rows(dots, weight + 4L * r * e, 4L * e, x, e, n);
        Vectors.copy(dots, to + 4 * ((long) i * rows + r), 4L * n);
      }
    }
    scratch.keep();
    scratch.release();
  }
}
