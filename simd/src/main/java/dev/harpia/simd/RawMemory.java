package dev.harpia.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.VectorShape;

/**
 * All of memory by absolute address, and how wide the machine's vectors are: what can be known and
 * done without loading the vector classes, which takes as long as a small model's first answer. A
 * static member is initialised with the class that declares it, so whoever uses these through
 * {@link Vectors} does not load them either.
 */
public sealed class RawMemory permits Vectors {
  /** The shape of all vectors: the machine's widest, or {@code -Dharpia.vector.bits}. */
  static final VectorShape SHAPE = shape();

  /** Floats in one vector. */
  public static final int LANES = SHAPE.vectorBitSize() / Float.SIZE;

  /** Bytes in one vector. */
  public static final int BYTES = 4 * LANES;

  /** All of memory: kernels address it by absolute address. */
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LE);

  /** Calls of {@link #zero} that do without vectors, or so. */
  private static int first = 64;

  RawMemory() {}

  private static VectorShape shape() {
    int bits = Integer.getInteger("harpia.vector.bits", 0);
    return bits == 0 ? VectorShape.preferredShape() : VectorShape.forBitSize(bits);
  }

  /** The element at an absolute address. */
  public static float get(long address) {
    return ALL.get(FLOAT, address);
  }

  /** Stores an element at an absolute address. */
  public static void set(long address, float value) {
    ALL.set(FLOAT, address, value);
  }

  /** The integer at an absolute address. */
  public static int getInt(long address) {
    return ALL.get(INT, address);
  }

  /** Stores an integer at an absolute address. */
  public static void setInt(long address, int value) {
    ALL.set(INT, address, value);
  }

  /** Copies bytes between absolute addresses. */
  public static void copy(long from, long to, long bytes) {
    MemorySegment.copy(ALL, from, ALL, to, bytes);
  }

  /** Copies a whole array to an address. */
  public static void copy(float[] from, long to) {
    MemorySegment.copy(from, 0, ALL, FLOAT, to, from.length);
  }

  /** Copies a whole array to an address. */
  public static void copy(int[] from, long to) {
    MemorySegment.copy(from, 0, ALL, INT, to, from.length);
  }

  /** Fills an array from an address. */
  public static void copy(long from, float[] to) {
    MemorySegment.copy(ALL, FLOAT, from, to, 0, to.length);
  }

  /** Fills an array from an address. */
  public static void copy(long from, int[] to) {
    MemorySegment.copy(ALL, INT, from, to, 0, to.length);
  }

  /** Sets bytes to zero. */
  public static void zero(long address, long bytes) {
    if (first > 0) {
      first--;
      FirstCalls.zero(address, bytes);
      return;
    }
    Vectors.clear(address, bytes);
  }
}
