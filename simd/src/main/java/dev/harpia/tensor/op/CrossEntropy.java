package dev.harpia.tensor.op;

import dev.harpia.simd.Reductions;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Cross-entropy of logits against classes, fused with log-softmax: {@code −w[y]·log softmax(x)[y]}
 * for each row, with label smoothing.
 *
 * <p>Shapes: x [N, C], y [N] (I32: classes) or [N, C] (F32: probabilities), class weights [C] (may
 * be left out); the loss is [N], or a scalar where it is reduced. The mean divides by the sum of
 * the weights of the rows that count.
 *
 * @param reduction what becomes of the rows' losses
 * @param smoothing how much of the target is spread evenly over the classes, in [0, 1)
 * @param ignore the class whose rows count for nothing (PyTorch: −100)
 */
public record CrossEntropy(Reduction reduction, float smoothing, int ignore)
    implements SingleOutput {
  /** PyTorch's ignored class. */
  public static final int IGNORE = -100;

  @Override
  public String name() {
    return "crossEntropy";
  }

  @Override
  public DType[] types(DType... in) {
    if (in[0] != DType.F32 || (in.length > 2 && in[2] != DType.F32)) {
      throw new IllegalArgumentException("crossEntropy: logits and class weights must be F32");
    }
    return new DType[] {DType.F32};
  }

  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    Shape y = in[1];
    if (x.rank() != 2) {
      throw new ShapeException(name(), "logits must be [N, C]; reshape them", in);
    }
    boolean rows = y.rank() == 1 && y.dim(0) == x.dim(0);
    if (!rows && !y.equals(x)) {
      throw new ShapeException(
          name(),
          x.dim(0) + " rows of logits take " + x.dim(0) + " classes or probabilities " + x,
          in);
    }
    if (in.length > 2 && !in[2].equals(Shape.of(x.dim(1)))) {
      throw new ShapeException(name(), "class weights must be [" + x.dim(1) + "]", in);
    }
    return reduction == Reduction.NONE ? Shape.of(x.dim(0)) : Shape.SCALAR;
  }

  @Override
  public Shape[] saved(Shape... in) {
    return new Shape[] {Shape.of(in[0].dim(0)), Shape.SCALAR};
  }

  private static long weights(Tensor[] in) {
    return in.length > 2 ? in[2].address() : 0;
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    int n = in[0].dim(0);
    int c = in[0].dim(1);
    Tensor lse = saved.length > 0 ? saved[0] : Tensor.empty(Shape.of(n), DType.F32);
    Tensor rows = reduction == Reduction.NONE ? out : Tensor.empty(Shape.of(n), DType.F32);
    boolean classes = in[1].type() == DType.I32;
    double weight = n;
    if (classes) {
      long bad = dev.harpia.simd.CrossEntropy.firstBad(in[1].address(), n, c, ignore);
      if (bad >= 0) {
        throw new IndexOutOfBoundsException(
            "crossEntropy: class "
                + in[1].getInt((int) bad)
                + " at position "
                + bad
                + ": logits "
                + in[0].shape()
                + " have classes 0 to "
                + (c - 1));
      }
      dev.harpia.simd.CrossEntropy.forward(
          rows.address(),
          lse.address(),
          in[0].address(),
          in[1].address(),
          n,
          c,
          weights(in),
          smoothing,
          ignore);
      weight = dev.harpia.simd.CrossEntropy.weight(in[1].address(), n, weights(in), ignore);
    } else {
      dev.harpia.simd.CrossEntropy.softForward(
          rows.address(),
          lse.address(),
          in[0].address(),
          in[1].address(),
          n,
          c,
          weights(in),
          smoothing,
          ignore);
    }
    float scale = reduction == Reduction.MEAN ? (float) (1 / weight) : 1;
    if (reduction != Reduction.NONE) {
      Reductions.sum(out.address(), rows.address(), 1, n, 1, scale, false);
    }
    if (saved.length > 0) {
      saved[1].set(scale);
    }
    java.lang.ref.Reference.reachabilityFence(rows);
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    for (int i = 1; i < in.length; i++) {
      if (gIn.wanted(i)) {
        throw new UnsupportedOperationException(
            "crossEntropy: targets and class weights have no gradient; detach() them");
      }
    }
    int n = in[0].dim(0);
    int c = in[0].dim(1);
    boolean add = gIn.accumulate(0);
    long t = gIn.target(0).address();
    boolean perRow = reduction == Reduction.NONE;
    float scale = saved[1].item();
    if (in[1].type() == DType.I32) {
      dev.harpia.simd.CrossEntropy.backward(
          t,
          in[0].address(),
          saved[0].address(),
          in[1].address(),
          g.address(),
          perRow,
          scale,
          n,
          c,
          weights(in),
          smoothing,
          ignore,
          add);
    } else {
      dev.harpia.simd.CrossEntropy.softBackward(
          t,
          in[0].address(),
          saved[0].address(),
          in[1].address(),
          g.address(),
          perRow,
          scale,
          n,
          c,
          weights(in),
          smoothing,
          ignore,
          add);
    }
  }
}
