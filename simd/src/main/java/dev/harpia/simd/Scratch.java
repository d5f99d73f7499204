package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.lang.ref.Reference;

/**
 * Off-heap working memory of a kernel call, borrowed from a pool. Blocks grow on demand; the
 * garbage collector frees those that have been outgrown or found the pool full.
 */
public final class Scratch {
  private static final Pool<Scratch> FREE = new Pool<>();

  /** Blocks begin on page boundaries. */
  private static final int ALIGNMENT = 4096;

  private Arena arena = Arena.ofAuto();
  private long address;
  private long capacity;

  private Scratch() {}

  /** Borrows a block of at least {@code bytes}; give it back with {@link #release}. */
  public static Scratch acquire(long bytes) {
    Scratch scratch = FREE.take();
    if (scratch == null) {
      scratch = new Scratch();
    }
    scratch.ensure(bytes);
    return scratch;
  }

  /** Start of the block. */
  public long address() {
    return address;
  }

  /** Keeps the block reachable while only its address is in use. */
  public void keep() {
    Reference.reachabilityFence(arena);
  }

  /** Gives the block back; its address must not be used any more. */
  public void release() {
    keep();
    FREE.give(this);
  }

  private void ensure(long bytes) {
    if (bytes > capacity) {
      long size = Math.max(1 << 16, Long.highestOneBit(2 * bytes - 1));
      Arena larger = Arena.ofAuto();
      address = larger.allocate(size, ALIGNMENT).address();
      capacity = size;
      arena = larger;
    }
  }
}
