package dev.harpia.simd;

import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.LANES;

/**
 * The forward pass for one query, as in generating with a cache of keys and values: nothing is
 * packed, keys and values are read once. As a task, one head.
 */
final class AttentionDecode implements Parallel.Task {
  // Less work than this is done before another thread has woken up.
  private static final long PARALLEL_FLOATS = 1 << 16;

  private final AttentionPass pass;
  private final AttentionShape shape;

  AttentionDecode(AttentionPass pass) {
    this.pass = pass;
    this.shape = pass.shape;
  }

  void run() {
    int tasks = shape.batch() * shape.heads();
    if ((long) tasks * pass.keys * shape.features() >= PARALLEL_FLOATS) {
      Parallel.run(tasks, this);
    } else {
      for (int i = 0; i < tasks; i++) {
        run(i);
      }
    }
  }

  @Override
  public void run(int index) {
    int h = index % shape.heads();
    int b = index / shape.heads();
    int kv = h / shape.group();
    int n = pass.seen(0);
    int d = shape.features();
    int wide = shape.wide();
    boolean whole = wide == d;
    int padded = Panels.roundUp(n, LANES);
    long partials = (long) padded * BYTES;
    Scratch scratch = Scratch.acquire(BYTES + partials + 4L * wide + (whole ? 0 : 4L * n * wide));
    long lanes = scratch.address();
    long scores = lanes + BYTES;
    long sums = scores + partials;
    long q = pass.q + shape.q().offset(b, h, 0);
    long k = pass.k + shape.k().offset(b, kv, 0);
    long values = pass.v + shape.v().offset(b, kv, 0);
    long valueRow = 4 * shape.v().row();
    Dots.rows(scores, k, 4 * shape.k().row(), q, d, n);
    Spans.scale(scores, scores, shape.scale(), n);
    pass.mask(scores, b, h, 0, n);
    float inverse = pass.softmax(scores, b, h, 0, n, lanes);
    if (pass.weights != 0) {
      pass.giveWeights(scores, b, h, 0, n, inverse);
    }
    if (!whole) {
      long copies = sums + 4L * wide;
      Panels.copyRows(copies, 4L * wide, wide, values, valueRow, d, n);
      values = copies;
      valueRow = 4L * wide;
    }
    Panels.multiply(
        1, shape.vectors(), n, scores, 0, 4, values, valueRow, Panels.ROW, sums, 4L * wide, false);
    Spans.scale(pass.y + shape.y().offset(b, h, 0), sums, inverse, d);
    scratch.keep();
    scratch.release();
  }
}
