package dev.harpia.nn.io.onnx;

import java.util.Arrays;

/**
 * Which elements of an input each place of a moving window sees, for any number of axes, as a table
 * of flat places.
 */
final class Taps {
  private static final long MOST = 1L << 26;

  /** The output's sizes. */
  final int[] out;

  /** How many elements a window has. */
  final int taps;

  /** How many places the output has. */
  final int places;

  /** The element of the input at {@code [place·taps + tap]}; −1 in the padding. */
  final int[] table;

  /** For each place, how many of its taps lie in the input or its padding. */
  final int[] within;

  private Taps(int[] out, int taps, int places) {
    this.out = out;
    this.taps = taps;
    this.places = places;
    this.table = new int[places * taps];
    this.within = new int[places];
  }

  /** The sizes of the output of a window over an input. */
  static int[] sizes(int[] in, Geometry g, boolean ceil) {
    int[] out = new int[in.length];
    for (int i = 0; i < out.length; i++) {
      int room = in[i] + g.pads()[i] + g.pads()[i + in.length] - g.reach(i);
      int s = g.strides()[i];
      out[i] = room < 0 ? 0 : (ceil ? Math.ceilDiv(room, s) : room / s) + 1;
      if (ceil && (out[i] - 1) * s >= in[i] + g.pads()[i]) {
        out[i]--; // a window that would begin in the padding at the end
      }
    }
    return out;
  }

  static Taps of(int[] in, int[] out, Geometry g) {
    int n = in.length;
    long places = Arrays.stream(out).asLongStream().reduce(1, (a, b) -> a * b);
    long taps = Arrays.stream(g.kernel()).asLongStream().reduce(1, (a, b) -> a * b);
    if (places * taps > MOST) {
      throw new UnsupportedCase("windows over " + n + " axes of so many elements");
    }
    Taps t = new Taps(out, (int) taps, (int) places);
    for (int p = 0; p < places; p++) {
      for (int k = 0; k < taps; k++) {
        int place = p;
        int tap = k;
        int at = 0;
        int step = 1;
        boolean inside = true;
        boolean padded = true;
        for (int d = n - 1; d >= 0; d--) {
          int i =
              place % out[d] * g.strides()[d]
                  + tap % g.kernel()[d] * g.dilations()[d]
                  - g.pads()[d];
          inside &= i >= 0 && i < in[d];
          padded &= i < in[d] + g.pads()[d + n];
          at += i * step;
          step *= in[d];
          place /= out[d];
          tap /= g.kernel()[d];
        }
        t.table[p * t.taps + k] = inside ? at : -1;
        t.within[p] += padded ? 1 : 0;
      }
    }
    return t;
  }
}
