package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Runs a kernel over one stretch of elements: whole vectors in place, what remains through copies
 * of one vector per operand, so that nothing beyond the stretch is read or written. Holds the
 * working memory for that; borrowed from a pool.
 */
final class Span {
  private static final ObjectPool<Span> POOL = new ObjectPool<>(Span::new);

  /** Where the kernel's operands start; set before {@link #run}. */
  final long[] at = new long[Kernel.ADDRESSES];

  private final MemorySegment memory =
      Arena.ofAuto().allocate((long) Kernel.ADDRESSES * Vectors.BYTES, Vectors.BYTES);
  private final long[] block = new long[Kernel.ADDRESSES];

  static Span take() {
    return POOL.take();
  }

  void give() {
    POOL.give(this);
  }

  /** Sets the addresses of a call's operands at element {@code from}. */
  void move(Arguments call, Kernel k, long from) {
    for (int i = 0; i < at.length; i++) {
      at[i] = call.address[i] + (k.fixed(i) ? 0 : Float.BYTES * from);
    }
  }

  /**
   * Runs the kernel over the next {@code count} elements.
   *
   * @param padded whether it may read and write on to the end of the last vector
   */
  void run(Kernel k, Arguments call, long index, long count, boolean padded) {
    long whole = padded ? count : count & -Vectors.LANES;
    if (whole > 0) {
      call.run(k, at, Float.BYTES * whole, index);
    }
    if (whole < count) {
      remainder(k, call, index + whole, whole, (int) (count - whole));
    }
  }

  /** A vector's room for partial sums. */
  long sums() {
    return memory.address();
  }

  /** Moves the inputs on by some bytes and sets the output's address. */
  void advance(Kernel k, long bytes, long output) {
    at[0] = output;
    for (int i = 1; i < at.length; i++) {
      at[i] += k.fixed(i) ? 0 : bytes;
    }
  }

  private void remainder(Kernel k, Arguments call, long index, long from, int count) {
    long offset = Float.BYTES * from;
    copyIn(k, offset, count);
    call.run(k, block, Vectors.BYTES, index);
    for (int i = 0; i < k.outputs(); i++) {
      copy(block[i], at[i] + offset, count);
    }
  }

  /**
   * Fills the blocks with {@code count} elements of each operand; returns the first block's
   * address.
   */
  long copyIn(Kernel k, long offset, int count) {
    int outputs = k.outputs();
    for (int i = 0; i < outputs + k.inputs(); i++) {
      block[i] = k.fixed(i) ? at[i] : memory.address() + (long) i * Vectors.BYTES;
      if (!k.fixed(i) && (i >= outputs || k.spec().mode() == KernelSpec.Mode.ACCUMULATE)) {
        copy(at[i] + offset, block[i], count);
      }
    }
    return block[0];
  }

  /** Runs the kernel over one vector, as filled by {@link #copyIn}. */
  void runBlock(Kernel k, Arguments call, long index) {
    call.run(k, block, Vectors.BYTES, index);
  }

  /** As integers: no load or store changes their bits. */
  private static void copy(long from, long to, int count) {
    for (int i = 0; i < count; i++) {
      Vectors.setInt(to + 4L * i, Vectors.getInt(from + 4L * i));
    }
  }
}
