package dev.harpia.simd;

import dev.harpia.simd.Graph.Opcode;

/** Rounding to whole numbers; exact, keeps the sign of zero, NaN and infinities. */
final class Rounding {
  /** 2^23: from here on every float is whole. */
  private static final double WHOLE = 8388608;

  private final Graph g;

  Rounding(Graph g) {
    this.g = g;
  }

  private int sign(int x) {
    return g.op(Opcode.AND, g.bits(x), g.integer(0x80000000));
  }

  private int signed(int magnitude, int x) {
    return g.fromBits(g.op(Opcode.OR, g.bits(magnitude), sign(x)));
  }

  /** |x| to the nearest whole number, halves to even; for |x| &lt; 2^23. */
  private int nearest(int a) {
    return g.sub(g.add(a, g.constant(WHOLE)), g.constant(WHOLE));
  }

  private int small(int x, int value) {
    return g.select(Opcode.LT, g.abs(x), g.constant(WHOLE), value, x);
  }

  int round(int x) {
    return small(x, signed(nearest(g.abs(x)), x));
  }

  int trunc(int x) {
    int a = g.abs(x);
    int n = nearest(a);
    int one = g.constant(1);
    return small(x, signed(g.select(Opcode.LT, a, n, g.sub(n, one), n), x));
  }

  int floor(int x) {
    int n = signed(nearest(g.abs(x)), x);
    int down = g.select(Opcode.LT, x, n, g.constant(1), g.constant(0));
    return small(x, signed0(g.sub(n, down), x));
  }

  int ceil(int x) {
    int n = signed(nearest(g.abs(x)), x);
    int up = g.select(Opcode.LT, n, x, g.constant(1), g.constant(0));
    return small(x, signed0(g.add(n, up), x));
  }

  /** A zero result takes the sign of x. */
  private int signed0(int value, int x) {
    return g.select(Opcode.EQ, value, g.constant(0), g.fromBits(sign(x)), value);
  }
}
