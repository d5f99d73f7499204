package dev.harpia.tensor;

import dev.harpia.simd.Vectors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/** Element access to a live tensor's memory, for everything that is not worth a kernel. */
final class Memory {
  private final Tensor owner;
  private final long address;
  private final long size;

  Memory(Tensor owner, long address, long size) {
    this.owner = owner;
    this.address = address;
    this.size = size;
  }

  interface FloatSupplier {
    float get();
  }

  float get(long i) {
    float v = Vectors.get(address + 4 * i);
    Reference.reachabilityFence(owner);
    return v;
  }

  int getInt(long i) {
    int v = Vectors.getInt(address + 4 * i);
    Reference.reachabilityFence(owner);
    return v;
  }

  void set(long i, float v) {
    Vectors.set(address + 4 * i, v);
    Reference.reachabilityFence(owner);
  }

  void setInt(long i, int v) {
    Vectors.setInt(address + 4 * i, v);
    Reference.reachabilityFence(owner);
  }

  void fill(float v) {
    for (long i = 0; i < size; i++) {
      set(i, v);
    }
  }

  void fillWith(FloatSupplier values) {
    for (long i = 0; i < size; i++) {
      set(i, values.get());
    }
  }

  void copyFrom(float[] source) {
    sameSize(source.length);
    MemorySegment.copy(
        source, 0, owner.segment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, source.length);
  }

  void copyFrom(int[] source) {
    sameSize(source.length);
    MemorySegment.copy(
        source, 0, owner.segment(), ValueLayout.JAVA_INT_UNALIGNED, 0, source.length);
  }

  void copyTo(float[] target, DType type) {
    sameSize(target.length);
    if (type == DType.F32) {
      MemorySegment.copy(
          owner.segment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, target, 0, target.length);
    } else {
      for (int i = 0; i < target.length; i++) {
        target[i] = getInt(i);
      }
    }
  }

  void copyTo(int[] target) {
    sameSize(target.length);
    MemorySegment.copy(
        owner.segment(), ValueLayout.JAVA_INT_UNALIGNED, 0, target, 0, target.length);
  }

  boolean hasNan() {
    for (long i = 0; i < size; i++) {
      float v = get(i);
      if (Float.isNaN(v)) {
        return true;
      }
    }
    return false;
  }

  private void sameSize(int n) {
    if (n != size) {
      throw new IllegalArgumentException(
          "copy: an array of "
              + n
              + " elements and tensor "
              + owner.shape()
              + ", which has "
              + size
              + ": sizes must be equal");
    }
  }
}
