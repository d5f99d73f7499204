package dev.harpia.simd;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reusable objects, borrowed for the time of a call. Not one per thread, as thousands of virtual
 * threads share what a few carriers need.
 */
final class ObjectPool<T> {
  private static final int SLOTS = 64;
  private final AtomicReferenceArray<@Nullable T> free = new AtomicReferenceArray<>(SLOTS);
  private final Supplier<T> make;

  ObjectPool(Supplier<T> make) {
    this.make = make;
  }

  T take() {
    int start = (int) Thread.currentThread().threadId();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) & (SLOTS - 1);
      if (free.getPlain(slot) != null) {
        T found = free.getAndSet(slot, null);
        if (found != null) {
          return found;
        }
      }
    }
    return make.get();
  }

  void give(T object) {
    int start = (int) Thread.currentThread().threadId();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) & (SLOTS - 1);
      if (free.getPlain(slot) == null && free.compareAndSet(slot, null, object)) {
        return;
      }
    }
  }
}
