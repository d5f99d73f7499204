package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** Pictures seen at computed places: grids, regions and deformed windows. */
final class Sampling {
  private Sampling() {}

  static void register(Operators.Registry r) {
    r.add("GridSample", Mapping.floats(Sampling::grid));
    r.add("AffineGrid", Mapping.floats(Sampling::affineGrid));
    r.add("RoiAlign", Mapping.floats(Sampling::roiAlign));
    r.add("DeformConv", Mapping.floats(Sampling::deformConv));
  }

  private enum Outside {
    ZEROS,
    BORDER,
    REFLECTION;

    static Outside of(Call c) {
      return switch (c.text("padding_mode", "zeros")) {
        case "zeros" -> ZEROS;
        case "border" -> BORDER;
        case "reflection" -> REFLECTION;
        default -> throw c.unsupported("padding_mode " + c.text("padding_mode", ""));
      };
    }
  }

  /** x [N, C, d..] at grid [N, e.., axes], whose last axis has the innermost coordinate first. */
  private static Tensor grid(Call c) {
    Tensor x = c.x(0);
    Tensor g = c.x(1);
    int axes = x.rank() - 2;
    int taps =
        switch (c.text("mode", "linear")) {
          case "nearest" -> 1;
          case "linear", "bilinear" -> 2;
          case "cubic", "bicubic" -> 4;
          default -> throw c.unsupported("mode " + c.text("mode", ""));
        };
    if (g.rank() != x.rank() || g.dim(-1) != axes || g.dim(0) != x.dim(0)) {
      throw new IllegalArgumentException("grid " + g.shape() + " for " + x.shape());
    }
    boolean corners = c.flag("align_corners", false);
    Outside outside = Outside.of(c);
    int[] dims = PlainWindows.spatial(x.shape());
    int places = Math.toIntExact(g.shape().size(1, axes + 1));
    int pixels = Math.toIntExact(x.shape().size(2, x.rank()));
    int channels = x.dim(1);
    int all = (int) Math.pow(taps, axes);
    Shape shape = Shape.of(x.dim(0), channels);
    for (int d = 0; d < axes; d++) {
      shape = shape.insert(2 + d, g.dim(1 + d));
    }
    PlainOp.Body body =
        (in, out) -> {
          for (long r = 0; r < out[0].size(); r++) {
            int p = (int) (r % places);
            long plane = r / places;
            long at = in[1].address() + 4 * axes * (plane / channels * places + p);
            double sum = 0;
            for (int t = 0; t < all; t++) {
              double weight = 1;
              long place = 0;
              boolean inside = true;
              int rest = t;
              for (int d = 0; d < axes; d++) {
                int n = dims[d];
                double u = Vectors.get(at + 4L * (axes - 1 - d));
                double v = corners ? (u + 1) / 2 * (n - 1) : ((u + 1) * n - 1) / 2;
                v = taps == 4 ? v : bounded(v, n, outside, corners);
                double first = taps == 1 ? Math.rint(v) : Math.floor(v) - (taps == 4 ? 1 : 0);
                int k = rest % taps;
                rest /= taps;
                double i = first + k;
                weight *= taps == 1 ? 1 : weight(taps, Math.abs(v - i));
                i = taps == 4 ? bounded(i, n, outside, corners) : i;
                inside &= i >= 0 && i <= n - 1;
                place = place * n + (int) i;
              }
              if (inside) {
                sum += weight * Vectors.get(in[0].address() + 4 * (plane * pixels + place));
              }
            }
            Vectors.set(out[0].address() + 4 * r, (float) sum);
          }
        };
    return PlainOp.floats("gridSample", shape, body, x, g);
  }

  private static double weight(int taps, double s) {
    if (taps == 2) {
      return Math.max(0, 1 - s);
    }
    double a = -0.75;
    if (s <= 1) {
      return ((a + 2) * s - (a + 3)) * s * s + 1;
    }
    return s < 2 ? ((a * s - 5 * a) * s + 8 * a) * s - 4 * a : 0;
  }

  private static double bounded(double v, int n, Outside outside, boolean corners) {
    return switch (outside) {
      case ZEROS -> v;
      case BORDER -> Math.clamp(v, 0.0, n - 1.0);
      case REFLECTION -> {
        double low = corners ? 0 : -0.5;
        double span = corners ? n - 1 : n;
        if (span == 0) {
          yield 0;
        }
        double away = Math.abs(v - low);
        double turns = Math.floor(away / span);
        double extra = away - turns * span;
        double back = turns % 2 == 0 ? low + extra : low + span - extra;
        yield Math.clamp(back, 0.0, n - 1.0);
      }
    };
  }

