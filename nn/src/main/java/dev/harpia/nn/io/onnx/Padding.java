package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Padding, by a constant or by elements of the tensor itself. */
final class Padding {
  private Padding() {}

  static Tensor pad(Call c) {
    Tensor x = c.tensor(0);
    long[] pads = c.integersOf(1, "pads").orElseThrow(IllegalArgumentException::new);
    long[] axes = c.has(3) ? c.value(3).longs() : null;
    int n = pads.length / 2;
    float by = c.has(2) ? c.value(2).number() : c.number("value", 0);
    for (int i = 0; i < n; i++) {
      int axis = axes == null ? i : Call.axis(axes[i], x.rank());
      x = pad(x, c.text("mode", "constant"), axis, pads[i], pads[i + n], by);
    }
    return x;
  }

  private static Tensor pad(Tensor x, String mode, int axis, long before, long after, float by) {
    int d = x.dim(axis);
    Tensor y = x;
    if (before < 0 || after < 0) {
      y = x.slice(axis, (int) Math.max(0, -before), (int) (d - Math.max(0, -after)));
    }
    int b = (int) Math.max(0, before);
    int a = (int) Math.max(0, after);
    if (a == 0 && b == 0) {
      return y;
    }
    Call.bounded((long) a + b + d, Math.max(1, x.size() / Math.max(1, d)));
    int m = y.dim(axis);
    return switch (mode) {
      case "constant" -> constant(y, axis, b, a, by);
      case "edge" -> Layouts.pick(y, axis, b + m + a, i -> Math.clamp(i - b, 0, m - 1));
      case "wrap" -> Layouts.pick(y, axis, b + m + a, i -> Math.floorMod(i - b, m));
      case "reflect" -> Layouts.pick(y, axis, b + m + a, i -> reflect(i - b, m));
      default -> throw new UnsupportedCase("mode " + mode);
    };
  }

  private static int reflect(int i, int m) {
    if (m == 1) {
      return 0;
    }
    int k = Math.floorMod(i, 2 * (m - 1));
    return k < m ? k : 2 * (m - 1) - k;
  }

  static Tensor constant(Tensor x, int axis, int before, int after, float by) {
    if (before == 0 && after == 0) {
      return x;
    }
    List<Tensor> parts = new ArrayList<>();
    if (before > 0) {
      parts.add(block(x.shape().with(axis, before), by));
    }
    parts.add(x);
    if (after > 0) {
      parts.add(block(x.shape().with(axis, after), by));
    }
    return Tensor.concat(axis, parts.toArray(Tensor[]::new));
  }

  private static Tensor block(Shape shape, float by) {
    float[] v = new float[Math.toIntExact(shape.size())];
    Arrays.fill(v, by);
    return Value.constant(v, shape);
  }
}
