package dev.harpia.tensor.op;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;

/**
 * The sizes of a batch of matrix products, and which matrix of each operand takes part in which of
 * them.
 */
final class MatMulShape {
  /** For each product the number of an operand's matrix. */
  static final class Batch {
    private final int[] index;

    /** Whether product i takes matrix i. */
    final boolean each;

    /** Whether all products take the same matrix. */
    final boolean one;

    private Batch(int[] index, boolean each, boolean one) {
      this.index = index;
      this.each = each;
      this.one = one;
    }

    int of(int product) {
      return each ? product : one ? 0 : index[product];
    }

    /**
     * The distance between the matrices of one product and the next, where it is always the same.
     */
    long stride(long size) {
      return each ? size : 0;
    }
  }

  private static final int[] NONE = {};

  final int m;
  final int n;
  final int k;
  final int count;
  final Batch a;
  final Batch b;
  final Batch c;
  final Shape out;

  MatMulShape(MatMul op, Shape left, Shape right) {
    if (left.rank() == 0 || right.rank() == 0) {
      throw new ShapeException(op.name(), "operands must have at least one axis", left, right);
    }
    Shape x = left.rank() == 1 ? left.insert(0, 1) : left;
    Shape y = right.rank() > 1 ? right : right.insert(op.transposeB() ? 0 : 1, 1);
    m = x.dim(op.transposeA() ? -1 : -2);
    k = x.dim(op.transposeA() ? -2 : -1);
    n = y.dim(op.transposeB() ? -2 : -1);
    int inner = y.dim(op.transposeB() ? -1 : -2);
    if (k != inner) {
      throw new ShapeException(
          op.name(), "inner dimensions " + k + " and " + inner + " differ", left, right);
    }
    Shape leadX = x.without(-1).without(-1);
    Shape leadY = y.without(-1).without(-1);
    Shape lead = leadX.broadcast(op.name(), leadY);
    Shape full = lead;
    if (left.rank() > 1) {
      full = full.insert(full.rank(), m);
    }
    if (right.rank() > 1) {
      full = full.insert(full.rank(), n);
    }
    out = full;
    count = Math.toIntExact(lead.size());
    a = batch(lead, leadX);
    b = batch(lead, leadY);
    c = new Batch(NONE, true, false);
  }

  private static Batch batch(Shape all, Shape some) {
    if (some.equals(all)) {
      return new Batch(NONE, true, false);
    }
    if (some.size() == 1) {
      return new Batch(NONE, false, true);
    }
    int[] map = new int[Math.toIntExact(all.size())];
    for (int i = 0; i < map.length; i++) {
      int rest = i;
      int step = 1;
      for (int d = all.rank() - 1; d >= 0; d--) {
        int at = rest % all.dim(d);
        rest /= all.dim(d);
        int own = d - (all.rank() - some.rank());
        if (own >= 0) {
          map[i] += (some.dim(own) == 1 ? 0 : at) * step;
          step *= some.dim(own);
        }
      }
    }
    return new Batch(map, false, false);
  }
}
