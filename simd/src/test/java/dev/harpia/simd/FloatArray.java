package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Floats off the heap between canaries. */
final class FloatArray {
  private static final int GUARD = 64;
  private static final int CANARY = 0x7fa5a5a5;

  private final MemorySegment memory;
  final int size;

  FloatArray(int size) {
    this.size = size;
    this.memory = Arena.ofAuto().allocate(4L * (size + 2 * GUARD), 64);
    for (int i = 0; i < size + 2 * GUARD; i++) {
      Vectors.setInt(memory.address() + 4L * i, CANARY);
    }
  }

  long address() {
    return memory.address() + 4L * GUARD;
  }

  float get(int i) {
    return Vectors.get(address() + 4L * i);
  }

  FloatArray set(int i, float v) {
    Vectors.set(address() + 4L * i, v);
    return this;
  }

  FloatArray fill(java.util.function.IntToDoubleFunction f) {
    for (int i = 0; i < size; i++) {
      set(i, (float) f.applyAsDouble(i));
    }
    return this;
  }

  /**
   * Whether nothing has been written before the array, or after it beyond {@code slack} elements.
   */
  boolean intact(int slack) {
    boolean ok = true;
    for (int i = 0; i < GUARD; i++) {
      ok &= Vectors.getInt(memory.address() + 4L * i) == CANARY;
      ok &= i < slack || Vectors.getInt(address() + 4L * (size + i)) == CANARY;
    }
    return ok;
  }
}
