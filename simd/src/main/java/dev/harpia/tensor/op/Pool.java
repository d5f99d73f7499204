package dev.harpia.tensor.op;

import dev.harpia.simd.AdaptivePool;
import dev.harpia.simd.PoolShape;
import dev.harpia.simd.PoolWindows;
import dev.harpia.simd.Pooling;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The largest element or the mean of each window of a picture. The largest comes with its place, a
 * flat index {@code h·W + w} into the unpadded plane (I32).
 *
 * <p>Shapes: x [N, C, H, W], y [N, C, H', W'].
 */
public record Pool(boolean max, Windows windows) implements Op {
  /** Which pixels each result sees. */
  public sealed interface Windows permits Fixed, Adaptive {
    /** The windows over planes of a size. */
    PoolWindows over(int planes, int h, int w);
  }

  /**
   * Windows of one size.
   *
   * @param ceil whether the output's size is rounded up
   * @param countPadding whether means count the padding's zeros
   * @param divisor what means divide by, or 0 for the number of pixels
   */
  public record Fixed(
      int kh, int kw, Window window, boolean ceil, boolean countPadding, int divisor)
      implements Windows {
    @Override
    public PoolWindows over(int planes, int h, int w) {
      Window v = window;
      return new PoolShape(
          planes,
          h,
          w,
          kh,
          kw,
          v.sh(),
          v.sw(),
          v.ph(),
          v.pw(),
          v.dh(),
          v.dw(),
          ceil,
          countPadding,
          divisor);
    }
  }

  /** Windows that divide the picture into oh×ow overlapping parts: ⌊i·H/oh⌋ to ⌈(i+1)·H/oh⌉. */
  public record Adaptive(int oh, int ow) implements Windows {
    @Override
    public PoolWindows over(int planes, int h, int w) {
      return new AdaptivePool(planes, h, w, oh, ow);
    }
  }

  @Override
  public String name() {
    return (windows instanceof Adaptive ? "adaptive" : "") + (max ? "maxPool2d" : "avgPool2d");
  }

  private PoolWindows geometry(Shape x) {
    return windows.over(Math.multiplyExact(x.dim(0), x.dim(1)), x.dim(2), x.dim(3));
  }

  @Override
  public Shape[] shapes(Shape... in) {
    if (in[0].rank() != 4) {
      throw new ShapeException(name(), "the input must be [N, C, H, W]", in);
    }
    PoolWindows g;
    try {
      g = geometry(in[0]);
    } catch (IllegalArgumentException e) {
      throw new ShapeException(name(), String.valueOf(e.getMessage()), in);
    }
    Shape y = Shape.of(in[0].dim(0), in[0].dim(1), g.oh(), g.ow());
    return max ? new Shape[] {y, y} : new Shape[] {y};
  }

  @Override
  public DType[] types(DType... in) {
    Op.super.types(in);
    return new DType[] {DType.F32, DType.I32};
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    run(geometry(in[0].shape()), in, out);
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    PoolWindows g = geometry(in[0].shape());
    return () -> run(g, in, out);
  }

  private void run(PoolWindows g, Tensor[] in, Tensor[] out) {
    if (max) {
      Pooling.max(g, in[0].address(), out[0].address(), out[1].address());
    } else {
      Pooling.average(g, in[0].address(), out[0].address());
    }
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    Tensor g = gOut[0];
    if (g == null) {
      return;
    }
    PoolWindows windows = geometry(in[0].shape());
    boolean add = gIn.accumulate(0);
    long t = gIn.target(0).address();
    if (max) {
      Pooling.maxBackward(windows, g.address(), out[1].address(), t, add);
    } else {
      Pooling.averageBackward(windows, g.address(), t, add);
    }
  }
}
