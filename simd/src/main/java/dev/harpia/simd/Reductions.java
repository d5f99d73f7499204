package dev.harpia.simd;

/**
 * Reductions over the middle axis of [outer, axis, inner] to [outer, inner]. A whole tensor is [1,
 * size, 1], rows are [rows, n, 1].
 *
 * <p>Sums are accurate to a few units in the last place for any length. Maximum and minimum hand
 * NaN on; an axis of length zero has none, which the caller refuses.
 */
public final class Reductions {
  private static final Job.Body LOG_SUM_EXP_ROWS =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          Vectors.set(job.a + 4 * r, logSumExp(job.b + 4 * r * job.n, job.n));
        }
      };
  private static final Job.Body ARG_ROWS =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          long x = job.b + 4 * r * job.n;
          float value = job.flag ? RowExtremes.max(x, job.n) : RowExtremes.min(x, job.n);
          Vectors.setInt(job.a + 4 * r, (int) RowExtremes.indexOf(x, job.n, value));
          if (job.c != 0) {
            Vectors.set(job.c + 4 * r, value);
          }
        }
      };

  private Reductions() {}

  /** y = [y +] scale·Σ x. */
  public static void sum(
      long y, long x, long outer, long axis, long inner, float scale, boolean add) {
    if (inner == 1) {
      RowReduction.run(RowReduction.SUM, y, x, 0, outer, axis, scale, add);
    } else {
      ColumnSums.sum(y, x, outer, axis, inner, scale, add);
    }
  }

  /** y = mean x; NaN for an axis of length zero. */
  public static void mean(long y, long x, long outer, long axis, long inner) {
    if (axis == 0) {
      RowMaps.fill(y, outer * inner, Float.NaN, false);
    } else if (inner == 1) {
      RowReduction.run(RowReduction.SUM, y, x, 0, outer, axis, 1.0 / axis, false);
    } else {
      ColumnSums.sum(y, x, outer, axis, inner, (float) (1.0 / axis), false);
    }
  }

  /** y = [y +] scale·Σ x². */
  public static void sumOfSquares(
      long y, long x, long outer, long axis, long inner, float scale, boolean add) {
    if (inner == 1) {
      RowReduction.run(RowReduction.SQUARES, y, x, 0, outer, axis, scale, add);
    } else {
      ColumnSums.squares(y, x, outer, axis, inner, scale, add);
    }
  }

  /**
   * variance = Σ (x − mean)² / max(0, axis − correction), in two passes; the means are written too.
   *
   * @param correction 1 for the sample variance, 0 for the population's
   */
  public static void variance(
      long variance, long mean, long x, long outer, long axis, long inner, double correction) {
    mean(mean, x, outer, axis, inner);
    double scale = 1 / Math.max(0, axis - correction);
    if (axis == 0) {
      RowMaps.fill(variance, outer * inner, Float.NaN, false);
    } else if (inner == 1) {
      RowReduction.run(RowReduction.DEVIATIONS, variance, x, mean, outer, axis, scale, false);
    } else {
      ColumnSums.deviations(variance, x, mean, outer, axis, inner, (float) scale);
    }
  }

  /** y = max x, NaN where the column holds one. */
  public static void max(long y, long x, long outer, long axis, long inner) {
    fold(RowReduction.MAX, y, x, outer, axis, inner);
  }

  /** y = min x, NaN where the column holds one. */
  public static void min(long y, long x, long outer, long axis, long inner) {
    fold(RowReduction.MIN, y, x, outer, axis, inner);
  }

  /** y = Π x. */
  public static void product(long y, long x, long outer, long axis, long inner) {
    if (axis == 0) {
      RowMaps.fill(y, outer * inner, 1, false);
    } else {
      fold(RowReduction.PRODUCT, y, x, outer, axis, inner);
    }
  }

  /**
   * index (I32) = where the largest element of each column stands first; NaN counts as larger than
   * anything.
   *
   * @param value where the largest elements go, or 0
   */
  public static void argMax(long index, long value, long x, long outer, long axis, long inner) {
    arg(true, index, value, x, outer, axis, inner);
  }

  /** As {@link #argMax} for the smallest element; NaN counts as smaller than anything. */
  public static void argMin(long index, long value, long x, long outer, long axis, long inner) {
    arg(false, index, value, x, outer, axis, inner);
  }

  /** y = log Σ e^x, safe from overflow; −∞ for a column of −∞. */
  public static void logSumExp(long y, long x, long outer, long axis, long inner) {
    Job job = Job.take();
    job.a = y;
    job.b = x;
    if (axis == 0) {
      RowMaps.fill(y, outer * inner, Float.NEGATIVE_INFINITY, false);
    } else if (inner == 1) {
      job.n = axis;
      job.over(outer, 4 * axis, LOG_SUM_EXP_ROWS);
    } else {
      ColumnScans.logSumExp(job, outer, axis, inner);
    }
    job.free();
  }

  private static void fold(int kind, long y, long x, long outer, long axis, long inner) {
    if (inner == 1) {
      RowReduction.run(kind, y, x, 0, outer, axis, 1, false);
    } else {
      ColumnFolds.run(kind, y, x, outer, axis, inner);
    }
  }

  private static void arg(
      boolean most, long index, long value, long x, long outer, long axis, long inner) {
    Job job = Job.take();
    job.a = index;
    job.b = x;
    job.c = value;
    job.flag = most;
    if (inner == 1) {
      job.n = axis;
      job.over(outer, 2 * axis, ARG_ROWS);
    } else {
      ColumnScans.arg(job, outer, axis, inner);
    }
    job.free();
  }

  static float logSumExp(long x, long n) {
    float max = RowExtremes.maxOfNumbers(x, n);
    if (Float.isInfinite(max)) {
      return RowExtremes.max(x, n);
    }
    return (float) (max + StrictMath.log(RowExp.sum(x, n, max)));
  }
}
