package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An operator written as a plain loop over elements, for those that models use rarely: right, and
 * without allocation, but not vectorised. All outputs have one type.
 */
final class PlainOp implements Op {
  /** Computes the outputs; must not allocate. */
  @FunctionalInterface
  interface Body {
    void run(Tensor[] in, Tensor[] out);
  }

  private final String name;
  private final DType[] types;
  private final Shape[] shapes;
  private final Body body;

  private PlainOp(String name, DType[] types, Shape[] shapes, Body body) {
    this.name = name;
    this.types = types;
    this.shapes = shapes;
    this.body = body;
  }

  static Tensor floats(String name, Shape shape, Body body, Tensor... in) {
    return apply(name, DType.F32, shape, body, in);
  }

  static Tensor ints(String name, Shape shape, Body body, Tensor... in) {
    return apply(name, DType.I32, shape, body, in);
  }

  static Tensor apply(String name, DType type, Shape shape, Body body, Tensor... in) {
    return applyAll(name, new DType[] {type}, new Shape[] {shape}, body, in)[0];
  }

  static Tensor[] applyAll(String name, DType[] types, Shape[] shapes, Body body, Tensor... in) {
    return Tensor.applyAll(new PlainOp(name, types, shapes, body), in);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape[] shapes(Shape... in) {
    return shapes.clone();
  }

  @Override
  public DType[] types(DType... in) {
    return types.clone();
  }

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    body.run(in, out);
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    throw new IllegalStateException(name + " has no gradient");
  }
}
