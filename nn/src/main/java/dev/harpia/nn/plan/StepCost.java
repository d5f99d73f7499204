package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.op.Affine;
import dev.harpia.tensor.op.Attention;
import dev.harpia.tensor.op.Conv;
import dev.harpia.tensor.op.ConvTranspose;
import dev.harpia.tensor.op.MatMul;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Recurrent;

/**
 * What steps cost: floating-point operations by their definition, and bytes moved at least once.
 */
final class StepCost {
  private StepCost() {}

  /** Multiplications and additions; one for each element where nothing better is known. */
  static long flops(Step s) {
    if (s.op.view()) {
      return 0;
    }
    Shape x = s.in[0].shape;
    Shape y = s.out[0].shape;
    return switch (s.op) {
      case Conv _ -> convolution(y, s.in[1].shape);
      case PackedConv c -> convolution(c.conv().shape(x, c.weight()), c.weight());
      case ConvTranspose _ -> 2 * x.size() * s.in[1].shape.size(1, 4);
      case Affine _, AffineRelu _, WideLinear _, PackedLinear _ -> 2 * y.size() * x.dim(-1);
      case MatMul m -> 2 * y.size() * (x.rank() == 1 || m.transposeA() ? rows(x) : x.dim(-1));
      case Recurrent r -> {
        long gates = r.cell() == RecurrentCell.LSTM ? 4 : r.cell() == RecurrentCell.GRU ? 3 : 1;
        long steps = (long) x.dim(0) * x.dim(1);
        long input = s.in[1].shape.size() == 0 ? 0 : x.dim(2);
        yield 2 * steps * gates * r.hidden() * (input + s.in[2].shape.dim(1));
      }
      case PlannedAttention a -> a.flops();
      case Attention _ -> 4 * x.size() * s.in[1].shape.dim(-2);
      case Pointwise p -> y.size() * Math.max(1, p.formula().expr().operations());
      default -> Math.max(x.size(), y.size());
    };
  }

  private static int rows(Shape x) {
    return x.rank() == 1 ? x.dim(0) : x.dim(-2);
  }

  private static long convolution(Shape y, Shape weight) {
    return 2 * y.size() * weight.size(1, weight.rank());
  }

  /** Bytes of operands and results. */
  static long bytes(Step s) {
    if (s.op.view()) {
      return 0;
    }
    long n = 0;
    for (Value v : s.in) {
      n += v.shape.size();
    }
    for (Value v : s.out) {
      n += v.shape.size();
    }
    return 4 * n;
  }
}
