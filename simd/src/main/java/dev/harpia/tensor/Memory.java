package dev.harpia.tensor;

import dev.harpia.simd.Vectors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/** Element access to a live tensor's memory, for everything that is not worth a kernel. */
final class Memory {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

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

  // Memory of our own is copied by address, as its segment would be a new object each time; of
  // foreign memory the segment knows whether it may be written to and is still open.

  void copyFrom(float[] source) {
    sameSize(source.length);
    if (owner.readablePadding()) {
      Vectors.copy(source, address);
      Reference.reachabilityFence(owner);
    } else {
      MemorySegment.copy(source, 0, owner.segment(), FLOAT, 0, source.length);
    }
  }

  void copyFrom(int[] source) {
    sameSize(source.length);
    if (owner.readablePadding()) {
      Vectors.copy(source, address);
      Reference.reachabilityFence(owner);
    } else {
      MemorySegment.copy(source, 0, owner.segment(), INT, 0, source.length);
    }
  }

  void copyTo(float[] target, DType type) {
    sameSize(target.length);
    if (type == DType.I32) {
      for (int i = 0; i < target.length; i++) {
        target[i] = getInt(i);
      }
    } else if (owner.readablePadding()) {
      Vectors.copy(address, target);
      Reference.reachabilityFence(owner);
    } else {
      MemorySegment.copy(owner.segment(), FLOAT, 0, target, 0, target.length);
    }
  }

  void copyTo(int[] target) {
    sameSize(target.length);
    if (owner.readablePadding()) {
      Vectors.copy(address, target);
      Reference.reachabilityFence(owner);
    } else {
      MemorySegment.copy(owner.segment(), INT, 0, target, 0, target.length);
    }
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
