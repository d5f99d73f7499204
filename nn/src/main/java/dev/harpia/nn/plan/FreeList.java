package dev.harpia.nn.plan;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The free ones among the numbers 0 … size−1, as a lock-free stack: the number given back last is
 * taken first. Nothing is allocated.
 */
final class FreeList {
  /** For each number, one more than the number below it; 0 at the bottom. */
  private final AtomicIntegerArray below;

  /**
   * One more than the topmost number in the lower half; the upper half counts changes, so that a
   * top that went and came back in between is not mistaken for one that stayed.
   */
  private final AtomicLong top = new AtomicLong();

  FreeList(int size) {
    below = new AtomicIntegerArray(size);
    for (int i = size - 1; i >= 0; i--) {
      give(i);
    }
  }

  /** Takes the topmost number; there must be one, now or in a moment. */
  int take() {
    while (true) {
      long t = top.get();
      int index = (int) t - 1;
      if (index < 0) {
        Thread.onSpinWait(); // the one that is promised to us is just being given back
      } else if (top.compareAndSet(t, with(t, below.get(index)))) {
        return index;
      }
    }
  }

  void give(int index) {
    while (true) {
      long t = top.get();
      below.set(index, (int) t);
      if (top.compareAndSet(t, with(t, index + 1))) {
        return;
      }
    }
  }

  private static long with(long before, int value) {
    return ((before >>> 32) + 1) << 32 | value;
  }
}
