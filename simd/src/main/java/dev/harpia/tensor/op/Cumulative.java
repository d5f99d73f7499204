package dev.harpia.tensor.op;

import dev.harpia.simd.Reductions;
import dev.harpia.simd.Scans;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** Running sums and products along an axis, and the product over an axis, which disappears. */
public record Cumulative(Kind kind, int axis) implements SingleOutput {
  /** What is computed. */
  public enum Kind {
    /** {@code y[k] = Σ x[..k]}. */
    SUM,
    /** {@code y[k] = Π x[..k]}. */
    PRODUCT,
    /** {@code y = Π x}. */
    TOTAL_PRODUCT
  }

  @Override
  public String name() {
    return switch (kind) {
      case SUM -> "cumsum";
      case PRODUCT -> "cumprod";
      case TOTAL_PRODUCT -> "prod";
    };
  }

  @Override
  public Shape shape(Shape... in) {
    in[0].dim(axis);
    return kind == Kind.TOTAL_PRODUCT ? in[0].without(axis) : in[0];
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    forward(in[0], out, Axes.of(in[0].shape(), axis));
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    Axes a = Axes.of(in[0].shape(), axis);
    return () -> forward(in[0], out[0], a);
  }

  private void forward(Tensor from, Tensor to, Axes a) {
    long y = to.address();
    long x = from.address();
    switch (kind) {
      case SUM -> Scans.cumulativeSum(y, x, a.outer(), a.axis(), a.inner());
      case PRODUCT -> Scans.cumulativeProduct(y, x, a.outer(), a.axis(), a.inner());
      case TOTAL_PRODUCT -> Reductions.product(y, x, a.outer(), a.axis(), a.inner());
    }
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    Axes a = Axes.of(in[0].shape(), axis);
    boolean add = gIn.accumulate(0);
    long t = gIn.target(0).address();
    long x = in[0].address();
    switch (kind) {
      case SUM -> Scans.cumulativeSumBackward(t, g.address(), a.outer(), a.axis(), a.inner(), add);
      case PRODUCT ->
          Scans.cumulativeProductBackward(t, g.address(), x, a.outer(), a.axis(), a.inner(), add);
      case TOTAL_PRODUCT ->
          Scans.productBackward(t, g.address(), x, a.outer(), a.axis(), a.inner(), add);
    }
  }
}