  /** theta [N, 2, 3] or [N, 3, 4] to the places of a picture's elements, innermost axis first. */
  private static Tensor affineGrid(Call c) {
    Tensor theta = c.x(0);
    Shape size = Call.bounded(c.value(1).longs());
    int axes = size.rank() - 2;
    if (theta.rank() != 3 || theta.dim(1) != axes || theta.dim(2) != axes + 1) {
      throw new IllegalArgumentException("theta " + theta.shape() + " for " + size);
    }
    boolean corners = c.flag("align_corners", false);
    int places = Math.toIntExact(size.size(2, size.rank()));
    float[] base = new float[places * (axes + 1)];
    for (int p = 0; p < places; p++) {
      int rest = p;
      for (int d = axes - 1; d >= 0; d--) {
        int n = size.dim(2 + d);
        int i = rest % n;
        rest /= n;
        double v = corners ? (n == 1 ? -1 : 2.0 * i / (n - 1) - 1) : (2.0 * i + 1) / n - 1;
        base[p * (axes + 1) + axes - 1 - d] = (float) v;
      }
      base[p * (axes + 1) + axes] = 1;
    }
    Tensor b = Value.constant(base, Shape.of(1, places, axes + 1));
    Tensor y = b.expand(size.dim(0), places, axes + 1).matmul(theta.transpose(1, 2));
    Shape shape = Shape.of(size.dim(0));
    for (int d = 0; d < axes; d++) {
      shape = shape.insert(1 + d, size.dim(2 + d));
    }
    return y.reshape(shape.insert(1 + axes, axes));
  }

  /** The element between four pixels of a plane; nothing lies outside. */
  private static double between(long plane, int h, int w, double y, double x) {
    int y0 = (int) Math.floor(y);
    int x0 = (int) Math.floor(x);
    double sum = 0;
    for (int i = y0; i <= y0 + 1; i++) {
      for (int j = x0; j <= x0 + 1; j++) {
        if (i >= 0 && j >= 0 && i < h && j < w) {
          double v = Vectors.get(plane + 4L * (i * w + j));
          sum += v * (1 - Math.abs(y - i)) * (1 - Math.abs(x - j));
        }
      }
    }
    return sum;
  }

  private static Tensor roiAlign(Call c) {
    Tensor x = c.x(0);
    Tensor rois = c.x(1);
    int h = x.dim(2);
    int w = x.dim(3);
    int channels = x.dim(1);
    int oh = c.small("output_height", 1);
    int ow = c.small("output_width", 1);
    int sampling = c.small("sampling_ratio", 0);
    float scale = c.number("spatial_scale", 1);
    boolean max = c.text("mode", "avg").equals("max");
    String place = c.text("coordinate_transformation_mode", "half_pixel");
    boolean half = c.opset() >= 16 && place.equals("half_pixel");
    Call.bounded(rois.dim(0), channels, oh, ow);
    PlainOp.Body body =
        (in, out) -> {
          for (long r = 0; r < out[0].size(); r++) {
            int j = (int) (r % ow);
            int i = (int) (r / ow % oh);
            int channel = (int) (r / ow / oh % channels);
            long roi = r / ow / oh / channels;
            long box = in[1].address() + 16 * roi;
            int image = Vectors.getInt(in[2].address() + 4 * roi);
            long plane =
                in[0].address()
                    + 4L
                        * (Picks.index("RoiAlign", image, in[0].dim(0)) * channels + channel)
                        * h
                        * w;
            double shift = half ? 0.5 : 0;
            double x0 = Vectors.get(box) * scale - shift;
            double y0 = Vectors.get(box + 4) * scale - shift;
            double width = Vectors.get(box + 8) * scale - shift - x0;
            double height = Vectors.get(box + 12) * scale - shift - y0;
            width = half ? width : Math.max(width, 1);
            height = half ? height : Math.max(height, 1);
            int ny = sampling > 0 ? sampling : (int) Math.ceil(height / oh);
            int nx = sampling > 0 ? sampling : (int) Math.ceil(width / ow);
            double result = max ? Double.NEGATIVE_INFINITY : 0;
            for (int s = 0; s < ny * nx; s++) {
              double y = y0 + height / oh * (i + (s / nx + 0.5) / ny);
              double v = x0 + width / ow * (j + (s % nx + 0.5) / nx);
              result = sample(plane, h, w, y, v, max, result);
            }
            double n = max ? 1 : Math.max(1, ny * nx);
            Vectors.set(out[0].address() + 4 * r, ny * nx == 0 ? 0 : (float) (result / n));
          }
        };
    Shape shape = Shape.of(rois.dim(0), channels, oh, ow);
    return PlainOp.floats("roiAlign", shape, body, x, rois, c.tensor(2));
  }

