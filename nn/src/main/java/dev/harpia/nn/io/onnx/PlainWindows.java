package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;

/**
 * Windows over any number of axes, of integers, or with results that the fast operations have not;
 * [N, C, d..] to [N, C', e..].
 */
final class PlainWindows {
  private PlainWindows() {}

  static void register(Operators.Registry r) {
    r.add("ConvInteger", PlainWindows::convInteger);
    r.add("QLinearConv", PlainWindows::convQuantized);
    r.add("LpPool", Mapping.floats(PlainWindows::lpPool));
    r.add("GlobalLpPool", Mapping.floats(PlainWindows::globalLpPool));
    r.add("Col2Im", Mapping.floats(PlainWindows::columns));
    r.add("MaxUnpool", Mapping.floats(PlainWindows::unpool));
  }

  static int[] spatial(Shape s) {
    return Arrays.copyOfRange(s.dims(), Math.min(2, s.rank()), s.rank());
  }

  private static Shape shape(int n, int channels, int... spatial) {
    int[] dims = new int[spatial.length + 2];
    dims[0] = n;
    dims[1] = channels;
    System.arraycopy(spatial, 0, dims, 2, spatial.length);
    Call.bounded(Arrays.stream(dims).asLongStream().toArray());
    return Shape.of(dims);
  }

  private static int size(int... dims) {
    return Math.toIntExact(Shape.of(dims).size());
  }

  /** Of floats, or of integers; without a bias. */
  static Tensor conv(Geometry g, int groups, Tensor x, Tensor w) {
    int[] in = spatial(x.shape());
    Taps t = Taps.of(in, Taps.sizes(in, g, false), g);
    int filters = w.dim(0);
    int each = w.dim(1);
    if (groups < 1 || filters % groups != 0 || each * groups != x.dim(1)) {
      throw new IllegalArgumentException(
          "conv of " + x.shape() + " with " + w.shape() + " in " + groups + " groups");
    }
    int pixels = size(in);
    int channels = x.dim(1);
    boolean integers = x.type() == DType.I32;
    PlainOp.Body body =
        (a, out) -> {
          for (long r = 0; r < (long) a[0].dim(0) * filters; r++) {
            int f = (int) (r % filters);
            long image = r / filters * channels + (long) (f / (filters / groups)) * each;
            for (int p = 0; p < t.places; p++) {
              double sum = 0;
              int whole = 0;
              for (int i = 0; i < each; i++) {
                long plane = a[0].address() + 4 * (image + i) * pixels;
                long row = a[1].address() + 4L * ((long) f * each + i) * t.taps;
                for (int k = 0; k < t.taps; k++) {
                  int at = t.table[p * t.taps + k];
                  if (at >= 0 && integers) {
                    whole += Vectors.getInt(plane + 4L * at) * Vectors.getInt(row + 4L * k);
                  } else if (at >= 0) {
                    sum += (double) Vectors.get(plane + 4L * at) * Vectors.get(row + 4L * k);
                  }
                }
              }
              long y = out[0].address() + 4 * (r * t.places + p);
              if (integers) {
                Vectors.setInt(y, whole);
              } else {
                Vectors.set(y, (float) sum);
              }
            }
          }
        };
    return PlainOp.apply("convNd", x.type(), shape(x.dim(0), filters, t.out), body, x, w);
  }

  /** Every element spread by a window into an output of these sizes. */
  static Tensor convTranspose(Geometry g, int groups, int[] to, Tensor x, Tensor w) {
    int[] in = spatial(x.shape());
    Taps t = Taps.of(to, in, g);
    int channels = x.dim(1);
    int each = w.dim(1);
    int filters = each * groups;
    int pixels = size(to);
    if (channels % groups != 0 || w.dim(0) != channels) {
      throw new IllegalArgumentException(
          "convTranspose of " + x.shape() + " with " + w.shape() + " in " + groups + " groups");
    }
    PlainOp.Body body =
        (a, out) -> {
          Vectors.zero(out[0].address(), 4 * out[0].size());
          for (long r = 0; r < (long) a[0].dim(0) * channels; r++) {
            int ch = (int) (r % channels);
            for (int f = 0; f < each; f++) {
              long row = a[1].address() + 4L * ((long) ch * each + f) * t.taps;
              long filter = r / channels * filters + ch / (channels / groups) * each + f;
              long plane = out[0].address() + 4 * filter * pixels;
              for (int p = 0; p < t.places; p++) {
                float v = Vectors.get(a[0].address() + 4 * (r * t.places + p));
                for (int k = 0; k < t.taps; k++) {
                  int at = t.table[p * t.taps + k];
                  if (at >= 0) {
                    long y = plane + 4L * at;
                    Vectors.set(y, Vectors.get(y) + v * Vectors.get(row + 4L * k));
                  }
                }
              }
            }
          }
        };
    return PlainOp.floats("convTransposeNd", shape(x.dim(0), filters, to), body, x, w);
  }

