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
      x = axis(c, x, new Axis(d, x.dim(d), n, scales[d], "asymmetric", 0, 0), "floor");
    }
    return x;
  }

  private static Tensor resize(Call c) {
    boolean old = c.opset() < 11;
    int scalesAt = old ? 1 : 2;
    Tensor x = c.x(0);
    int rank = x.rank();
    boolean sized = !old && c.has(3) && c.shape(3).size() > 0;
    float[] scales = sized ? new float[0] : c.value(scalesAt).numbers();
    long[] sizes = sized ? c.value(3).longs() : new long[0];
    int n = sized ? sizes.length : scales.length;
    int[] axes = new int[n];
    for (int i = 0; i < n; i++) {
      axes[i] = c.set("axes") ? Call.axis(c.integers("axes")[i], rank) : i;
    }
    double kept = kept(c, x.shape(), axes, sizes);
    String place = old ? "asymmetric" : c.text("coordinate_transformation_mode", "half_pixel");
    boolean cropped = place.equals("tf_crop_and_resize");
    float[] region = cropped ? c.value(1).numbers() : new float[2 * n];
    if (region.length != 2 * n) {
      throw new IllegalArgumentException("a region of " + region.length + " numbers");
    }
    for (int i = 0; i < n; i++) {
      int from = x.dim(axes[i]);
      long to = (long) Math.floor(sized ? sizes[i] : (double) from * scales[i]);
      double scale = sized ? (double) to / from : scales[i];
      if (kept > 0) {
        scale = kept;
        to = (long) Math.floor(kept * from + 0.5);
      }
      Call.bounded(to, Math.max(1, x.size() / Math.max(1, from)));
      Axis a = new Axis(axes[i], from, (int) to, scale, place, region[i], region[i + n]);
      x = axis(c, x, a, old ? "floor" : c.text("nearest_mode", "round_prefer_floor"));
    }
    return x;
  }

  /** The one scale of all axes, where their proportions are kept; 0 where they are not. */
  private static double kept(Call c, Shape x, int[] axes, long[] sizes) {
    String policy = c.text("keep_aspect_ratio_policy", "stretch");
    if (policy.equals("stretch") || sizes.length == 0) {
      return 0;
    }
    boolean smaller = policy.equals("not_larger");
    if (!smaller && !policy.equals("not_smaller")) {
      throw c.unsupported("keep_aspect_ratio_policy " + policy);
    }
    double scale = smaller ? Double.POSITIVE_INFINITY : 0;
    for (int i = 0; i < sizes.length; i++) {
      double s = (double) sizes[i] / x.dim(axes[i]);
      scale = smaller ? Math.min(scale, s) : Math.max(scale, s);
    }
    return scale;
  }

  /** What is resized, and the region of it that is seen when cropping. */
  private record Axis(
      int axis, int from, int to, double scale, String mode, double start, double end) {
    boolean cropped() {
      return mode.equals("tf_crop_and_resize");
    }

    boolean outside(double at) {
      return cropped() && (at < 0 || at > from - 1);
    }
  }

  private static Tensor axis(Call c, Tensor x, Axis a, String nearest) {
    if (a.from == a.to && a.scale == 1 && !a.cropped()) {
      return x;
    }
    if (a.from == 0 || a.to < 1) {
      throw new IllegalArgumentException("an axis of " + a.from + " resized to " + a.to);
    }
    double[] at = new double[a.to];
    for (int i = 0; i < a.to; i++) {
      at[i] = place(c, a, i);
    }
    String mode = c.text("mode", "nearest");
    Tensor y =
        switch (mode) {
          case "nearest" ->
              Layouts.pick(
                  x,
                  a.axis,
                  a.to,
                  i -> Math.clamp((long) nearest(c, nearest, at[i]), 0, a.from - 1));
          case "linear" -> taps(c, x, a, at, 1);
          case "cubic" -> taps(c, x, a, at, 2);
          default -> throw c.unsupported("mode " + mode);
        };
    return a.cropped() ? filled(c, y, a, at) : y;
  }

  /** What lies outside the picture has a value of its own. */
  private static Tensor filled(Call c, Tensor y, Axis a, double[] at) {
    float[] seen = new float[at.length];
    float[] value = new float[at.length];
    float filling = c.number("extrapolation_value", 0);
    for (int i = 0; i < at.length; i++) {
      seen[i] = a.outside(at[i]) ? 0 : 1;
      value[i] = a.outside(at[i]) ? filling : 0;
    }
    Shape column = column(y, a.axis);
    return y.mul(Value.constant(seen, column)).add(Value.constant(value, column));
  }

  private static double place(Call c, Axis a, int i) {
    int from = a.from;
    int to = a.to;
    double scale = a.scale;
    return switch (a.mode) {
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
      case "tf_crop_and_resize" -> {
        double span = (a.end - a.start) * (from - 1);
        yield to > 1
            ? a.start * (from - 1) + i * span / (to - 1)
            : 0.5 * (a.start + a.end) * (from - 1);
      }
      default -> throw c.unsupported("coordinate_transformation_mode " + a.mode);
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

  private static Shape column(Tensor x, int axis) {
    int[] column = new int[x.rank() - axis];
    Arrays.fill(column, 1);
    column[0] = x.dim(axis);
    return Shape.of(column);
  }

  /**
   * Sums of neighbours with weights; places beyond an edge count as the edge, or not at all. When
   * shrinking with antialias, the weights reach as far as the elements of the result do.
   *
   * @param support how far weights reach: 1 for linear, 2 for cubic ones
   */
  private static Tensor taps(Call c, Tensor x, Axis a, double[] at, int support) {
    int d = a.axis;
    int from = x.dim(d);
    boolean inside = c.flag("exclude_outside", false);
    double squeeze = c.flag("antialias", false) ? Math.min(1, a.scale) : 1;
    int before = (int) Math.ceil(support / squeeze) - 1;
    int taps = 2 * before + 2;
    double cubic = c.number("cubic_coeff_a", -0.75f);
    double[][] weights = new double[taps][at.length];
    double[] sums = new double[at.length];
    for (int t = 0; t < taps; t++) {
      for (int i = 0; i < at.length; i++) {
        double source = Math.floor(at[i]) + t - before;
        boolean counts = !inside || source >= 0 && source < from;
        weights[t][i] = counts ? weight(support, Math.abs(at[i] - source) * squeeze, cubic) : 0;
        sums[i] += weights[t][i];
      }
    }
    boolean normed = inside || squeeze < 1;
    Tensor sum = null;
    for (int t = 0; t < taps; t++) {
      float[] w = new float[at.length];
      for (int i = 0; i < w.length; i++) {
        w[i] = (float) (normed ? weights[t][i] / sums[i] : weights[t][i]);
      }
      int offset = t - before;
      Tensor part =
          Layouts.pick(
              x, d, at.length, i -> Math.clamp((long) Math.floor(at[i]) + offset, 0, from - 1));
      Tensor term = part.mul(Value.constant(w, column(part, d)));
      sum = sum == null ? term : sum.add(term);
    }
    if (sum == null) {
      throw new IllegalStateException("no taps");
    }
    return sum;
  }

  private static double weight(int support, double s, double a) {
    if (support == 1) {
      return Math.max(0, 1 - s);
    }
    if (s <= 1) {
      return ((a + 2) * s - (a + 3)) * s * s + 1;
    }
    return s < 2 ? ((a * s - 5 * a) * s + 8 * a) * s - 4 * a : 0;
  }
}
