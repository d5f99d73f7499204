package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;

/** Resize and Upsample: one axis after the other, as weighted sums of picked elements. */
final class Resizing {
  private Resizing() {}

  static void register(Operators.Registry r) {
    r.add("Resize", Mapping.floats(Resizing::resize));
    r.add("Upsample", Mapping.floats(Resizing::upsample));
  }

  private static Tensor upsample(Call c) {
    float[] scales = c.has(1) ? c.value(1).numbers() : c.numbers("scales");
    Tensor x = c.x(0);
    for (int d = 0; d < scales.length; d++) {
      int n = (int) Math.floor((double) x.dim(d) * scales[d]);
      String mode = c.text("mode", "nearest");
      x = axis(c, x, d, n, scales[d], mode, "asymmetric", "floor");
    }
    return x;
  }

  private static Tensor resize(Call c) {
    if (c.flag("antialias", false)
        || c.flag("exclude_outside", false)
        || !c.text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
      throw c.unsupported("antialias, exclude_outside or an aspect ratio that is kept");
    }
    boolean old = c.opset() < 11;
    int scalesAt = old ? 1 : 2;
    Tensor x = c.x(0);
    int rank = x.rank();
    long[] axes = c.integers("axes");
    boolean sized = !old && c.has(3) && c.shape(3).size() > 0;
    float[] scales = sized ? new float[0] : c.value(scalesAt).numbers();
    long[] sizes = sized ? c.value(3).longs() : new long[0];
    String mode = c.text("mode", "nearest");
    String place = old ? "asymmetric" : c.text("coordinate_transformation_mode", "half_pixel");
    String nearest = old ? "floor" : c.text("nearest_mode", "round_prefer_floor");
    int n = sized ? sizes.length : scales.length;
    for (int i = 0; i < n; i++) {
      int d = c.set("axes") ? Call.axis(axes[i], rank) : i;
      int from = x.dim(d);
      int to = sized ? Math.toIntExact(sizes[i]) : (int) Math.floor((double) from * scales[i]);
      Call.bounded(to, Math.max(1, x.size() / Math.max(1, from)));
      double scale = sized ? (double) to / from : scales[i];
      x = axis(c, x, d, to, scale, mode, place, nearest);
    }
    return x;
  }

  private static Tensor axis(
      Call c, Tensor x, int d, int to, double scale, String mode, String place, String nearest) {
    int from = x.dim(d);
    if (from == to && scale == 1) {
      return x;
    }
    if (from == 0 || to < 1) {
      throw new IllegalArgumentException("an axis of " + from + " resized to " + to);
    }
    double[] at = new double[to];
    for (int i = 0; i < to; i++) {
      at[i] = place(c, place, i, from, to, scale);
    }
    return switch (mode) {
      case "nearest" ->
          Layouts.pick(x, d, to, i -> Math.clamp((long) nearest(c, nearest, at[i]), 0, from - 1));
      case "linear" -> taps(x, d, at, 2, 0, 0);
      case "cubic" -> taps(x, d, at, 4, 1, c.number("cubic_coeff_a", -0.75f));
      default -> throw c.unsupported("mode " + mode);
    };
  }

  private static double place(Call c, String mode, int i, int from, int to, double scale) {
    return switch (mode) {
      case "half_pixel" -> (i + 0.5) / scale - 0.5;
      case "pytorch_half_pixel" -> to > 1 ? (i + 0.5) / scale - 0.5 : 0;
      case "half_pixel_symmetric" -> {
        double adjust = to / (scale * from);
        yield from / 2.0 * (1 - adjust) + (i + 0.5) / scale - 0.5;
      }
      case "align_corners" -> {
        double whole = from * scale; // the size before it was rounded down
        yield whole <= 1 ? 0 : i * (from - 1) / (whole - 1);
      }
      case "asymmetric" -> i / scale;
      default -> throw c.unsupported("coordinate_transformation_mode " + mode);
    };
  }

  private static double nearest(Call c, String mode, double x) {
    return switch (mode) {
      case "round_prefer_floor" -> Math.ceil(x - 0.5);
      case "round_prefer_ceil" -> Math.floor(x + 0.5);
      case "floor" -> Math.floor(x);
      case "ceil" -> Math.ceil(x);
      default -> throw c.unsupported("nearest_mode " + mode);
    };
  }

  /** Sums of neighbours with weights; places beyond an edge count as the edge. */
  private static Tensor taps(Tensor x, int d, double[] at, int taps, int before, double a) {
    int from = x.dim(d);
    int[] column = new int[x.rank() - d];
    Arrays.fill(column, 1);
    column[0] = at.length;
    Tensor sum = null;
    for (int t = 0; t < taps; t++) {
      float[] weights = new float[at.length];
      int offset = t - before;
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) weight(taps, at[i] - Math.floor(at[i]), offset, a);
      }
      Tensor part =
          Layouts.pick(
              x, d, at.length, i -> Math.clamp((long) Math.floor(at[i]) + offset, 0, from - 1));
      Tensor term = part.mul(Value.constant(weights, Shape.of(column)));
      sum = sum == null ? term : sum.add(term);
    }
    if (sum == null) {
      throw new IllegalStateException("no taps");
    }
    return sum;
  }

  private static double weight(int taps, double fraction, int offset, double a) {
    double s = Math.abs(fraction - offset);
    if (taps == 2) {
      return Math.max(0, 1 - s);
    }
    if (s <= 1) {
      return ((a + 2) * s - (a + 3)) * s * s + 1;
    }
    return s < 2 ? ((a * s - 5 * a) * s + 8 * a) * s - 4 * a : 0;
  }
}
