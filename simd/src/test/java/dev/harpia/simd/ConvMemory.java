package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Native floats between canaries, deliberately at an odd offset. */
final class ConvMemory {
  private static final int EDGE = 64;
  private static final int CANARY = 0x7fc0beef;

  private final MemorySegment memory;
  private final int size;

  private ConvMemory(int size) {
    this.size = size;
    memory = Arena.ofAuto().allocate(4L * (size + 2 * EDGE + 3), 64);
    for (long i = 0; i < memory.byteSize() / 4; i++) {
      memory.setAtIndex(ValueLayout.JAVA_INT, i, CANARY);
    }
  }

  static ConvMemory of(float[] values) {
    ConvMemory g = new ConvMemory(values.length);
    MemorySegment.copy(values, 0, g.memory, ValueLayout.JAVA_FLOAT, 4L * (EDGE + 1), values.length);
    return g;
  }

  /** Floats that start as NaN. */
  static ConvMemory empty(int size) {
    return new ConvMemory(size);
  }

  static float[] random(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  long address() {
    return memory.address() + 4L * (EDGE + 1);
  }

  float[] floats() {
    float[] values = new float[size];
    MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, 4L * (EDGE + 1), values, 0, size);
    return values;
  }

  int[] ints() {
    int[] values = new int[size];
    MemorySegment.copy(memory, ValueLayout.JAVA_INT, 4L * (EDGE + 1), values, 0, size);
    return values;
  }

  boolean intact() {
    for (int i = 0; i <= EDGE; i++) {
      if (memory.getAtIndex(ValueLayout.JAVA_INT, i) != CANARY) {
        return false;
      }
    }
    for (int i = 0; i < EDGE; i++) {
      if (memory.getAtIndex(ValueLayout.JAVA_INT, EDGE + 1L + size + i) != CANARY) {
        return false;
      }
    }
    return true;
  }
}
