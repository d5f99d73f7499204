package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Average pools of any window, for one plane: down the columns in vectors, then along the row. */
final class AveragePoolKernels {
  private AveragePoolKernels() {}

  static void plane(PoolWindows p, long x, long y, long scratch) {
    int w = p.w();
    if (p.oh() == 1
        && p.ow() == 1
        && p.bottom(0) - p.top(0) == p.h()
        && p.right(0) - p.left(0) == w) {
      Vectors.set(y, LaneSums.sum(x, (long) p.h() * w, scratch) / p.divisor(0, 0));
      return;
    }
    for (int oy = 0; oy < p.oh(); oy++) {
      int top = p.top(oy);
      int rows = p.bottom(oy) - top;
      if (rows > 0) {
        columns(x + 4L * top * w, 4L * w, rows, w, scratch);
      }
      for (int ox = 0; ox < p.ow(); ox++) {
        int right = rows > 0 ? p.right(ox) : Integer.MIN_VALUE;
        Vectors.set(y, along(scratch, p.left(ox), right) / p.divisor(oy, ox));
        y += 4;
      }
    }
  }

  private static void columns(long x, long pitch, int rows, int w, long sums) {
    for (int i = 0; i < w; i += LANES) {
      VectorMask<Float> inside = F.indexInRange(i, w);
      FloatVector sum = FloatVector.fromMemorySegment(F, ALL, x + 4L * i, LE, inside);
      for (int r = 1; r < rows; r++) {
        sum = sum.add(FloatVector.fromMemorySegment(F, ALL, x + r * pitch + 4L * i, LE, inside));
      }
      sum.intoMemorySegment(ALL, sums + 4L * i, LE);
    }
  }

  private static float along(long sums, int left, int right) {
    float sum = 0;
    for (int i = left; i < right; i++) {
      sum += ALL.get(FLOAT, sums + 4L * i);
    }
    return sum;
  }

  /** Adds to gx what each window's gradient gives every pixel. */
  static void spread(PoolWindows p, long gy, long gx, long scratch) {
    int w = p.w();
    for (int oy = 0; oy < p.oh(); oy++) {
      PlaneCopies.zero(scratch, w);
      for (int ox = 0; ox < p.ow(); ox++) {
        addAlong(scratch, p.left(ox), p.right(ox), Vectors.get(gy) / p.divisor(oy, ox));
        gy += 4;
      }
      int top = p.top(oy);
      PlaneCopies.addRows(scratch, 0, gx + 4L * top * w, 4L * w, p.bottom(oy) - top, w, 0f);
    }
  }

  private static void addAlong(long row, int left, int right, float value) {
    for (int i = left; i < right; i++) {
      ALL.set(FLOAT, row + 4L * i, ALL.get(FLOAT, row + 4L * i) + value);
    }
  }
}
