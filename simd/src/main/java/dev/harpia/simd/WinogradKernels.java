package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.I;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The transforms of Winograd's minimal filtering F(2×2, 3×3) (Lavin and Gray 2016): patches of 4×4
 * pixels and kernels of 3×3 become 16 numbers each, whose products give 2×2 outputs.
 */
final class WinogradKernels {
  private WinogradKernels() {}

  /**
   * Across a row of pixels: of each four that begin at an even one, d0 − d2, d1 + d2, d2 − d1 and
   * d1 − d3, each kind {@code step} bytes after the one before.
   *
   * @param from may be read LANES + 2 floats beyond the last patch
   */
  static void across(long from, long to, long step, int patches) {
    IntVector even = IntVector.zero(I).addIndex(2);
    IntVector odd = even.add(1);
    for (int i = 0; i < patches; i += LANES) {
      VectorMask<Float> inside = F.indexInRange(i, patches);
      long at = from + 8L * i;
      IntVector a = IntVector.fromMemorySegment(I, ALL, at, LE);
      IntVector b = IntVector.fromMemorySegment(I, ALL, at + BYTES, LE);
      IntVector c = IntVector.fromMemorySegment(I, ALL, at + 8, LE);
      IntVector d = IntVector.fromMemorySegment(I, ALL, at + BYTES + 8, LE);
      FloatVector d0 = even.selectFrom(a, b).reinterpretAsFloats();
      FloatVector d1 = odd.selectFrom(a, b).reinterpretAsFloats();
      FloatVector d2 = even.selectFrom(c, d).reinterpretAsFloats();
      FloatVector d3 = odd.selectFrom(c, d).reinterpretAsFloats();
      long out = to + 4L * i;
      d0.sub(d2).intoMemorySegment(ALL, out, LE, inside);
      d1.add(d2).intoMemorySegment(ALL, out + step, LE, inside);
      d2.sub(d1).intoMemorySegment(ALL, out + 2 * step, LE, inside);
      d1.sub(d3).intoMemorySegment(ALL, out + 3 * step, LE, inside);
    }
  }

  /** Down four rows of what {@link #across} gave. May overrun its targets by less than a vector. */
  static void down(long from, long pitch, long to, long step, int floats) {
    for (int i = 0; i < floats; i += LANES) {
      long at = from + 4L * i;
      long out = to + 4L * i;
      FloatVector d0 = fromMemorySegment(F, ALL, at, LE);
      FloatVector d1 = fromMemorySegment(F, ALL, at + pitch, LE);
      FloatVector d2 = fromMemorySegment(F, ALL, at + 2 * pitch, LE);
      FloatVector d3 = fromMemorySegment(F, ALL, at + 3 * pitch, LE);
      d0.sub(d2).intoMemorySegment(ALL, out, LE);
      d1.add(d2).intoMemorySegment(ALL, out + step, LE);
      d2.sub(d1).intoMemorySegment(ALL, out + 2 * step, LE);
      d1.sub(d3).intoMemorySegment(ALL, out + 3 * step, LE);
    }
  }

  /**
   * The upper two outputs of each patch from its 16 products, channels in the lanes.
   *
   * @param step bytes between the products' kinds
   */
  static void upper(long from, long step, long bias, long to, int patches) {
    FloatVector shift = fromMemorySegment(F, ALL, bias, LE);
    for (int i = 0; i < patches; i++) {
      long at = from + (long) i * BYTES;
      FloatVector s0 =
          fromMemorySegment(F, ALL, at, LE)
              .add(fromMemorySegment(F, ALL, at + 4 * step, LE))
              .add(fromMemorySegment(F, ALL, at + 8 * step, LE));
      FloatVector s1 =
          fromMemorySegment(F, ALL, at + step, LE)
              .add(fromMemorySegment(F, ALL, at + 5 * step, LE))
              .add(fromMemorySegment(F, ALL, at + 9 * step, LE));
      FloatVector s2 =
          fromMemorySegment(F, ALL, at + 2 * step, LE)
              .add(fromMemorySegment(F, ALL, at + 6 * step, LE))
              .add(fromMemorySegment(F, ALL, at + 10 * step, LE));
      FloatVector s3 =
          fromMemorySegment(F, ALL, at + 3 * step, LE)
              .add(fromMemorySegment(F, ALL, at + 7 * step, LE))
              .add(fromMemorySegment(F, ALL, at + 11 * step, LE));
      long out = to + 2L * i * BYTES;
      s0.add(s1).add(s2).add(shift).intoMemorySegment(ALL, out, LE);
      s1.sub(s2).sub(s3).add(shift).intoMemorySegment(ALL, out + BYTES, LE);
    }
  }

  /** The lower two outputs. */
  static void lower(long from, long step, long bias, long to, int patches) {
    FloatVector shift = fromMemorySegment(F, ALL, bias, LE);
    for (int i = 0; i < patches; i++) {
      long at = from + (long) i * BYTES;
      FloatVector s0 =
          fromMemorySegment(F, ALL, at + 4 * step, LE)
              .sub(fromMemorySegment(F, ALL, at + 8 * step, LE))
              .sub(fromMemorySegment(F, ALL, at + 12 * step, LE));
      FloatVector s1 =
          fromMemorySegment(F, ALL, at + 5 * step, LE)
              .sub(fromMemorySegment(F, ALL, at + 9 * step, LE))
              .sub(fromMemorySegment(F, ALL, at + 13 * step, LE));
      FloatVector s2 =
          fromMemorySegment(F, ALL, at + 6 * step, LE)
              .sub(fromMemorySegment(F, ALL, at + 10 * step, LE))
              .sub(fromMemorySegment(F, ALL, at + 14 * step, LE));
      FloatVector s3 =
          fromMemorySegment(F, ALL, at + 7 * step, LE)
              .sub(fromMemorySegment(F, ALL, at + 11 * step, LE))
              .sub(fromMemorySegment(F, ALL, at + 15 * step, LE));
      long out = to + 2L * i * BYTES;
      s0.add(s1).add(s2).add(shift).intoMemorySegment(ALL, out, LE);
      s1.sub(s2).sub(s3).add(shift).intoMemorySegment(ALL, out + BYTES, LE);
    }
  }

  /** The 16 numbers of a 3×3 kernel, {@code step} bytes apart. */
  static void kernel(long from, long to, long step) {
    for (int column = 0; column < 4; column++) {
      float a = across(from, column);
      float b = across(from + 12, column);
      float c = across(from + 24, column);
      Vectors.set(to + column * step, a);
      Vectors.set(to + (4 + column) * step, 0.5f * (a + b + c));
      Vectors.set(to + (8 + column) * step, 0.5f * (a - b + c));
      Vectors.set(to + (12 + column) * step, c);
    }
  }

  private static float across(long row, int column) {
    float a = Vectors.get(row);
    float b = Vectors.get(row + 4);
    float c = Vectors.get(row + 8);
    return switch (column) {
      case 0 -> a;
      case 1 -> 0.5f * (a + b + c);
      case 2 -> 0.5f * (a - b + c);
      default -> c;
    };
  }
}
