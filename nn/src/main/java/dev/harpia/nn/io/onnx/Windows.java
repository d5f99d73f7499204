package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Conv;
import dev.harpia.tensor.op.ConvTranspose;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Window;
import java.util.Arrays;

/** Convolutions and pools over one or two dimensions; one dimension is a picture of one row. */
final class Windows {
  private Windows() {}

  static void register(Operators.Registry r) {
    r.add("Pad", Mapping.one(Padding::pad));
    r.add("Conv", Mapping.floats(Windows::conv));
    r.add("ConvTranspose", Mapping.floats(Windows::convTranspose));
    r.add("MaxPool", c -> maxPool(c));
    r.add("AveragePool", Mapping.floats(Windows::averagePool));
    r.add("GlobalAveragePool", Mapping.floats(c -> global(c.x(0).flatten(2).mean(2), c)));
    r.add("GlobalMaxPool", Mapping.floats(c -> global(c.x(0).flatten(2).max(2), c)));
  }

  private static Tensor global(Tensor y, Call c) {
    int[] dims = c.shape(0).dims();
    Arrays.fill(dims, 2, dims.length, 1);
    return y.reshape(dims);
  }

  /** Sizes of a window over rows and columns, and the padding before and after each. */
  private record Frame(
      int kh, int kw, int sh, int sw, int dh, int dw, int top, int left, int bottom, int right) {
    /** Whether windows can have the padding themselves: equal on both sides, and narrow. */
    boolean even() {
      return top == bottom && left == right && 2 * top <= kh && 2 * left <= kw;
    }

    Window window() {
      return even() ? new Window(sh, sw, top, left, dh, dw) : new Window(sh, sw, 0, 0, dh, dw);
    }

    /** The input with the padding that a window cannot have. */
    Tensor padded(Tensor x, float by) {
      if (even()) {
        return x;
      }
      Tensor rows = Padding.constant(x, 2, top, bottom, by);
      return Padding.constant(rows, 3, left, right, by);
    }
  }

