package dev.harpia.simd;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector species that every kernel uses, and the one segment through which they address memory.
 *
 * <p>Kernels take absolute addresses and go through {@link #ALL}, so that a loop always sees one
 * kind of segment: with several kinds C2's profile is polluted and the loop is 3 to 18 times
 * slower. Bounds and liveness are checked once, above the kernels.
 */
public final class Vectors extends RawMemory {
  /** Floats. */
  static final VectorSpecies<Float> F = VectorSpecies.of(float.class, SHAPE);

  /** Integers of the same shape as {@link #F}. */
  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, SHAPE);

  private Vectors() {}

  /** As {@link #zero}, from its first calls on. */
  static void clear(long address, long bytes) {
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
