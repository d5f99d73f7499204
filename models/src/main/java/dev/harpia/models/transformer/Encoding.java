package dev.harpia.models.transformer;

import java.util.Arrays;

/**
 * The tokens of a text, and for each the characters (UTF-16) it covers: from {@code starts[i]} up
 * to, not including, {@code ends[i]}. A token that holds a part of a character covers all of it.
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier
public record Encoding(int[] ids, int[] starts, int[] ends) {
  /** How many tokens there are. */
  public int size() {
    return ids.length;
  }

  /** Collects tokens. */
  static final class Builder {
    private int[] ids = new int[64];
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int n;

    void add(int id, int start, int end) {
      if (n == ids.length) {
        ids = Arrays.copyOf(ids, 2 * n);
        starts = Arrays.copyOf(starts, 2 * n);
        ends = Arrays.copyOf(ends, 2 * n);
      }
      ids[n] = id;
      starts[n] = start;
      ends[n++] = end;
    }

    Encoding build() {
      return new Encoding(Arrays.copyOf(ids, n), Arrays.copyOf(starts, n), Arrays.copyOf(ends, n));
    }
  }
}