  private static Tensor centred(Call c, int x, int zero, boolean perFilter) {
    if (!c.has(zero)) {
      return c.tensor(x);
    }
    Tensor z = c.tensor(zero);
    int[] dims = new int[perFilter && z.size() > 1 ? c.rank(x) : 0];
    Arrays.fill(dims, 1);
    if (dims.length > 0) {
      dims[0] = z.dim(0);
    }
    Value shaped = Value.of(z.reshape(Shape.of(dims)), OnnxType.INT32);
    Value wide = Value.of(c.tensor(x), OnnxType.INT32);
    shaped.derived();
    wide.derived();
    return Arithmetic.integers(IntegerKind.SUB, wide, shaped).tensor();
  }

  private static Geometry geometry(Call c, int weights) {
    return Geometry.of(c, Arithmetic.longs(Shape.of(spatial(c.shape(weights)))), c.shape(0));
  }

  private static Value[] convInteger(Call c) {
    Tensor x = centred(c, 0, 2, false);
    Tensor y = conv(geometry(c, 1), c.small("group", 1), x, centred(c, 1, 3, true));
    return new Value[] {Value.of(y, OnnxType.INT32)};
  }

  private static Value[] convQuantized(Call c) {
    Tensor x = centred(c, 0, 2, false);
    Tensor sums = conv(geometry(c, 3), c.small("group", 1), x, centred(c, 3, 5, true));
    int[] dims = new int[sums.rank() - 1];
    Arrays.fill(dims, 1);
    if (c.has(8)) {
      dims[0] = sums.dim(1);
      Value bias = Value.of(c.tensor(8).reshape(dims), OnnxType.INT32);
      Value all = Value.of(sums, OnnxType.INT32);
      bias.derived();
      all.derived();
      sums = Arithmetic.integers(IntegerKind.ADD, all, bias).tensor();
    }
    Tensor scale = c.x(1).mul(c.x(4)).div(c.x(6));
    dims[0] = Math.toIntExact(scale.size());
    OnnxType type = c.value(7).type();
    Tensor y = Quantized.rescaled(sums, scale.reshape(dims), c.tensor(7), type);
    return new Value[] {Value.of(y, type)};
  }

  // ---- pools

  /** The largest of each window and its place in the whole tensor. */
  static Tensor[] maxPool(Geometry g, boolean ceil, boolean columns, Tensor x) {
    int[] in = spatial(x.shape());
    Taps t = Taps.of(in, Taps.sizes(in, g, ceil), g);
    int pixels = size(in);
    int inner = in.length == 2 ? in[1] : 1;
    int height = in.length == 2 ? in[0] : 1;
    PlainOp.Body body =
        (a, out) -> {
          for (long r = 0; r < out[0].size(); r++) {
            long plane = r / t.places;
            int p = (int) (r % t.places);
            float best = Float.NEGATIVE_INFINITY;
            int place = -1;
            for (int k = 0; k < t.taps; k++) {
              int at = t.table[p * t.taps + k];
              if (at >= 0) {
                float v = Vectors.get(a[0].address() + 4 * (plane * pixels + at));
                boolean better = place < 0 || v > best || Float.isNaN(v) && !Float.isNaN(best);
                best = better ? v : best;
                place = better ? at : place;
              }
            }
            int shown = columns ? place % inner * height + place / inner : place;
            Vectors.set(out[0].address() + 4 * r, best);
            Vectors.setInt(out[1].address() + 4 * r, (int) (plane * pixels) + shown);
          }
        };
    Shape shape = shape(x.dim(0), x.dim(1), t.out);
    DType[] types = {DType.F32, DType.I32};
    return PlainOp.applyAll("maxPoolNd", types, new Shape[] {shape, shape}, body, x);
  }

  static Tensor averagePool(Geometry g, boolean ceil, boolean padding, Tensor x) {
    int[] in = spatial(x.shape());
    Taps t = Taps.of(in, Taps.sizes(in, g, ceil), g);
    int pixels = size(in);
    PlainOp.Body body =
        (a, out) -> {
          for (long r = 0; r < out[0].size(); r++) {
            long plane = r / t.places;
            int p = (int) (r % t.places);
            double sum = 0;
            int n = 0;
            for (int k = 0; k < t.taps; k++) {
              int at = t.table[p * t.taps + k];
              if (at >= 0) {
                sum += Vectors.get(a[0].address() + 4 * (plane * pixels + at));
                n++;
              }
            }
            double by = padding ? t.within[p] : n;
            Vectors.set(out[0].address() + 4 * r, (float) (sum / by));
          }
        };
    return PlainOp.floats("avgPoolNd", shape(x.dim(0), x.dim(1), t.out), body, x);
  }

