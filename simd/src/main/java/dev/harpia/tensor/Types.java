package dev.harpia.tensor;

/**
 * Shared arrays of types, which nobody writes: nearly all operands are floats, and each operation
 * asks for arrays of their types.
 */
final class Types {
  /** One float. */
  static final DType[] FLOAT = floats(1);

  private static final DType[][] FLOATS = {
    {}, FLOAT, floats(2), floats(3), floats(4), floats(5), floats(6), floats(7), floats(8)
  };

  private Types() {}

  private static DType[] floats(int n) {
    DType[] types = new DType[n];
    java.util.Arrays.fill(types, DType.F32);
    return types;
  }

  /** The types of tensors; only to be read. */
  static DType[] of(Tensor... tensors) {
    int n = tensors.length;
    boolean floats = n < FLOATS.length;
    for (int i = 0; i < n && floats; i++) {
      floats = tensors[i].type() == DType.F32;
    }
    if (floats) {
      return FLOATS[n];
    }
    DType[] types = new DType[n];
    for (int i = 0; i < n; i++) {
      types[i] = tensors[i].type();
    }
    return types;
  }
}
