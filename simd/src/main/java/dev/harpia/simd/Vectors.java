package dev.harpia.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shape that every kernel uses, and the one segment through which they address memory.
 *
 * <p>Kernels take absolute addresses and go through {@link #ALL}, so that a loop always sees one
 * kind of segment: with several kinds C2's profile is polluted and the loop is 3 to 18 times
 * slower. Bounds and liveness are checked once, above the kernels.
 */
public final class Vectors {
  /** Floats, at the widest vector of the machine or at {@code -Dharpia.vector.bits}. */
  static final VectorSpecies<Float> F = species();

  /** Integers of the same shape as {@link #F}. */
  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

  /** Floats in one vector. */
  public static final int LANES = F.length();

  /** Bytes in one vector. */
  public static final int BYTES = 4 * LANES;

  /** All of memory: kernels address it by absolute address. */
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LE);

  private Vectors() {}

  private static VectorSpecies<Float> species() {
    int bits = Integer.getInteger("harpia.vector.bits", 0);
    return bits == 0
        ? FloatVector.SPECIES_PREFERRED
        : VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
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
    long whole = bytes - bytes % BYTES;
    zeroVectors(address, whole);
    for (long o = whole; o < bytes; o++) {
      ALL.set(ValueLayout.JAVA_BYTE, address + o, (byte) 0);
    }
  }

  /** Not by filling a slice of {@link #ALL}, which would be an object for each call. */
  private static void zeroVectors(long address, long bytes) {
    FloatVector zero = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += BYTES) {
      zero.intoMemorySegment(ALL, address + o, LE);
    }
  }
}
