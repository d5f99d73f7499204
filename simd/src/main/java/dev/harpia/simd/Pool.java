package dev.harpia.simd;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of reusable objects, lock-free: what finds no room is left to the garbage
 * collector.
 *
 * <p>A pool rather than one object per thread: thousands of virtual threads then share what a few
 * carriers need.
 */
final class Pool<T> {
  private static final int SLOTS = 64;
  private final AtomicReferenceArray<@Nullable T> free = new AtomicReferenceArray<>(SLOTS);

  /** A pooled object, or null if there is none. */
  @Nullable T take() {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) & (SLOTS - 1);
      if (free.get(slot) != null) {
        T object = free.getAndSet(slot, null);
        if (object != null) {
          return object;
        }
      }
    }
    return null;
  }

  /** Gives an object (back) to the pool; the caller must not use it any more. */
  void give(T object) {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) & (SLOTS - 1);
      if (free.get(slot) == null && free.compareAndSet(slot, null, object)) {
        return;
      }
    }
  }

  /** Threads begin at different slots, so that each mostly meets its own object, still in cache. */
  private static int start() {
    return (int) Thread.currentThread().threadId();
  }
}
