package dev.harpia.models.transformer;

/**
 * The k largest of many numbers, found without sorting them all; of equal ones those that came at
 * the smaller places. Its memory is used again.
 */
final class Largest {
  private final long[] heap; // the smallest first: a number in the upper half, a place in the lower
  private int size;

  Largest(int k) {
    heap = new long[k];
  }

  void clear() {
    size = 0;
  }

  void offer(float value, int place) {
    int bits = Float.floatToIntBits(value);
    long key = (long) (bits ^ bits >> 31 & 0x7fffffff) << 32 | ~place & 0xffffffffL; // orders alike
    if (size < heap.length) {
      rise(size++, key);
    } else if (key > heap[0]) {
      sink(key);
    }
  }

  int size() {
    return size;
  }

  /** The place of one of them; they are in no order. */
  int place(int i) {
    return ~(int) heap[i];
  }

  private void rise(int i, long key) {
    while (i > 0 && heap[(i - 1) / 2] > key) {
      heap[i] = heap[(i - 1) / 2];
      i = (i - 1) / 2;
    }
    heap[i] = key;
  }

  private void sink(long key) {
    int i = 0;
    for (int child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= key) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = key;
  }
}