  /** The mean takes interpolated elements, the maximum the largest weighted neighbour. */
  private static double sample(
      long plane, int h, int w, double y, double x, boolean max, double result) {
    boolean gone = y < -1 || y > h || x < -1 || x > w;
    double v = Math.clamp(y, 0.0, h - 1.0);
    double u = Math.clamp(x, 0.0, w - 1.0);
    if (!max) {
      return result + (gone ? 0 : between(plane, h, w, v, u));
    }
    if (gone) {
      return Math.max(result, 0);
    }
    int y0 = (int) v;
    int x0 = (int) u;
    double best = result;
    for (int i = y0; i <= y0 + 1; i++) {
      for (int j = x0; j <= x0 + 1; j++) {
        double pixel = Vectors.get(plane + 4L * (Math.min(i, h - 1) * w + Math.min(j, w - 1)));
        best = Math.max(best, pixel * (1 - Math.abs(v - i)) * (1 - Math.abs(u - j)));
      }
    }
    return best;
  }

  /** A convolution whose taps are moved by offsets [N, groups·taps·2, H', W'], and weighed. */
  private static Tensor deformConv(Call c) {
    Tensor x = c.x(0);
    Tensor w = c.x(1);
    int[] kernel = PlainWindows.spatial(w.shape());
    Geometry g = Geometry.of(c, Arithmetic.longs(Shape.of(kernel)), x.shape());
    if (g.axes() != 2) {
      throw c.unsupported(g.axes() + " dimensions");
    }
    int[] out = Taps.sizes(PlainWindows.spatial(x.shape()), g, false);
    int groups = c.small("group", 1);
    int offsets = c.small("offset_group", 1);
    int filters = w.dim(0);
    int each = w.dim(1);
    int channels = x.dim(1);
    int h = x.dim(2);
    int wide = x.dim(3);
    int taps = kernel[0] * kernel[1];
    int places = out[0] * out[1];
    boolean biased = c.has(3);
    boolean masked = c.has(4);
    if (c.shape(2).size() != (long) x.dim(0) * offsets * taps * 2 * places) {
      throw new IllegalArgumentException("offsets " + c.shape(2) + " for " + x.shape());
    }
    PlainOp.Body body =
        (in, result) -> {
          for (long r = 0; r < result[0].size(); r++) {
            int p = (int) (r % places);
            int f = (int) (r / places % filters);
            long image = r / places / filters;
            double sum = biased ? Vectors.get(in[3].address() + 4L * f) : 0;
            for (int i = 0; i < each; i++) {
              int channel = f / (filters / groups) * each + i;
              long plane = in[0].address() + 4 * (image * channels + channel) * h * wide;
              long set = image * offsets + channel / (channels / offsets);
              for (int k = 0; k < taps; k++) {
                long at = (set * taps + k) * places + p;
                long shift = in[2].address() + 4 * ((set * taps + k) * 2 * places + p);
                double y =
                    p / out[1] * g.strides()[0]
                        - g.pads()[0]
                        + k / kernel[1] * g.dilations()[0]
                        + Vectors.get(shift);
                double v =
                    p % out[1] * g.strides()[1]
                        - g.pads()[1]
                        + k % kernel[1] * g.dilations()[1]
                        + Vectors.get(shift + 4L * places);
                double by = masked ? Vectors.get(in[biased ? 4 : 3].address() + 4 * at) : 1;
                by *= Vectors.get(in[1].address() + 4L * ((f * each + i) * taps + k));
                sum += by * between(plane, h, wide, y, v);
              }
            }
            Vectors.set(result[0].address() + 4 * r, (float) sum);
          }
        };
    Shape shape = Shape.of(x.dim(0), filters, out[0], out[1]);
    Call.bounded(Arithmetic.longs(shape));
    Tensor[] in = new Tensor[3 + (biased ? 1 : 0) + (masked ? 1 : 0)];
    in[0] = x;
    in[1] = w;
    in[2] = c.x(2);
    if (biased) {
      in[3] = c.x(3);
    }
    if (masked) {
      in[in.length - 1] = c.x(4);
    }
    return PlainOp.floats("deformConv", shape, body, in);
  }
}