  /** The attributes of a call; {@code kernel} is the size of the window. */
  private static Frame frame(Call c, long[] kernel, Shape x) {
    int n = kernel.length;
    if (n < 1 || n > 2 || x.rank() != n + 2) {
      throw c.unsupported(n + " dimensions of a tensor of rank " + x.rank());
    }
    int[] k = Call.ints(kernel);
    int[] s = sized(c, "strides", n);
    int[] d = sized(c, "dilations", n);
    int[] pads = new int[2 * n];
    String auto = c.text("auto_pad", "NOTSET");
    switch (auto) {
      case "NOTSET" -> {
        if (c.set("pads")) {
          pads = Call.ints(c.integers("pads"));
        }
      }
      case "VALID" -> {}
      case "SAME_UPPER", "SAME_LOWER" -> {
        for (int i = 0; i < n; i++) {
          int size = x.dim(i + 2);
          int out = Math.ceilDiv(size, s[i]);
          int all = Math.max(0, (out - 1) * s[i] + (k[i] - 1) * d[i] + 1 - size);
          pads[i] = auto.equals("SAME_UPPER") ? all / 2 : all - all / 2;
          pads[i + n] = all - pads[i];
        }
      }
      default -> throw c.unsupported("auto_pad " + auto);
    }
    if (pads.length != 2 * n || Arrays.stream(pads).anyMatch(p -> p < 0)) {
      throw new IllegalArgumentException(
          "expected " + 2 * n + " pads of at least 0, found " + Arrays.toString(pads));
    }
    Call.bounded(
        x.dim(0),
        x.dim(1),
        (long) x.dim(2) + pads[0] + pads[n],
        n == 1 ? 1 : (long) x.dim(3) + pads[1] + pads[3]);
    return n == 1
        ? new Frame(1, k[0], 1, s[0], 1, d[0], 0, pads[0], 0, pads[1])
        : new Frame(k[0], k[1], s[0], s[1], d[0], d[1], pads[0], pads[1], pads[2], pads[3]);
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

  private static long[] spatial(Shape w) {
    return Arrays.copyOfRange(Arithmetic.longs(w), Math.min(2, w.rank()), w.rank());
  }

  private static Tensor picture(Tensor x) {
    return x.rank() == 3 ? x.unsqueeze(2) : x;
  }

  private static Tensor back(Tensor y, int rank) {
    return rank == 3 ? y.squeeze(2) : y;
  }

  private static Tensor conv(Call c) {
    Frame f = frame(c, spatial(c.shape(1)), c.shape(0));
    Tensor x = f.padded(picture(c.x(0)), 0);
    Tensor w = picture(c.x(1));
    Conv op = new Conv(f.window(), c.small("group", 1));
    Tensor y = c.has(2) ? Tensor.apply(op, x, w, c.x(2)) : Tensor.apply(op, x, w);
    return back(y, c.rank(0));
  }

  private static Tensor convTranspose(Call c) {
    if (!c.text("auto_pad", "NOTSET").equals("NOTSET") || c.set("output_shape")) {
      throw c.unsupported("auto_pad or output_shape");
    }
    Frame f = frame(c, spatial(c.shape(1)), c.shape(0));
    long[] extra = c.integers("output_padding", 0, 0);
    int eh = c.rank(0) == 3 ? 0 : (int) extra[0];
    int ew = c.rank(0) == 3 ? (int) extra[0] : (int) extra[1];
    Window v = new Window(f.sh, f.sw, 0, 0, f.dh, f.dw);
    ConvTranspose op = new ConvTranspose(v, 0, 0, c.small("group", 1));
    Tensor x = picture(c.x(0));
    Tensor w = picture(c.x(1));
    Tensor y = Tensor.apply(op, x, w);
    // the padding takes rows and columns away; what is added at the end beyond it is empty
    y = Padding.constant(y, 2, 0, Math.max(0, eh - f.bottom), 0);
    y = Padding.constant(y, 3, 0, Math.max(0, ew - f.right), 0);
    y = y.slice(2, f.top, y.dim(2) - Math.max(0, f.bottom - eh));
    y = y.slice(3, f.left, y.dim(3) - Math.max(0, f.right - ew));
    if (c.has(2)) {
      y = y.add(c.x(2).reshape(1, -1, 1, 1));
    }
    return back(y, c.rank(0));
  }

  private static Tensor pool(Call c, Frame f, boolean max, Tensor x, boolean padding) {
    boolean ceil = c.flag("ceil_mode", false);
    Pool op = new Pool(max, new Pool.Fixed(f.kh, f.kw, f.window(), ceil, padding, 0));
    return Tensor.applyAll(op, x)[0];
  }

  private static Value[] maxPool(Call c) {
    if (c.wants(1)) {
      throw c.unsupported("the places of the largest elements");
    }
    Frame f = frame(c, c.integers("kernel_shape"), c.shape(0));
    Tensor x = f.padded(picture(c.x(0)), Float.NEGATIVE_INFINITY);
    Tensor y = back(pool(c, f, true, x, false), c.rank(0));
    return new Value[] {Value.of(y, OnnxType.FLOAT)};
  }

  private static Tensor averagePool(Call c) {
    boolean padding = c.flag("count_include_pad", false);
    Frame f = frame(c, c.integers("kernel_shape"), c.shape(0));
    Tensor x = picture(c.x(0));
    Tensor y = pool(c, f, false, f.padded(x, 0), padding);
    if (!f.even() && !padding) {
      // zeros were averaged in: divide by the share of each window that is not padding
      float[] ones = new float[x.dim(2) * x.dim(3)];
      Arrays.fill(ones, 1);
      Tensor plane = Value.constant(ones, Shape.of(1, 1, x.dim(2), x.dim(3)));
      y = y.div(pool(c, f, false, f.padded(plane, 0), false));
    }
    return back(y, c.rank(0));
  }
}
