package dev.harpia.tensor.op;

import dev.harpia.simd.AxisMap;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Padding;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Copies along an axis in another order: padding, flips, rolls, repetitions and slices with a step.
 * Element k of the result's axis is element {@code source(k)} of the operand's, as {@link AxisMap}
 * defines it by p and q; gradients of elements that are copied often add up.
 *
 * @param count the length of the result's axis
 * @param value what stands where there is no source
 */
public record AxisCopy(AxisMap map, int axis, int count, int p, int q, float value)
    implements SingleOutput {
  /** {@code before} elements in front of an axis and {@code after} behind it. */
  public static AxisCopy pad(Shape s, int axis, int before, int after, Padding mode, float value) {
    int n = s.dim(axis);
    // mirrored elements come from within, and copies of nothing are impossible
    int limit =
        switch (mode) {
          case CONSTANT -> Integer.MAX_VALUE;
          case REFLECT -> n - 1;
          case REPLICATE -> n == 0 ? 0 : Integer.MAX_VALUE;
          case CIRCULAR -> n;
        };
    if (before < 0 || after < 0 || before > limit || after > limit) {
      throw new ShapeException(
          "pad",
          "axis "
              + axis
              + " of length "
              + n
              + " cannot take "
              + before
              + " elements before and "
              + after
              + " after it ("
              + mode
              + (limit == Integer.MAX_VALUE ? ", from 0 on)" : ", from 0 to " + limit + ")"),
          s);
    }
    AxisMap map =
        switch (mode) {
          case CONSTANT -> AxisMap.PAD;
          case REFLECT -> AxisMap.PAD_REFLECT;
          case REPLICATE -> AxisMap.PAD_REPLICATE;
          case CIRCULAR -> AxisMap.PAD_CIRCULAR;
        };
    return new AxisCopy(
        map, axis, Math.addExact(Math.addExact(n, before), after), before, 0, value);
  }

  /** Indices {@code from, from + step, …} below {@code to}. */
  public static AxisCopy step(Shape s, int axis, int from, int to, int step) {
    Slice range = Slice.of(s, axis, from, to);
    if (step < 1) {
      throw new IllegalArgumentException("slice: step " + step + " must be at least 1");
    }
    int count = (range.to() - range.from() + step - 1) / step;
    return new AxisCopy(AxisMap.STEP, axis, count, range.from(), step, 0);
  }

  @Override
  public String name() {
    return switch (map) {
      case PAD, PAD_REFLECT, PAD_REPLICATE -> "pad";
      case PAD_CIRCULAR -> "wrap";
      case FLIP -> "flip";
      case STEP -> "slice";
      case REPEAT_EACH -> "repeat";
    };
  }

  @Override
  public Shape shape(Shape... in) {
    if (in[0].dim(axis) == 0 && count > 0 && map != AxisMap.PAD) {
      throw new ShapeException(
          name(), "axis " + axis + " is empty and cannot become " + count + " elements", in);
    }
    return in[0].with(axis, count);
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    bind(in, new Tensor[] {out}).run();
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    Axes a = Axes.of(in[0].shape(), axis);
    return () ->
        map.forward(
            out[0].address(),
            in[0].address(),
            a.outer(),
            a.axis(),
            count,
            a.inner(),
            p,
            q,
            value,
            false);
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    Axes a = Axes.of(in[0].shape(), axis);
    boolean add = gIn.accumulate(0);
    map.backward(
        gIn.target(0).address(), g.address(), a.outer(), a.axis(), count, a.inner(), p, q, add);
  }
}
