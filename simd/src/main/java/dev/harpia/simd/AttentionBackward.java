package dev.harpia.simd;

import static dev.harpia.simd.Vectors.BYTES;

/**
 * The backward pass; as a task, one key and value head with the query heads that share it, so that
 * no two tasks add to the same gradient. With p the weights and {@code d = p·(dp − Σ p·dp)}: gv =
 * pᵀ·gy, dp = gy·vᵀ, gq = d·k·scale, gk = dᵀ·q·scale.
 */
final class AttentionBackward implements Parallel.Task {
  private final AttentionPass pass;
  private final AttentionShape shape;
  private final int wide;
  private final long wideRow;
  private final long scoreRow;

  AttentionBackward(AttentionPass pass) {
    this.pass = pass;
    this.shape = pass.shape;
    wide = shape.wide();
    wideRow = 4L * wide;
    scoreRow = 4L * shape.pitch();
  }

  void run() {
    int tasks = shape.batch() * shape.kvHeads();
    if (pass.gBias == 0) {
      Parallel.run(tasks, this);
      return;
    }
    // Heads and batch elements may share a bias: one after the other, so that its sums have one
    // order.
    if (!pass.addBias) {
      zeroBias();
    }
    for (int i = 0; i < tasks; i++) {
      run(i);
    }
  }

  private void zeroBias() {
    for (int b = 0; b < shape.batch(); b++) {
      for (int h = 0; h < shape.heads(); h++) {
        for (int i = 0; i < shape.queries(); i++) {
          Vectors.zero(pass.gBias + pass.biasOffset(b, h, i), 4L * pass.keys);
        }
      }
    }
  }

  // The parts of a task's working memory, from its start; a record of addresses would be garbage on
  // the heap.

  private long keysT(long at) {
    return at + BYTES;
  }

  private long valuesT(long at) {
    return keysT(at) + 4 * shape.transposedFloats();
  }

  private long scaledKeys(long at) {
    return valuesT(at) + 4 * shape.transposedFloats();
  }

  private long gk(long at) {
    return scaledKeys(at) + wideRow * shape.keys();
  }

  private long gv(long at) {
    return gk(at) + wideRow * shape.keys();
  }

  private long scores(long at) {
    return gv(at) + wideRow * shape.keys();
  }

  private long d(long at) {
    return scores(at) + scoreRow * shape.block();
  }

  private long scaledQueries(long at) {
    return d(at) + scoreRow * shape.block();
  }

  private long gy(long at) {
    return scaledQueries(at) + wideRow * shape.block();
  }

  private long gq(long at) {
    return gy(at) + wideRow * shape.block();
  }

  @Override
  public void run(int index) {
    int kv = index % shape.kvHeads();
    int b = index / shape.kvHeads();
    int keys = pass.keys;
    int block = shape.block();
    Scratch scratch = Scratch.acquire(gq(0) + wideRow * block);
    long at = scratch.address();
    int features = shape.features();
    long k = pass.k + shape.k().offset(b, kv, 0);
    long v = pass.v + shape.v().offset(b, kv, 0);
    Panels.packTransposedPanels(keysT(at), k, 4 * shape.k().row(), keys, features, shape.scale());
    Panels.packTransposedPanels(valuesT(at), v, 4 * shape.v().row(), keys, features, 1f);
    copyScaled(scaledKeys(at), k, 4 * shape.k().row(), keys);
    Vectors.zero(gk(at), wideRow * keys);
    Vectors.zero(gv(at), wideRow * keys);
    for (int h = kv * shape.group(); h < (kv + 1) * shape.group(); h++) {
      for (int i = 0; i < shape.queries(); i += block) {
        rows(b, h, i, Math.min(block, shape.queries() - i), at);
      }
    }
    if (pass.gk != 0) {
      give(pass.gk + shape.k().offset(b, kv, 0), 4 * shape.k().row(), gk(at), keys, pass.addK);
    }
    if (pass.gv != 0) {
      give(pass.gv + shape.v().offset(b, kv, 0), 4 * shape.v().row(), gv(at), keys, pass.addV);
    }
    scratch.keep();
    scratch.release();
  }

