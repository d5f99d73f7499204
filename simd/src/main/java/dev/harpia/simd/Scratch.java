package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap working memory of a kernel call, borrowed from a small pool.
 *
 * <p>A pool rather than one per thread: thousands of virtual threads then share what a few carriers
 * need. Blocks grow on demand; the garbage collector frees those that have been outgrown or found
 * the pool full.
 */
final class Scratch {
  private static final int SLOTS = 64;
  private static final AtomicReferenceArray<@Nullable Scratch> FREE =
      new AtomicReferenceArray<>(SLOTS);

  /** Keeps the first bytes and lines of blocks on boundaries of pages. */
  private static final int ALIGNMENT = 4096;

  private Arena arena = Arena.ofAuto();
  private long address;
  private long capacity;

  private Scratch() {}

  /** Borrows a block of at least {@code bytes}; give it back with {@link #release}. */
  static Scratch acquire(long bytes) {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) & (SLOTS - 1);
      if (FREE.get(slot) != null) {
        Scratch scratch = FREE.getAndSet(slot, null);
        if (scratch != null) {
          scratch.ensure(bytes);
          return scratch;
        }
      }
    }
    Scratch scratch = new Scratch();
    scratch.ensure(bytes);
    return scratch;
  }

  /** Start of the block, on a page boundary. */
  long address() {
    return address;
  }

  /** Gives the block back. */
  void release() {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) & (SLOTS - 1);
      if (FREE.get(slot) == null && FREE.compareAndSet(slot, null, this)) {
        return;
      }
    }
  }

  private static int start() {
    return (int) Thread.currentThread().threadId();
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

  /** Keeps the block reachable while its bare address is in use. */
  void keep() {
    java.lang.ref.Reference.reachabilityFence(arena);
  }
}
