package dev.harpia.tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Free lists of blocks by size class, for gradients: they do not die in stack order, and a block
 * that was just consumed is still in the cache when the next gradient takes it.
 */
final class GradientPool {
  /** A block of memory of a size class. */
  record Block(long address, long bytes, MemorySegment memory) {}

  private static final long SMALL_SLAB = 1L << 20;

  private final Map<Long, ArrayDeque<Block>> free = new HashMap<>();
  private MemorySegment slab = MemorySegment.NULL;
  private long top;

  /** A block of at least {@code bytes}, of undefined content. */
  Block take(long bytes) {
    long size = sizeClass(Storage.room(bytes));
    ArrayDeque<Block> blocks = free.get(size);
    Block hit = blocks == null ? null : blocks.pollLast();
    return hit != null ? hit : create(size);
  }

  void give(Block block) {
    if (Guard.ON) {
      Guard.poison(block.address, block.bytes);
    }
    free.computeIfAbsent(block.bytes, b -> new ArrayDeque<>()).addLast(block);
  }

  private Block create(long size) {
    String holder = "gradients of thread " + Thread.currentThread().getName();
    if (size >= SMALL_SLAB / 4) {
      MemorySegment own = Budget.allocate(size + Storage.SLACK, 4096, holder);
      return new Block(own.address(), size, own);
    }
    long align = Storage.alignment(size);
    long at = (top + align - 1) & -align;
    if (slab.byteSize() == 0 || at + size + Storage.SLACK > slab.address() + slab.byteSize()) {
      slab = Budget.allocate(SMALL_SLAB, 4096, holder);
      at = slab.address();
    }
    top = at + size;
    return new Block(at, size, slab);
  }

  /** Rounds up to one of four classes in each power of two, so that at most a fifth is wasted. */
  static long sizeClass(long bytes) {
    if (bytes <= 256) {
      return (bytes + 63) & -64;
    }
    long step = Long.highestOneBit(bytes - 1) >> 2;
    return (bytes + step - 1) & -step;
  }
}
