package dev.harpia.nn.plan;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;

/** A named input of a {@link Plan}. */
public record Input(String name, Shape shape, DType type) {
  /** Floats. */
  public static Input f32(String name, int... dims) {
    return new Input(name, Shape.of(dims), DType.F32);
  }

  /** Integers. */
  public static Input i32(String name, int... dims) {
    return new Input(name, Shape.of(dims), DType.I32);
  }
}
