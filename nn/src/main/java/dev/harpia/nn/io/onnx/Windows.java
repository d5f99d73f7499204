package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Conv;
import dev.harpia.tensor.op.ConvTranspose;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Window;
import java.util.Arrays;

/**
 * Convolutions and pools; one dimension is a picture of one row, three and more are plain loops.
 */
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

  private static Frame frame(Geometry g) {
    int[] k = g.kernel();
    int[] s = g.strides();
    int[] d = g.dilations();
    int[] p = g.pads();
    return g.axes() == 1
        ? new Frame(1, k[0], 1, s[0], 1, d[0], 0, p[0], 0, p[1])
        : new Frame(k[0], k[1], s[0], s[1], d[0], d[1], p[0], p[1], p[2], p[3]);
  }

  private static Geometry weights(Call c) {
    int[] kernel = PlainWindows.spatial(c.shape(1));
    return Geometry.of(c, Arithmetic.longs(Shape.of(kernel)), c.shape(0));
  }

  private static Tensor channels(Tensor bias, int rank) {
    int[] dims = new int[rank - 1];
    Arrays.fill(dims, 1);
    dims[0] = bias.dim(0);
    return bias.reshape(dims);
  }

  private static Tensor picture(Tensor x) {
    return x.rank() == 3 ? x.unsqueeze(2) : x;
  }

  private static Tensor back(Tensor y, int rank) {
    return rank == 3 ? y.squeeze(2) : y;
  }

  private static Tensor conv(Call c) {
    Geometry g = weights(c);
    if (g.axes() > 2) {
      Tensor y = PlainWindows.conv(g, c.small("group", 1), c.x(0), c.x(1));
      return c.has(2) ? y.add(channels(c.x(2), y.rank())) : y;
    }
    Frame f = frame(g);
    Tensor x = f.padded(picture(c.x(0)), 0);
    Tensor w = picture(c.x(1));
    Conv op = new Conv(f.window(), c.small("group", 1));
    Tensor y = c.has(2) ? Tensor.apply(op, x, w, c.x(2)) : Tensor.apply(op, x, w);
    return back(y, c.rank(0));
  }

  /** The sizes of a transposed convolution's output; fills in the padding that follows from it. */
  private static int[] transposedSizes(Call c, Geometry g, long[] extra) {
    int n = g.axes();
    String auto = c.text("auto_pad", "NOTSET");
    boolean same = auto.startsWith("SAME");
    long[] given = c.integers("output_shape");
    int[] out = new int[n];
    for (int i = 0; i < n; i++) {
      int size = c.shape(0).dim(i + 2);
      int s = g.strides()[i];
      long whole = (long) s * (size - 1) + extra[i] + g.reach(i);
      if (c.set("output_shape") || same) {
        long wanted = same && given.length == 0 ? (long) size * s : given[given.length - n + i];
        int all = Math.toIntExact(Math.max(0, whole - wanted));
        g.pads()[i] = auto.equals("SAME_UPPER") ? all / 2 : all - all / 2;
        g.pads()[i + n] = all - g.pads()[i];
        whole = Math.max(whole, wanted);
      }
      out[i] = Math.toIntExact(whole - g.pads()[i] - g.pads()[i + n]);
    }
    Call.bounded(Arrays.stream(out).asLongStream().toArray());
    return out;
  }

  private static Tensor convTranspose(Call c) {
    Geometry g = weights(c);
    int n = g.axes();
    long[] extra = c.integers("output_padding", new long[n]);
    int[] out = transposedSizes(c, g, extra);
    if (n > 2) {
      Tensor y = PlainWindows.convTranspose(g, c.small("group", 1), out, c.x(0), c.x(1));
      return c.has(2) ? y.add(channels(c.x(2), y.rank())) : y;
    }
    Frame f = frame(g);
    Window v = new Window(f.sh, f.sw, 0, 0, f.dh, f.dw);
    ConvTranspose op = new ConvTranspose(v, 0, 0, c.small("group", 1));
    Tensor y = Tensor.apply(op, picture(c.x(0)), picture(c.x(1)));
    // the padding takes rows and columns away; what lies beyond the end is empty
    int h = n == 1 ? 1 : out[0];
    int w = out[n - 1];
    y = Padding.constant(y, 2, 0, Math.max(0, f.top + h - y.dim(2)), 0);
    y = Padding.constant(y, 3, 0, Math.max(0, f.left + w - y.dim(3)), 0);
    y = y.slice(2, f.top, f.top + h).slice(3, f.left, f.left + w);
    if (c.has(2)) {
      y = y.add(channels(c.x(2), 4));
    }
    return back(y, c.rank(0));
  }

  private static Tensor pool(Call c, Frame f, boolean max, Tensor x, boolean padding) {
    boolean ceil = c.flag("ceil_mode", false);
    Pool op = new Pool(max, new Pool.Fixed(f.kh, f.kw, f.window(), ceil, padding, 0));
    return Tensor.applyAll(op, x)[0];
  }

  private static Value[] maxPool(Call c) {
    Geometry g = Geometry.of(c, c.integers("kernel_shape"), c.shape(0));
    OnnxType type = c.value(0).type();
    boolean ceil = c.flag("ceil_mode", false);
    if (c.wants(1) || g.axes() > 2) {
      Tensor[] y = PlainWindows.maxPool(g, ceil, c.flag("storage_order", false), c.x(0));
      Value places = Value.of(y[1], OnnxType.INT64);
      return new Value[] {Elementwise.cast(floats(y[0]), type), places};
    }
    Frame f = frame(g);
    Tensor x = f.padded(picture(c.x(0)), Float.NEGATIVE_INFINITY);
    Tensor y = back(pool(c, f, true, x, false), c.rank(0));
    return new Value[] {Elementwise.cast(floats(y), type)};
  }

  private static Value floats(Tensor y) {
    Value v = Value.of(y, OnnxType.FLOAT);
    v.derived();
    return v;
  }

  private static Tensor averagePool(Call c) {
    boolean padding = c.flag("count_include_pad", false);
    boolean ceil = c.flag("ceil_mode", false);
    Geometry g = Geometry.of(c, c.integers("kernel_shape"), c.shape(0));
    if (g.axes() > 2 || ceil && (padding || !frame(g).even())) {
      return PlainWindows.averagePool(g, ceil, padding, c.x(0));
    }
    Frame f = frame(g);
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
