package dev.harpia.tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Free lists of blocks by size class, for gradients: they do not die in stack order, and a block
 * that was just consumed is still in the cache when the next gradient takes it.
 */
final class GradientPool {
  /** A block of memory of a size class. */
  record Block(long address, long bytes, MemorySegment memory) {}

  private static final long SMALL_SLAB = 1L << 20;

  /** Blocks by the number of their class. */
  private final List<List<Block>> free = new ArrayList<>();

  private MemorySegment slab = MemorySegment.NULL;
  private long top;

  /** A block of at least {@code bytes}, of undefined content. */
  Block take(long bytes) {
    long size = sizeClass(Storage.room(bytes));
    List<Block> blocks = ofClass(size);
    @Nullable Block hit = blocks.isEmpty() ? null : blocks.removeLast();
    return hit != null ? hit : create(size);
  }

  void give(Block block) {
    if (Guard.ON) {
      Guard.poison(block.address, block.bytes);
    }
    ofClass(block.bytes).add(block);
  }

  private List<Block> ofClass(long size) {
    int number = classNumber(size);
    while (free.size() <= number) {
      free.add(new ArrayList<>());
    }
    return free.get(number);
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

  /** The number of a class, by its size: 64, 128, 192, 256, then four in each power of two. */
  static int classNumber(long size) {
    if (size <= 256) {
      return (int) (size / 64);
    }
    int power = 63 - Long.numberOfLeadingZeros(size - 1);
    long step = 1L << (power - 2);
    return 4 * (power - 7) + (int) ((size - (1L << power)) / step);
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
