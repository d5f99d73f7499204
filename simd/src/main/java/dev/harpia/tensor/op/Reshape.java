package dev.harpia.tensor.op;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/** The same elements in another shape: a view. */
public record Reshape(Shape to) implements SingleOutput {
  /** Works out the dimension that is −1. */
  public static Reshape to(Shape from, int... dims) {
    int free = -1;
    long known = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] != -1) {
        known *= dims[i];
      } else if (free < 0) {
        free = i;
      } else {
        throw new IllegalArgumentException(
            "reshape: " + java.util.Arrays.toString(dims) + ": only one dimension may be -1");
      }
    }
    int[] d = dims.clone();
    if (free >= 0) {
      if (known == 0 || from.size() % known != 0) {
        throw new ShapeException(
            "reshape",
            from.size() + " elements do not fall into groups of " + known,
            from,
            Shape.of(positive(d)));
      }
      d[free] = Math.toIntExact(from.size() / known);
    }
    return new Reshape(Shape.of(d));
  }

  private static int[] positive(int[] dims) {
    int[] d = dims.clone();
    for (int i = 0; i < d.length; i++) {
      d[i] = Math.max(d[i], 1);
    }
    return d;
  }

  @Override
  public Shape shape(Shape... in) {
    if (in[0].size() != to.size()) {
      throw new ShapeException(
          "reshape", "element counts " + in[0].size() + " and " + to.size() + " differ", in[0], to);
    }
    return to;
  }

  @Override
  public DType[] types(DType... in) {
    return in;
  }

  @Override
  public boolean view() {
    return true;
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {}

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    Pass.through(g, gIn, 0);
  }
}
