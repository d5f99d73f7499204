package dev.harpia.nn.train;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/** Scores of classes, row by row, and the class of each row. */
final class Rows {
  private final Tensor output;
  private final Tensor target;
  private final MemorySegment scores;
  private final MemorySegment truths;
  private final int classes;
  private final long count;

  private Rows(Tensor output, Tensor target, int classes) {
    this.output = output;
    this.target = target;
    this.classes = classes;
    count = classes == 0 ? 0 : output.size() / classes;
    scores = output.segment();
    truths = target.segment();
  }

  static Rows of(String metric, Tensor output, Tensor target) {
    boolean fits =
        output.rank() >= 1
            && output.type() == DType.F32
            && (target.type() == DType.I32
                ? target.shape().equals(output.shape().without(output.rank() - 1))
                : target.shape().equals(output.shape()));
    if (!fits) {
      throw new ShapeException(
          metric,
          "output [.., C] as F32 takes a target [..] of classes as I32, or [.., C] as F32; the"
              + " types are "
              + output.type()
              + " and "
              + target.type(),
          output.shape(),
          target.shape());
    }
    return new Rows(output, target, output.dim(-1));
  }

  long count() {
    return count;
  }

  int classes() {
    return classes;
  }

  float score(long row, int c) {
    return scores.get(ValueLayout.JAVA_FLOAT, 4 * (row * classes + c));
  }

  /** The class of a row; negative: to be left out. */
  int truth(long row) {
    if (target.type() == DType.I32) {
      int c = truths.get(ValueLayout.JAVA_INT, 4 * row);
      if (c >= classes) {
        throw new IndexOutOfBoundsException(
            "metric: class " + c + " in row " + row + ": the output has " + classes + " classes");
      }
      return c;
    }
    return largest(truths, row);
  }

  /** The class with the largest score. */
  int best(long row) {
    return largest(scores, row);
  }

  private int largest(MemorySegment m, long row) {
    int best = 0;
    float top = m.get(ValueLayout.JAVA_FLOAT, 4 * row * classes);
    for (int c = 1; c < classes; c++) {
      float v = m.get(ValueLayout.JAVA_FLOAT, 4 * (row * classes + c));
      if (v > top || Float.isNaN(v) && !Float.isNaN(top)) {
        top = v;
        best = c;
      }
    }
    return best;
  }

  /** How many classes come before {@code c} when the largest score is first. */
  int rank(long row, int c) {
    float mine = score(row, c);
    int before = 0;
    for (int j = 0; j < classes; j++) {
      float v = score(row, j);
      // NaN counts as the largest, and is never right itself.
      if (v > mine || v == mine && j < c || Float.isNaN(v) || Float.isNaN(mine)) {
        before++;
      }
    }
    return before;
  }

  /** Ends the reading: until here the memory must not be collected. */
  void release() {
    Reference.reachabilityFence(output);
    Reference.reachabilityFence(target);
  }
}
