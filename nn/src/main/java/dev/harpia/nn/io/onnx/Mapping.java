package dev.harpia.nn.io.onnx;

/** How an operator is computed with ours. */
@FunctionalInterface
interface Mapping {
  /** The node's outputs, in order; those at the end may be left out. */
  Value[] apply(Call call);

  /** One tensor of the type of the first input. */
  @FunctionalInterface
  interface Single {
    dev.harpia.tensor.Tensor apply(Call call);
  }

  /** An operator whose one output has the first input's type. */
  static Mapping one(Single f) {
    return c -> new Value[] {Value.of(f.apply(c), c.value(0).type())};
  }

  /** An operator whose one output is a float tensor. */
  static Mapping floats(Single f) {
    return c -> new Value[] {Value.of(f.apply(c), floatType(c))};
  }

  /** The first input's type, where that is one of floats. */
  static OnnxType floatType(Call c) {
    return c.has(0) && c.value(0).isFloat() ? c.value(0).type() : OnnxType.FLOAT;
  }
}