  private void copyScaled(long to, long from, long fromRow, int rows) {
    for (int r = 0; r < rows; r++) {
      Spans.scale(to + r * wideRow, from + r * fromRow, shape.scale(), shape.features());
      AttentionRows.fill(to + r * wideRow, shape.features(), wide, 0);
    }
  }

  private void give(long to, long toRow, long from, int rows, boolean add) {
    for (int r = 0; r < rows; r++) {
      if (add) {
        Spans.add(to + r * toRow, from + r * wideRow, shape.features());
      } else {
        Vectors.copy(from + r * wideRow, to + r * toRow, 4L * shape.features());
      }
    }
  }

  private void rows(int b, int h, int first, int rows, long at) {
    int keys = pass.seen(first + rows - 1);
    int d = shape.features();
    int keyVectors = Panels.roundUp(keys, Vectors.LANES) / Vectors.LANES;
    long q = pass.q + shape.q().offset(b, h, first);
    long gy = pass.gy + shape.y().offset(b, h, first);
    long p = scores(at);
    long ds = d(at);
    long g = gy(at);
    copyScaled(scaledQueries(at), q, 4 * shape.q().row(), rows);
    Panels.copyRows(g, wideRow, wide, gy, 4 * shape.y().row(), d, rows);
    long panel = d * Panels.ROW;
    Panels.multiply(
        rows,
        keyVectors,
        d,
        q,
        4 * shape.q().row(),
        4,
        keysT(at),
        Panels.ROW,
        panel,
        p,
        scoreRow,
        false);
    Panels.multiply(
        rows, keyVectors, d, g, wideRow, 4, valuesT(at), Panels.ROW, panel, ds, scoreRow, false);
    for (int r = 0; r < rows; r++) {
      scoreGradients(
          b, h, first + r, keys, p + r * scoreRow, ds + r * scoreRow, g + r * wideRow, at);
    }
    int v = shape.vectors();
    Panels.multiply(keys, v, rows, p, 4, scoreRow, g, wideRow, Panels.ROW, gv(at), wideRow, true);
    Panels.multiply(
        keys,
        v,
        rows,
        ds,
        4,
        scoreRow,
        scaledQueries(at),
        wideRow,
        Panels.ROW,
        gk(at),
        wideRow,
        true);
    if (pass.gq != 0) {
      Panels.multiply(
          rows,
          v,
          keys,
          ds,
          scoreRow,
          4,
          scaledKeys(at),
          wideRow,
          Panels.ROW,
          gq(at),
          wideRow,
          false);
      give(pass.gq + shape.q().offset(b, h, first), 4 * shape.q().row(), gq(at), rows, pass.addQ);
    }
  }

  /** One row: scores to weights, gradients of the weights to gradients of the scores. */
  private void scoreGradients(int b, int h, int i, int keys, long p, long d, long gy, long lanes) {
    int n = pass.seen(i);
    long bytes = 4L * Panels.roundUp(n, Vectors.LANES);
    pass.mask(p, b, h, i, n);
    AttentionRows.exp(p, bytes, Vectors.get(pass.lse + pass.rowOffset(b, h, i)));
    float delta;
    if (pass.gWeights == 0) {
      delta = AttentionRows.dot(gy, pass.y + shape.y().offset(b, h, i), shape.features(), lanes);
    } else {
      Spans.add(d, pass.gWeights + pass.rowOffset(b, h, i) * pass.keys, n);
      delta = AttentionRows.dot(p, d, n, lanes);
    }
    AttentionRows.scoreGradient(d, p, bytes, delta);
    AttentionRows.fill(p, n, keys, 0);
    AttentionRows.fill(d, n, keys, 0);
    if (pass.gBias != 0) {
      Spans.add(pass.gBias + pass.biasOffset(b, h, i), d, n);
    }
  }
}