  private static Tensor lpPool(Call c) {
    Tensor x = c.x(0);
    Geometry g = Geometry.of(c, c.integers("kernel_shape"), x.shape());
    int[] in = spatial(x.shape());
    Taps t = Taps.of(in, Taps.sizes(in, g, c.flag("ceil_mode", false)), g);
    int pixels = size(in);
    double power = c.integer("p", 2);
    PlainOp.Body body =
        (a, out) -> {
          for (long r = 0; r < out[0].size(); r++) {
            long plane = a[0].address() + 4 * (r / t.places * pixels);
            int p = (int) (r % t.places);
            double sum = 0;
            for (int k = 0; k < t.taps; k++) {
              int at = t.table[p * t.taps + k];
              sum += at < 0 ? 0 : Math.pow(Math.abs(Vectors.get(plane + 4L * at)), power);
            }
            Vectors.set(out[0].address() + 4 * r, (float) Math.pow(sum, 1 / power));
          }
        };
    return PlainOp.floats("lpPool", shape(x.dim(0), x.dim(1), t.out), body, x);
  }

  private static Tensor globalLpPool(Call c) {
    int[] dims = c.shape(0).dims();
    Arrays.fill(dims, 2, dims.length, 1);
    float p = c.integer("p", 2);
    return c.x(0).abs().pow(p).flatten(2).sum(2).pow(1 / p).reshape(dims);
  }

  /** Columns [N, C·taps, places] added up where they came from. */
  private static Tensor columns(Call c) {
    int[] image = Call.ints(c.value(1).longs());
    long[] block = c.value(2).longs();
    int[] dims = new int[image.length + 2];
    Arrays.fill(dims, 1);
    System.arraycopy(image, 0, dims, 2, image.length);
    Geometry g = Geometry.of(c, block, Shape.of(dims));
    Taps t = Taps.of(image, Taps.sizes(image, g, false), g);
    Tensor x = c.x(0);
    int channels = x.dim(1) / t.taps;
    int pixels = size(image);
    if (x.rank() != 3 || x.dim(2) != t.places || channels * t.taps != x.dim(1)) {
      throw new IllegalArgumentException(
          x.shape() + " are no columns of " + t.taps + " at " + t.places + " places");
    }
    PlainOp.Body body =
        (a, out) -> {
          Vectors.zero(out[0].address(), 4 * out[0].size());
          for (long r = 0; r < (long) out[0].dim(0) * channels; r++) {
            for (int k = 0; k < t.taps; k++) {
              for (int p = 0; p < t.places; p++) {
                int at = t.table[p * t.taps + k];
                if (at >= 0) {
                  long y = out[0].address() + 4 * (r * pixels + at);
                  long e = a[0].address() + 4 * ((r * t.taps + k) * t.places + p);
                  Vectors.set(y, Vectors.get(y) + Vectors.get(e));
                }
              }
            }
          }
        };
    return PlainOp.floats("col2im", shape(x.dim(0), channels, image), body, x);
  }

  /** Elements put back where a pool found them; zeros elsewhere. */
  private static Tensor unpool(Call c) {
    Tensor x = c.x(0);
    Geometry g = Geometry.of(c, c.integers("kernel_shape"), x.shape());
    int n = g.axes();
    int[] natural = spatial(x.shape());
    for (int i = 0; i < n; i++) {
      natural[i] =
          (natural[i] - 1) * g.strides()[i] + g.kernel()[i] - g.pads()[i] - g.pads()[i + n];
    }
    Shape from = shape(x.dim(0), x.dim(1), natural);
    Shape to = c.has(2) ? Call.bounded(c.value(2).longs()) : from;
    int[] small = spatial(from);
    int[] large = spatial(to);
    PlainOp.Body body =
        (a, out) -> {
          Vectors.zero(out[0].address(), 4 * out[0].size());
          for (long i = 0; i < a[0].size(); i++) {
            int at = Vectors.getInt(a[1].address() + 4 * i);
            if (at < 0 || at >= from.size()) {
              throw new IndexOutOfBoundsException("MaxUnpool: place " + at + " in " + from);
            }
            long place = 0;
            long step = 1;
            for (int d = n - 1; d >= 0; d--) {
              place += at % small[d] * step;
              step *= large[d];
              at /= small[d];
            }
            float v = Vectors.get(a[0].address() + 4 * i);
            Vectors.set(out[0].address() + 4 * (place + at * step), v);
          }
        };
    return PlainOp.floats("maxUnpool", to, body, x, c.tensor(1));
  }
}
