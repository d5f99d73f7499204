package dev.harpia.simd;

/**
 * A regular sub-grid of the outputs that all see the same taps: output row oy0 + r·osy, column ox0
 * + q·osx, for r below rows and q below cols, sums tap i at the padded source's row r·sy + ty[i],
 * column q·sx + tx[i]. A forward pass is one grid; a data gradient has one for each remainder of
 * the stride.
 *
 * @param weight position of each tap in the kernel
 */
record TapGrid(
    int oy0, int osy, int ox0, int osx, int rows, int cols, int[] ty, int[] tx, int[] weight) {

  int taps() {
    return weight.length;
  }

  /** The first row of the grid at or after output row {@code y}. */
  int rowFrom(int y) {
    return Math.clamp(Math.ceilDiv(y - oy0, osy), 0, rows);
  }

  int tallest() {
    int most = 0;
    for (int t : ty) {
      most = Math.max(most, t);
    }
    return most;
  }

  int widest() {
    int most = 0;
    for (int t : tx) {
      most = Math.max(most, t);
    }
    return most;
  }
}
