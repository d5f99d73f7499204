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
  /** Eight bits, with 4 for the exponent, without infinities. */
  FLOAT8E4M3FN(17, 1),
  /** As before, with a bias greater by one and without a negative zero. */
  FLOAT8E4M3FNUZ(18, 1),
  /** Eight bits, with 5 for the exponent. */
  FLOAT8E5M2(19, 1),
  /** As before, with a bias greater by one, without infinities and a negative zero. */
  FLOAT8E5M2FNUZ(20, 1),
  /** Two to a byte. */
  UINT4(21, 1),
  /** Two to a byte. */
  INT4(22, 1),
  /** Texts, complex numbers and others that tensors here cannot hold. */
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

  /** Bytes of so many elements in the file. */
  long bytes(long n) {
    return this == UINT4 || this == INT4 ? (n + 1) / 2 : n * bytes;
  }

  /** An integer brought into the type's range as its low bits have it. */
  long wrap(long v) {
    return switch (this) {
      case UINT8 -> v & 0xFF;
      case INT8 -> (byte) v;
      case UINT16 -> v & 0xFFFF;
      case INT16 -> (short) v;
      case INT32 -> (int) v;
      case UINT32 -> v & 0xFFFFFFFFL;
      case UINT4 -> v & 0xF;
      case INT4 -> v << 60 >> 60;
      default -> v;
    };
  }

  /** The smallest number of an integer type. */
  long lowest() {
    return switch (this) {
      case INT4 -> -8;
      case INT8 -> Byte.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      case INT64 -> Long.MIN_VALUE;
      default -> 0;
    };
  }

  /** The largest number of an integer type. */
  long highest() {
    return switch (this) {
      case INT4 -> 7;
      case UINT4 -> 15;
      case INT8 -> Byte.MAX_VALUE;
      case UINT8 -> 0xFF;
      case INT16 -> Short.MAX_VALUE;
      case UINT16 -> 0xFFFF;
      case INT32 -> Integer.MAX_VALUE;
      case UINT32 -> 0xFFFFFFFFL;
      default -> Long.MAX_VALUE;
    };
  }

  /** Whether a plan holds the type's numbers rounded to it. */
  boolean narrowFloat() {
    return isFloat() && this != FLOAT && this != DOUBLE;
  }

  /** Whether elements are floating-point numbers. */
  public boolean isFloat() {
    return switch (this) {
      case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> true;
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> true;
      default -> false;
    };
  }

  /** What the elements are inside a plan. */
  public DType inside() {
    return isFloat() ? DType.F32 : DType.I32;
  }
}
