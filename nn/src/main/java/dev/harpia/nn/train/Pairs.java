package dev.harpia.nn.train;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/** Outputs and targets, number by number: [N] and [N, 1] go together, integers are numbers too. */
final class Pairs {
  private final Tensor output;
  private final Tensor target;
  private final MemorySegment said;
  private final MemorySegment truth;

  private Pairs(Tensor output, Tensor target) {
    this.output = output;
    this.target = target;
    said = output.segment();
    truth = target.segment();
  }

  static Pairs of(String metric, Tensor output, Tensor target) {
    if (output.type() != DType.F32
        || output.size() != target.size()
        || !output.shape().equals(target.shape()) && !column(output, target)) {
      throw new ShapeException(
          metric,
          "output (F32) and target must have the same shape, but for a last dimension of 1; the"
              + " output is "
              + output.type(),
          output.shape(),
          target.shape());
    }
    return new Pairs(output, target);
  }

  private static boolean column(Tensor a, Tensor b) {
    Tensor more = a.rank() > b.rank() ? a : b;
    Tensor less = a.rank() > b.rank() ? b : a;
    return more.rank() == less.rank() + 1
        && more.dim(-1) == 1
        && more.shape().without(less.rank()).equals(less.shape());
  }

  long count() {
    return output.size();
  }

  float said(long i) {
    return said.get(ValueLayout.JAVA_FLOAT, 4 * i);
  }

  float truth(long i) {
    return target.type() == DType.F32
        ? truth.get(ValueLayout.JAVA_FLOAT, 4 * i)
        : truth.get(ValueLayout.JAVA_INT, 4 * i);
  }

  /** Whether the target is 1; anything but 0 and 1 is refused. */
  boolean positive(String metric, long i) {
    float t = truth(i);
    if (t != 0 && t != 1) {
      throw new IllegalArgumentException(
          metric + ": target " + t + " at position " + i + ": must be 0 or 1");
    }
    return t == 1;
  }

  /** Ends the reading: until here the memory must not be collected. */
  void release() {
    Reference.reachabilityFence(output);
    Reference.reachabilityFence(target);
  }
}
