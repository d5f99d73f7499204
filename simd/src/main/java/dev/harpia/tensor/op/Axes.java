package dev.harpia.tensor.op;

import dev.harpia.tensor.Shape;

/** A shape seen from one axis: [outer, axis, inner]. */
record Axes(long outer, int axis, long inner) {
  static Axes of(Shape s, int axis) {
    int a = s.axis(axis);
    return new Axes(s.size(0, a), s.dim(a), s.size(a + 1, s.rank()));
  }
}
