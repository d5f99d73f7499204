package dev.harpia.tensor;

import java.util.Locale;

/** How a tensor prints. */
final class TensorText {
  private static final int EDGE = 3;

  private TensorText() {}

  static String of(Tensor t) {
    StringBuilder b = new StringBuilder("Tensor").append(t.shape());
    if (t.type() != DType.F32) {
      b.append(' ').append(t.type());
    }
    b.append(' ');
    append(b, t, 0, new int[t.rank()]);
    return b.toString();
  }

  private static void append(StringBuilder b, Tensor t, int axis, int[] index) {
    if (axis == t.rank()) {
      b.append(t.type() == DType.I32 ? Integer.toString(t.getInt(index)) : number(t.get(index)));
      return;
    }
    b.append('[');
    int n = t.dim(axis);
    for (int i = 0; i < n; i++) {
      if (n > 2 * EDGE + 2 && i == EDGE) {
        b.append(", …");
        i = n - EDGE - 1;
        continue;
      }
      if (i > 0) {
        b.append(", ");
      }
      index[axis] = i;
      append(b, t, axis + 1, index);
    }
    index[axis] = 0;
    b.append(']');
  }

  private static String number(float v) {
    if (v == Math.rint(v) && Math.abs(v) < 1e6) {
      return Integer.toString((int) v);
    }
    return String.format(
        Locale.ROOT, Math.abs(v) < 1e-3 || Math.abs(v) >= 1e6 ? "%.3e" : "%.4f", v);
  }
}
