package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Transposes tiles of LANES × LANES: for each bit of the lane number, rows whose numbers differ in
 * the bit exchange the lanes that differ in it.
 */
final class Transpose {
  private static final VectorMask<Float> ODD8 = mask(8, true);
  private static final VectorMask<Float> EVEN8 = mask(8, false);
  private static final VectorMask<Float> ODD4 = mask(4, true);
  private static final VectorMask<Float> EVEN4 = mask(4, false);
  private static final VectorMask<Float> ODD2 = mask(2, true);
  private static final VectorMask<Float> EVEN2 = mask(2, false);
  private static final VectorMask<Float> ODD1 = mask(1, true);
  private static final VectorMask<Float> EVEN1 = mask(1, false);

  private Transpose() {}

  private static VectorMask<Float> mask(int bit, boolean set) {
    long lanes = 0;
    for (int i = 0; i < LANES; i++) {
      lanes |= ((i & bit) != 0) == set ? 1L << i : 0;
    }
    return VectorMask.fromLong(F, lanes);
  }

  /** Bytes of scratch memory that {@link #matrix} needs. */
  static long scratchBytes() {
    return (long) LANES * BYTES;
  }

  /** to [columns, rows] = [to +] transposed from [rows, columns]; strides of rows in bytes. */
  static void matrix(
      long to,
      long toStride,
      long from,
      long fromStride,
      long rows,
      long columns,
      boolean add,
      long scratch) {
    for (long r = 0; r < rows; r += LANES) {
      long height = Math.min(LANES, rows - r);
      for (long c = 0; c < columns; c += LANES) {
        long width = Math.min(LANES, columns - c);
        long target = to + c * toStride + 4 * r;
        long source = from + r * fromStride + 4 * c;
        if (height == LANES && width == LANES && !add) {
          tile(target, toStride, source, fromStride, scratch);
        } else {
          partial(target, toStride, source, fromStride, height, width, add, scratch);
        }
      }
    }
  }

  private static void partial(
      long to,
      long toStride,
      long from,
      long fromStride,
      long rows,
      long columns,
      boolean add,
      long scratch) {
    for (long r = 0; r < rows; r++) {
      RowMaps.copy(scratch + r * BYTES, from + r * fromStride, columns, false);
    }
    tile(scratch, BYTES, scratch, BYTES, scratch);
    for (long c = 0; c < columns; c++) {
      RowMaps.copy(to + c * toStride, scratch + c * BYTES, rows, add);
    }
  }

  private static void tile(long to, long toStride, long from, long fromStride, long scratch) {
    if (LANES == 16) {
      exchange8(scratch, BYTES, from, fromStride);
      exchange4(scratch, BYTES, scratch, BYTES);
      exchange2(scratch, BYTES, scratch, BYTES);
    } else if (LANES == 8) {
      exchange4(scratch, BYTES, from, fromStride);
      exchange2(scratch, BYTES, scratch, BYTES);
    } else {
      exchange2(scratch, BYTES, from, fromStride);
    }
    exchange1(to, toStride, scratch, BYTES);
  }

  private static void exchange8(long to, long toStride, long from, long fromStride) {
    for (long i = 0; i < LANES / 2; i++) {
      long r = ((i & -8L) << 1) + (i & 7);
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, from + r * fromStride, LE);
      FloatVector y = FloatVector.fromMemorySegment(F, ALL, from + (r + 8) * fromStride, LE);
      x.blend(y.rearrange(Lanes.X8), ODD8).intoMemorySegment(ALL, to + r * toStride, LE);
      y.blend(x.rearrange(Lanes.X8), EVEN8).intoMemorySegment(ALL, to + (r + 8) * toStride, LE);
    }
  }

  private static void exchange4(long to, long toStride, long from, long fromStride) {
    for (long i = 0; i < LANES / 2; i++) {
      long r = ((i & -4L) << 1) + (i & 3);
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, from + r * fromStride, LE);
      FloatVector y = FloatVector.fromMemorySegment(F, ALL, from + (r + 4) * fromStride, LE);
      x.blend(y.rearrange(Lanes.X4), ODD4).intoMemorySegment(ALL, to + r * toStride, LE);
      y.blend(x.rearrange(Lanes.X4), EVEN4).intoMemorySegment(ALL, to + (r + 4) * toStride, LE);
    }
  }

  private static void exchange2(long to, long toStride, long from, long fromStride) {
    for (long i = 0; i < LANES / 2; i++) {
      long r = ((i & -2L) << 1) + (i & 1);
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, from + r * fromStride, LE);
      FloatVector y = FloatVector.fromMemorySegment(F, ALL, from + (r + 2) * fromStride, LE);
      x.blend(y.rearrange(Lanes.X2), ODD2).intoMemorySegment(ALL, to + r * toStride, LE);
      y.blend(x.rearrange(Lanes.X2), EVEN2).intoMemorySegment(ALL, to + (r + 2) * toStride, LE);
    }
  }

  private static void exchange1(long to, long toStride, long from, long fromStride) {
    for (long i = 0; i < LANES / 2; i++) {
      long r = ((i & -1L) << 1) + (i & 0);
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, from + r * fromStride, LE);
      FloatVector y = FloatVector.fromMemorySegment(F, ALL, from + (r + 1) * fromStride, LE);
      x.blend(y.rearrange(Lanes.X1), ODD1).intoMemorySegment(ALL, to + r * toStride, LE);
      y.blend(x.rearrange(Lanes.X1), EVEN1).intoMemorySegment(ALL, to + (r + 1) * toStride, LE);
    }
  }
}
