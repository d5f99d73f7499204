package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.DType;

/** The element types of ONNX tensors, with the numbers that files use for them. */
public enum OnnxType {
  FLOAT(1, 4),
  UINT8(2, 1),
  INT8(3, 1),
  UINT16(4, 2),
  INT16(5, 2),
  INT32(6, 4),
  INT64(7, 8),
  BOOL(9, 1),
  FLOAT16(10, 2),
  DOUBLE(11, 8),
  UINT32(12, 4),
  UINT64(13, 8),
  BFLOAT16(16, 2),
  /** Texts, complex numbers and numbers of less than a byte, which tensors here cannot hold. */
  OTHER(0, 0);

  private final int code;
  private final int bytes;

  OnnxType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The type of a number; {@code OTHER} where it is none that tensors here can hold. */
  static OnnxType of(long code) {
    for (OnnxType t : values()) {
      if (t.code == code) {
        return t;
      }
    }
    return OTHER;
  }

  /** Bytes of an element in the file. */
  int bytes() {
    return bytes;
  }

  /** Whether elements are floating-point numbers. */
  public boolean isFloat() {
    return switch (this) {
      case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> true;
      default -> false;
    };
  }

  /** What the elements are inside a plan. */
  public DType inside() {
    return isFloat() ? DType.F32 : DType.I32;
  }
}
