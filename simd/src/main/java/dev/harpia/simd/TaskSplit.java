package dev.harpia.simd;

/**
 * How a small convolution falls into pieces: bands of rows, and all tiles of channels in one piece
 * or each in its own. Pieces are few and their sums balanced, as if two threads took them in turn;
 * any number of threads may.
 */
record TaskSplit(int band, int blocks) {
  private static final int MOST = 12;

  /** Handing out one piece, in multiplications, and beginning to hand out at all. */
  private static final double PIECE = 12_000;

  private static final double FORK = 30_000;

  /**
   * The cheapest way.
   *
   * @param step bands have a multiple of so many rows
   * @param work multiplications of one row with each tile of channels
   * @param apart whether tiles may go into different pieces
   */
  static TaskSplit of(int rows, int step, double[] work, boolean apart) {
    TaskSplit best = new TaskSplit(rows, 1);
    double bestCost = Double.MAX_VALUE;
    for (int band = step; band < rows + step; band += step) {
      for (int blocks = 1; blocks <= work.length; blocks += Math.max(1, work.length - 1)) {
        int pieces = Math.ceilDiv(rows, band) * blocks;
        if (pieces > MOST || (blocks > 1 && !apart)) {
          continue;
        }
        double cost = cost(rows, band, blocks, work) + (pieces > 1 ? FORK : 0);
        if (cost < bestCost) {
          best = new TaskSplit(Math.min(band, rows), blocks);
          bestCost = cost;
        }
      }
    }
    return best;
  }

  private static double cost(int rows, int band, int blocks, double[] work) {
    double first = 0;
    double second = 0;
    for (int row = 0; row < rows; row += band) {
      for (int block = 0; block < blocks; block++) {
        double piece = 0;
        for (int t = block; t < work.length; t += blocks) {
          piece += work[t] * Math.min(band, rows - row);
        }
        if (first <= second) {
          first += piece + PIECE;
        } else {
          second += piece + PIECE;
        }
      }
    }
    return Math.max(first, second);
  }
}
