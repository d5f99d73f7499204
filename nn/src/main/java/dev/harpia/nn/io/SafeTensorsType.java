package dev.harpia.nn.io;

import dev.harpia.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/** A type of elements in a safetensors file, and what becomes of it here. */
enum SafeTensorsType {
  F32(4, DType.F32),
  I32(4, DType.I32),
  F64(8, DType.F32),
  F16(2, DType.F32),
  BF16(2, DType.F32),
  I64(8, DType.I32),
  I16(2, DType.I32),
  U16(2, DType.I32),
  I8(1, DType.I32),
  U8(1, DType.I32),
  BOOL(1, DType.I32);

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bytes of one element. */
  final int bytes;

  /** The type of the tensor that it is read into. */
  final DType type;

  SafeTensorsType(int bytes, DType type) {
    this.bytes = bytes;
    this.type = type;
  }

  static Optional<SafeTensorsType> named(String name) {
    for (SafeTensorsType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Whether the bytes in the file are the bytes in memory. */
  boolean isPlain() {
    return this == F32 || this == I32;
  }

  /**
   * Converts elements: F64 is rounded, F16 and BF16 are exact, I64 must fit.
   *
   * @return the index of the first element that does not fit, or −1
   */
  long convert(MemorySegment from, MemorySegment to, long count) {
    for (long i = 0; i < count; i++) {
      switch (this) {
        case F32, I32 -> throw new IllegalStateException(this + " needs no conversion");
        case F64 -> to.set(FLOAT, 4 * i, (float) from.get(DOUBLE, 8 * i));
        case F16 -> to.set(FLOAT, 4 * i, Float.float16ToFloat(from.get(SHORT, 2 * i)));
        case BF16 -> to.set(INT, 4 * i, from.get(SHORT, 2 * i) << 16);
        case I64 -> {
          long value = from.get(LONG, 8 * i);
          if (value != (int) value) {
            return i;
          }
          to.set(INT, 4 * i, (int) value);
        }
        case I16 -> to.set(INT, 4 * i, from.get(SHORT, 2 * i));
        case U16 -> to.set(INT, 4 * i, from.get(SHORT, 2 * i) & 0xFFFF);
        case I8 -> to.set(INT, 4 * i, from.get(ValueLayout.JAVA_BYTE, i));
        case U8, BOOL -> to.set(INT, 4 * i, from.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
      }
    }
    return -1;
  }
}
