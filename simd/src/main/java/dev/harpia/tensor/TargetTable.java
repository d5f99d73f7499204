package dev.harpia.tensor;

import org.jspecify.annotations.Nullable;

/**
 * The tensors that a loss is differentiated with respect to, and their gradients: a hash table by
 * identity without objects for its entries, since every training step makes one.
 */
final class TargetTable {
  private final @Nullable Tensor[] keys;
  private final @Nullable Tensor[] gradients;
  private final int shift;

  TargetTable(int count) {
    int bits = 33 - Integer.numberOfLeadingZeros(Math.max(2, count)); // at most half full
    keys = new Tensor[1 << bits];
    gradients = new Tensor[1 << bits];
    shift = 32 - bits;
  }

  /** Adds a target; adding it again does nothing. */
  void add(Tensor t) {
    int i = slot(t);
    keys[i] = t;
  }

  /** The place of a target, or −1 if {@code t} is none. */
  int find(Tensor t) {
    int i = slot(t);
    return keys[i] == null ? -1 : i;
  }

  /** Where {@code t} is, or where it would go. */
  private int slot(Tensor t) {
    int i = System.identityHashCode(t) * 0x9E3779B9 >>> shift;
    while (keys[i] != null && keys[i] != t) {
      i = (i + 1) & (keys.length - 1);
    }
    return i;
  }

  /** How many places there are; not all hold a target. */
  int places() {
    return keys.length;
  }

  @Nullable Tensor get(int place) {
    return gradients[place];
  }

  void set(int place, Tensor gradient) {
    gradients[place] = gradient;
  }
}
