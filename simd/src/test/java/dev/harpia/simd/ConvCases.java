package dev.harpia.simd;

import java.util.List;

/** Geometries that straddle every edge of the kernels. */
final class ConvCases {
  private ConvCases() {}

  static final List<ConvShape> ALL =
      List.of(
          new ConvShape(1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1),
          new ConvShape(2, 1, 1, 7, 3, 1, 3, 1, 2, 0, 2, 1, 1, 1),
          new ConvShape(3, 2, 9, 1, 5, 3, 1, 2, 1, 1, 0, 1, 1, 1),
          new ConvShape(3, 2, 13, 13, 3, 3, 3, 1, 1, 0, 0, 1, 1, 1),
          new ConvShape(2, 1, 28, 28, 24, 3, 3, 1, 1, 0, 0, 1, 1, 1),
          new ConvShape(5, 24, 13, 13, 36, 3, 3, 1, 1, 0, 0, 1, 1, 1),
          new ConvShape(2, 3, 20, 18, 12, 5, 5, 2, 2, 2, 2, 1, 1, 1),
          new ConvShape(2, 7, 8, 8, 11, 3, 3, 2, 2, 1, 1, 1, 1, 1),
          new ConvShape(1, 3, 30, 31, 10, 7, 7, 2, 2, 3, 3, 1, 1, 1),
          new ConvShape(1, 5, 14, 15, 13, 1, 1, 1, 1, 0, 0, 1, 1, 1),
          new ConvShape(2, 4, 9, 10, 6, 1, 1, 2, 2, 0, 0, 1, 1, 1),
          new ConvShape(2, 4, 9, 10, 6, 1, 1, 3, 2, 1, 2, 1, 1, 1),
          new ConvShape(2, 2, 11, 12, 2, 2, 4, 3, 1, 0, 1, 1, 1, 1),
          new ConvShape(2, 3, 12, 11, 4, 3, 3, 1, 1, 2, 2, 2, 2, 1),
          new ConvShape(1, 2, 12, 17, 3, 3, 3, 1, 1, 4, 5, 1, 3, 1),
          new ConvShape(2, 2, 9, 9, 3, 3, 3, 3, 2, 3, 4, 2, 3, 1),
          new ConvShape(2, 6, 7, 9, 4, 3, 3, 1, 1, 1, 1, 1, 1, 2),
          new ConvShape(3, 5, 8, 6, 5, 3, 3, 2, 2, 1, 1, 1, 1, 5),
          new ConvShape(3, 5, 8, 6, 10, 3, 3, 1, 1, 1, 1, 1, 1, 5),
          new ConvShape(1, 2, 6, 6, 3, 2, 2, 4, 4, 0, 0, 1, 1, 1),
          new ConvShape(1, 2, 5, 5, 3, 5, 5, 1, 1, 4, 4, 1, 1, 1),
          new ConvShape(1, 2, 3, 3, 3, 3, 3, 2, 2, 5, 5, 1, 1, 1),
          new ConvShape(17, 3, 5, 6, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1),
          new ConvShape(33, 2, 6, 5, 3, 3, 3, 2, 2, 1, 1, 1, 1, 1),
          new ConvShape(16, 4, 4, 4, 7, 3, 3, 2, 2, 1, 1, 1, 1, 1),
          new ConvShape(20, 3, 9, 17, 9, 5, 5, 2, 2, 2, 2, 1, 1, 1),
          new ConvShape(1, 64, 7, 7, 40, 3, 3, 1, 1, 1, 1, 1, 1, 1),
          new ConvShape(1, 3, 2, 100, 2, 2, 5, 1, 1, 0, 0, 1, 2, 1),
          new ConvShape(1, 20, 60, 60, 20, 3, 3, 1, 1, 1, 1, 1, 1, 1),
          new ConvShape(18, 20, 40, 30, 20, 3, 3, 1, 1, 1, 1, 1, 1, 1),
          new ConvShape(0, 2, 5, 5, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1));

  /** Those that take little time. */
  static final List<ConvShape> SMALL =
      ALL.stream().filter(s -> s.multiplications() < 300_000).toList();
}
