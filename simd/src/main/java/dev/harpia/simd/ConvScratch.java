package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Per-thread work memory of the convolutions, grown and kept: one block that a call shares with its tasks (packed weights,
 * partial sums), and one that belongs to the task running on this thread (packed planes, tiles).
 */
final class ConvScratch {
  private static final ThreadLocal<ConvScratch> CURRENT = ThreadLocal.withInitial(ConvScratch::new);

  private MemorySegment shared = MemorySegment.NULL;
  private MemorySegment local = MemorySegment.NULL;

  private ConvScratch() {}

  static ConvScratch current() {
    return CURRENT.get();
  }

  /** Address of the block for a call started by this thread; valid until the next request. */
  long shared(long bytes) {
    if (shared.byteSize() < bytes) {
      shared = allocate(bytes);
    }
    return shared.address();
  }

  /** Address of the block for the task that runs on this thread; valid until the next request. */
  long local(long bytes) {
    if (local.byteSize() < bytes) {
      local = allocate(bytes);
    }
    return local.address();
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes + (bytes >> 2) + 4096, 4096);
  }
}
