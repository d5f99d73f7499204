package dev.harpia.nn;

import dev.harpia.tensor.Padding;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Conv;
import dev.harpia.tensor.op.Window;
import org.jspecify.annotations.Nullable;

/** What {@link Conv1d}, {@link Conv2d} and {@link Conv3d} share: pads, convolves, adds the bias. */
final class Convolution {
  private Convolution() {}

  /** Throws where channels do not fall into groups, or a kernel is empty. */
  static void check(String name, int in, int out, ConvOptions options, int... kernel) {
    int groups = options.groups();
    if (in < 1 || out < 1 || groups < 1 || in % groups != 0 || out % groups != 0) {
      throw new IllegalArgumentException(
          name
              + ": "
              + in
              + " to "
              + out
              + " channels in "
              + groups
              + " groups: must be positive, and groups divide both");
    }
    for (int k : kernel) {
      if (k < 1) {
        throw new IllegalArgumentException(
            name + ": kernel " + java.util.Arrays.toString(kernel) + ": must be positive");
      }
    }
  }

  /** Shapes: x [N, C, H, W], weight [O, C/groups, K, L], bias [O]. */
  static Tensor apply(Tensor x, Tensor weight, @Nullable Tensor bias, ConvOptions o) {
    Window w = o.window();
    Tensor padded = x;
    if (x.rank() == 4 && (o.same() || o.mode() != Padding.CONSTANT)) {
      int high = o.same() ? w.dh() * (weight.dim(2) - 1) : 2 * w.ph();
      int wide = o.same() ? w.dw() * (weight.dim(3) - 1) : 2 * w.pw();
      padded = x.pad2d(o.mode(), 0, wide / 2, wide - wide / 2, high / 2, high - high / 2);
      w = new Window(w.sh(), w.sw(), 0, 0, w.dh(), w.dw());
    }
    Conv op = new Conv(w, o.groups());
    return bias == null ? Tensor.apply(op, padded, weight) : Tensor.apply(op, padded, weight, bias);
  }

  /** What listings show after the channels and the kernel. */
  static String arguments(ConvOptions o) {
    return ", stride "
        + o.window().sw()
        + ", padding "
        + (o.same() ? "same" : o.window().pw())
        + (o.groups() > 1 ? ", groups " + o.groups() : "")
        + (o.bias() ? "" : ", no bias");
  }
}
