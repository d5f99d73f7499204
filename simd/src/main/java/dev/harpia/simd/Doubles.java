package dev.harpia.simd;

import java.lang.foreign.ValueLayout;

/** Doubles and longs at absolute addresses, for partial results and sort keys in scratch memory. */
final class Doubles {
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private Doubles() {}

  static double get(long address) {
    return Vectors.ALL.get(DOUBLE, address);
  }

  static void put(long address, double value) {
    Vectors.ALL.set(DOUBLE, address, value);
  }

  static long getLong(long address) {
    return Vectors.ALL.get(LONG, address);
  }

  static void putLong(long address, long value) {
    Vectors.ALL.set(LONG, address, value);
  }
}
