package dev.harpia.tensor.op;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** Reorders axes: axis i of the result is axis {@code order[i]} of the operand. */
public record Permute(List<Integer> order) implements SingleOutput {
  /** An order of a shape's axes; negative axes count from the end. */
  public static Permute of(Shape s, int... order) {
    int[] axes = IntStream.of(order).map(s::axis).toArray();
    if (axes.length != s.rank() || IntStream.of(axes).distinct().count() != s.rank()) {
      throw new IllegalArgumentException(
          "permute: "
              + s
              + ": the order "
              + IntStream.of(order).boxed().toList()
              + " must name each of the "
              + s.rank()
              + " axes once");
    }
    return new Permute(IntStream.of(axes).boxed().toList());
  }

  private int[] array() {
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public Shape shape(Shape... in) {
    return Shape.of(order.stream().mapToInt(in[0]::dim).toArray());
  }

  @Override
  public DType[] types(DType... in) {
    return in;
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    bind(in, new Tensor[] {out}).run();
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    int[] dims = in[0].shape().dims();
    int[] axes = array();
    return () -> dev.harpia.simd.Permute.run(out[0].address(), in[0].address(), dims, axes, false);
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    int[] back = new int[order.size()];
    for (int i = 0; i < back.length; i++) {
      back[order.get(i)] = i;
    }
    boolean add = gIn.accumulate(0);
    dev.harpia.simd.Permute.run(
        gIn.target(0).address(), g.address(), out.shape().dims(), back, add);
  }
}
