package dev.harpia.simd;

import static dev.harpia.simd.Vectors.BYTES;

/**
 * The forward pass for many queries; as a task, one head, or one part of a head's queries where
 * there are few heads.
 */
final class AttentionForward implements Parallel.Task {
  // Enough pieces for a few threads; more would pack the keys of a head more often.
  private static final int PIECES = 8;
  private static final int LEAST_ROWS = 64;

  private final AttentionPass pass;
  private final AttentionShape shape;
  private final int parts;
  private final int partRows;

  AttentionForward(AttentionPass pass) {
    this.pass = pass;
    this.shape = pass.shape;
    int tasks = Math.max(1, shape.batch() * shape.heads());
    int wanted =
        Math.min((PIECES + tasks - 1) / tasks, (shape.queries() + LEAST_ROWS - 1) / LEAST_ROWS);
    int rows = (shape.queries() + Math.max(1, wanted) - 1) / Math.max(1, wanted);
    partRows = Math.max(shape.block(), Panels.roundUp(rows, shape.block()));
    parts = (shape.queries() + partRows - 1) / partRows;
  }

  void run() {
    Parallel.run(shape.batch() * shape.heads() * parts, this);
  }

  @Override
  public void run(int index) {
    int part = index % parts;
    int h = index / parts % shape.heads();
    int b = index / parts / shape.heads();
    int from = part * partRows;
    int to = Math.min(shape.queries(), from + partRows);
    int keys = pass.seen(to - 1);
    int block = shape.block();
    int wide = shape.wide();
    long scoreFloats = (long) block * shape.pitch();
    Scratch scratch =
        Scratch.acquire(
            4
                    * (shape.transposedFloats()
                        + (long) keys * wide
                        + scoreFloats
                        + (long) block * (wide + 1))
                + BYTES);
    long lanes = scratch.address();
    long keysT = lanes + BYTES;
    long values = keysT + 4 * shape.transposedFloats();
    long scores = values + 4L * keys * wide;
    long sums = scores + 4 * scoreFloats;
    long inverse = sums + 4L * block * wide;

    int kv = h / shape.group();
    long k = pass.k + shape.k().offset(b, kv, 0);
    long v = pass.v + shape.v().offset(b, kv, 0);
    Panels.packTransposedPanels(
        keysT, k, 4 * shape.k().row(), keys, shape.features(), shape.scale());
    Panels.copyRows(values, 4L * wide, wide, v, 4 * shape.v().row(), shape.features(), keys);
    for (int i = from; i < to; i += block) {
      rows(b, h, i, Math.min(block, to - i), lanes, keysT, values, scores, sums, inverse);
    }
    scratch.keep();
    scratch.release();
  }

  private void rows(
      int b,
      int h,
      int first,
      int rows,
      long lanes,
      long keysT,
      long values,
      long scores,
      long sums,
      long inverse) {
    int keys = pass.seen(first + rows - 1);
    int d = shape.features();
    long scoreRow = 4L * shape.pitch();
    long q = pass.q + shape.q().offset(b, h, first);
    int keyVectors = Panels.roundUp(keys, Vectors.LANES) / Vectors.LANES;
    Panels.multiply(
        rows,
        keyVectors,
        d,
        q,
        4 * shape.q().row(),
        4,
        keysT,
        Panels.ROW,
        d * Panels.ROW,
        scores,
        scoreRow,
        false);
    for (int r = 0; r < rows; r++) {
      int n = pass.seen(first + r);
      long row = scores + r * scoreRow;
      pass.mask(row, b, h, first + r, n);
      float inv = pass.softmax(row, b, h, first + r, n, lanes);
      Vectors.set(inverse + 4L * r, inv);
      AttentionRows.fill(row, n, keys, 0);
      if (pass.weights != 0) {
        pass.giveWeights(row, b, h, first + r, n, inv);
      }
    }
    long wideRow = 4L * shape.wide();
    Panels.multiply(
        rows,
        shape.vectors(),
        keys,
        scores,
        scoreRow,
        4,
        values,
        wideRow,
        Panels.ROW,
        sums,
        wideRow,
        false);
    for (int r = 0; r < rows; r++) {
      long y = pass.y + shape.y().offset(b, h, first + r);
      Spans.scale(y, sums + r * wideRow, Vectors.get(inverse + 4L * r), d);
    }
  }
}
