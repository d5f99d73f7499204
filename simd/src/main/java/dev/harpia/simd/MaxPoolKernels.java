package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.I;
import static dev.harpia.simd.Vectors.INT;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Max pools of any window, for one plane: first down the columns, in vectors, then along the row.
 * Windows are searched row by row: of equal values the first counts, of several NaN the last.
 */
final class MaxPoolKernels {
  private MaxPoolKernels() {}

  static void plane(PoolWindows p, long x, long y, long argmax, long scratch) {
    int w = p.w();
    long places = scratch + 4L * w + Vectors.BYTES;
    for (int oy = 0; oy < p.oh(); oy++) {
      int bottom = p.bottom(oy);
      int step = p.stepY();
      int top = p.top(oy);
      if (top < bottom) {
        int rows = Math.ceilDiv(bottom - top, step);
        columns(x + 4L * top * w, 4L * step * w, rows, top * w, step * w, w, scratch, places);
      }
      for (int ox = 0; ox < p.ow(); ox++) {
        if (top < bottom && p.left(ox) < p.right(ox)) {
          along(scratch, places, p.left(ox), p.right(ox), p.stepX(), y, argmax);
        } else { // a dilated window may fall around a plane smaller than its holes
          ALL.set(FLOAT, y, Float.NEGATIVE_INFINITY);
          ALL.set(INT, argmax, -1);
        }
        y += 4;
        argmax += 4;
      }
    }
  }

  /** The same for the windows of a {@link PoolShape} with a column stride of 1 or 2. */
  static void plane(PoolShape p, long x, long y, long argmax, long scratch) {
    int w = p.w();
    int ow = p.ow();
    int margin = p.margin();
    long values = scratch + 4L * p.pw();
    long places = values + 4L * (w + margin);
    MaxPoolRows.pad(scratch, places - 4L * p.pw(), p.pw());
    for (int oy = 0; oy < p.oh(); oy++) {
      int step = p.stepY();
      int top = p.top(oy);
      int rows = Math.ceilDiv(p.bottom(oy) - top, step);
      columns(x + 4L * top * w, 4L * step * w, rows, top * w, step * w, w, values, places);
      MaxPoolRows.pad(values + 4L * w, places + 4L * w, p.kw() * p.dw() + p.sw());
      MaxPoolRows.row(
          values - 4L * p.pw(),
          places - 4L * p.pw(),
          p.sw(),
          p.kw(),
          p.dw(),
          y + 4L * oy * ow,
          argmax + 4L * oy * ow,
          ow);
    }
  }

  /** The largest of {@code rows} values, and its place, for each of w columns. */
  private static void columns(
      long x, long pitch, int rows, int place, int placeStep, int w, long values, long places) {
    for (int i = 0; i < w; i += LANES) {
      VectorMask<Float> inside = F.indexInRange(i, w);
      FloatVector best = FloatVector.fromMemorySegment(F, ALL, x + 4L * i, LE, inside);
      IntVector at = IntVector.zero(I).addIndex(1).add(place + i);
      IntVector bestAt = at;
      for (int r = 1; r < rows; r++) {
        FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + r * pitch + 4L * i, LE, inside);
        VectorMask<Float> better =
            v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v));
        best = best.blend(v, better);
        bestAt = bestAt.blend(at.add(r * placeStep), better.cast(I));
      }
      best.intoMemorySegment(ALL, values + 4L * i, LE);
      bestAt.intoMemorySegment(ALL, places + 4L * i, LE);
    }
  }

  private static void along(
      long values, long places, int left, int right, int step, long y, long argmax) {
    float best = ALL.get(FLOAT, values + 4L * left);
    int at = ALL.get(INT, places + 4L * left);
    for (int i = left + step; i < right; i += step) {
      float v = ALL.get(FLOAT, values + 4L * i);
      int place = ALL.get(INT, places + 4L * i);
      if (v > best
          || (v == best && place < at)
          || (Float.isNaN(v) && (!Float.isNaN(best) || place > at))) {
        best = v;
        at = place;
      }
    }
    ALL.set(FLOAT, y, best);
    ALL.set(INT, argmax, at);
  }

  /** Adds gradients to the places that argmax names. */
  static void scatter(long gy, long argmax, long gx, int count) {
    for (int i = 0; i < count; i++) {
      int place = ALL.get(INT, argmax + 4L * i);
      if (place >= 0) {
        long at = gx + 4L * place;
        ALL.set(FLOAT, at, ALL.get(FLOAT, at) + ALL.get(FLOAT, gy + 4L * i));
      }
    }
  }
}
