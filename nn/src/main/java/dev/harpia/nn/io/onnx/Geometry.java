package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import java.util.Arrays;

/**
 * How a window moves over the last axes of a tensor.
 *
 * @param kernel its size along each of these axes
 * @param strides how far it moves
 * @param dilations the distance of its elements
 * @param pads what is added before each axis, then what is added after each
 */
record Geometry(int[] kernel, int[] strides, int[] dilations, int[] pads) {
  int axes() {
    return kernel.length;
  }

  /** The elements that a window covers along an axis, from the first to the last. */
  int reach(int axis) {
    return (kernel[axis] - 1) * dilations[axis] + 1;
  }

  /** The attributes of a call. */
  static Geometry of(Call c, long[] kernel, Shape x) {
    int n = kernel.length;
    if (n < 1 || x.rank() != n + 2) {
      throw c.unsupported(n + " dimensions of a tensor of rank " + x.rank());
    }
    Geometry g =
        new Geometry(
            Call.ints(kernel), sized(c, "strides", n), sized(c, "dilations", n), pads(c, n));
    if (Arrays.stream(g.kernel).anyMatch(k -> k < 1)) {
      throw new IllegalArgumentException("a window of " + Arrays.toString(kernel));
    }
    String auto = c.text("auto_pad", "NOTSET");
    if (auto.startsWith("SAME")) {
      for (int i = 0; i < n; i++) {
        int size = x.dim(i + 2);
        int out = Math.ceilDiv(size, g.strides[i]);
        int all = Math.max(0, (out - 1) * g.strides[i] + g.reach(i) - size);
        g.pads[i] = auto.equals("SAME_UPPER") ? all / 2 : all - all / 2;
        g.pads[i + n] = all - g.pads[i];
      }
    }
    long[] padded = Arithmetic.longs(x);
    for (int i = 0; i < n; i++) {
      padded[i + 2] += (long) g.pads[i] + g.pads[i + n];
    }
    Call.bounded(padded);
    return g;
  }

  private static int[] pads(Call c, int n) {
    String auto = c.text("auto_pad", "NOTSET");
    switch (auto) {
      case "NOTSET" -> {
        int[] pads = c.set("pads") ? Call.ints(c.integers("pads")) : new int[2 * n];
        if (pads.length != 2 * n || Arrays.stream(pads).anyMatch(p -> p < 0)) {
          throw new IllegalArgumentException(
              "expected " + 2 * n + " pads of at least 0, found " + Arrays.toString(pads));
        }
        return pads;
      }
      case "VALID", "SAME_UPPER", "SAME_LOWER" -> {
        return new int[2 * n];
      }
      default -> throw c.unsupported("auto_pad " + auto);
    }
  }

  private static int[] sized(Call c, String name, int n) {
    int[] v = new int[n];
    Arrays.fill(v, 1);
    int[] given = c.set(name) ? Call.ints(c.integers(name)) : v;
    if (given.length != n || Arrays.stream(given).anyMatch(i -> i < 1)) {
      throw new IllegalArgumentException(
          "expected " + n + " " + name + " of at least 1, found " + Arrays.toString(given));
    }
    return given;
  }
}
