package dev.harpia.tensor;

import java.lang.foreign.MemorySegment;

/**
 * A block of memory in which tensors are placed by hand: the workspace of a compiled plan. Zero at
 * first; the garbage collector frees it.
 */
public final class Slab {
  /** Where tensors may start: multiples of this many bytes. */
  public static final long ALIGNMENT = 64;

  private final MemorySegment memory;

  /** A block of {@code bytes}; {@code holder} is the name under which memory reports list it. */
  public Slab(long bytes, String holder) {
    memory = Budget.allocate(Math.max(bytes, 4) + Storage.SLACK, 4096, holder);
  }

  /** The bytes that a tensor takes, whole vectors included. */
  public static long room(Shape shape) {
    return Storage.room(4 * shape.size());
  }

  /** A tensor at an offset. */
  public Tensor tensor(Shape shape, DType type, long offset) {
    if (offset % ALIGNMENT != 0 || offset < 0 || offset + room(shape) > memory.byteSize()) {
      throw new IllegalArgumentException(
          "slab: "
              + shape
              + " at byte "
              + offset
              + " of "
              + memory.byteSize()
              + ": must fit, at a multiple of "
              + ALIGNMENT);
    }
    Storage s = new Storage(memory.address() + offset, 4 * shape.size(), memory, null, true);
    return new Tensor(shape, type, s, s.address);
  }
}
