package dev.harpia.simd;

import dev.harpia.simd.Graph.Opcode;

/**
 * Elementary functions as straight-line vector code of our own: the same bits cold and hot, at
 * every vector width. The polynomials are minimax fits made for this file (weighted for relative
 * error of the function). Error bounds in ULP are those that the tests assert.
 */
final class Transcendentals {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final int SIGN = 0x80000000;
  private static final int EXPONENT_OF_ONE = 0x3f800000;

  /** 1.5·2^23: adding it rounds to an integer and leaves that integer in the low bits. */
  private static final double ROUNDER = 12582912;

  private static final double LOG2_E = 1.4426950408889634;
  // ln 2 in two parts, the first with trailing zeros
  private static final double LN2_HIGH = 0.693359375;
  private static final double LN2_LOW = -2.1219444170128554e-4;

  /** The largest argument of exp with a finite result. */
  private static final double EXP_MAX = 88.72283;

  /** Below it the result of exp is less than the smallest normal number. */
  private static final double EXP_MIN = -87.33654;

  /** Beyond it e^(−x²/2) is less than the smallest normal number. */
  private static final double BELL_END = 13.21;

  private final Graph g;

  Transcendentals(Graph g) {
    this.g = g;
  }

  private int k(double v) {
    return g.constant(v);
  }

  /** x = n·ln 2 + r with |r| ≤ ½ ln 2: {@code shifted} holds n in its low bits. */
  private record Reduced(int shifted, int r) {}

  private Reduced reduce(int x) {
    int shifted = g.fma(x, k(LOG2_E), k(ROUNDER));
    int n = g.sub(shifted, k(ROUNDER));
    return new Reduced(shifted, g.fma(n, k(-LN2_LOW), g.fma(n, k(-LN2_HIGH), x)));
  }

  /** e^x·2^−halvings for x within the finite range; anything outside it. */
  private int expInRange(int x, int correction, int halvings) {
    Reduced d = reduce(x);
    int r = correction < 0 ? d.r : g.add(d.r, correction);
    int q =
        g.polynomial(r, 1.3814599e-03, 8.368717e-03, 4.166839e-02, 1.6666521e-01, 4.9999994e-01);
    int p = g.add(g.fma(q, g.mul(r, r), r), k(1));
    int n = g.shift(Opcode.SHIFT_LEFT, g.bits(d.shifted), 23);
    int sum = g.op(Opcode.INT_ADD, g.bits(p), n);
    return g.fromBits(halvings == 0 ? sum : g.op(Opcode.INT_SUB, sum, g.integer(halvings << 23)));
  }

  /** {@code value} where x ≤ max; +∞ above, NaN for NaN. */
  private int upTo(double max, int x, int value) {
    return g.select(Opcode.LE, x, k(max), value, g.mul(x, k(INFINITY)));
  }

  /** eˣ, ≤ 1 ULP; results below 2^-126 become 0. */
  int exp(int x) {
    int r = upTo(EXP_MAX, x, expInRange(x, -1, 0));
    return g.select(Opcode.LT, x, k(EXP_MIN), k(0), r);
  }

  /** (eˣ − 1)/2 for x between −80 and 89.4: halved, so that 2^n stays finite. */
  private int halfExpm1(int x) {
    Reduced d = reduce(x);
    int r = d.r;
    int q =
        g.polynomial(r, 1.3882521e-03, 8.3665205e-03, 4.16672e-02, 1.6666543e-01, 4.9999997e-01);
    int p = g.fma(q, g.mul(r, r), r);
    int n = g.shift(Opcode.SHIFT_LEFT, g.bits(d.shifted), 23);
    int power = g.fromBits(g.op(Opcode.INT_ADD, n, g.integer(EXPONENT_OF_ONE - (1 << 23))));
    return g.fma(p, power, g.sub(power, k(0.5)));
  }

  /** eˣ − 1 for x between −80 and 88. */
  private int expm1InRange(int x) {
    Reduced d = reduce(x);
    int r = d.r;
    int q =
        g.polynomial(r, 1.3882521e-03, 8.3665205e-03, 4.16672e-02, 1.6666543e-01, 4.9999997e-01);
    int p = g.fma(q, g.mul(r, r), r);
    int n = g.shift(Opcode.SHIFT_LEFT, g.bits(d.shifted), 23);
    int power = g.fromBits(g.op(Opcode.INT_ADD, n, g.integer(EXPONENT_OF_ONE)));
    return g.fma(p, power, g.sub(power, k(1)));
  }

  /** eˣ − 1, ≤ 2.5 ULP. */
  int expm1(int x) {
    int held = g.select(Opcode.LT, x, k(-30), k(-30), x);
    int half = halfExpm1(held);
    return withSign(upTo(EXP_MAX, x, g.add(half, half)), x);
  }

  /** The value with the sign bit of x set in addition. */
  private int withSign(int value, int x) {
    int sign = g.op(Opcode.AND, g.bits(x), g.integer(SIGN));
    return g.fromBits(g.op(Opcode.OR, g.bits(value), sign));
  }

  /** tanh x = e/(e + 2) with e = expm1(2|x|), ≤ 3 ULP. */
  int tanh(int x) {
    int a = g.abs(x);
    int held = g.select(Opcode.LT, k(9.5), a, k(9.5), a);
    int e = expm1InRange(g.add(held, held));
    return withSign(g.div(e, g.add(e, k(2))), x);
  }

  /** 1/(1 + e⁻ˣ), ≤ 3 ULP. */
  int sigmoid(int x) {
    return g.div(k(1), g.add(exp(g.op(Opcode.NEG, x)), k(1)));
  }

  /** sinh x, ≤ 4 ULP. */
  int sinh(int x) {
    int a = g.abs(x);
    int half = halfExpm1(a);
    int e = g.add(half, half);
    int sum = g.add(half, g.div(half, g.add(e, k(1))));
    return withSign(upTo(89.41598, a, sum), x);
  }

  /** cosh x, ≤ 3 ULP. */
  int cosh(int x) {
    int a = g.abs(x);
    int half = expInRange(a, -1, 1);
    return upTo(89.41598, a, g.add(half, g.div(k(0.25), half)));
  }

  /** erf x = ±(1 − e^(−a·q(a))) with a = |x|, ≤ 4 ULP. */
  int erf(int x) {
    int a = g.abs(x);
    int held = g.select(Opcode.LT, k(4), a, k(4), a);
    int q =
        g.polynomial(
            held,
            -9.255657e-06,
            1.176356e-04,
            -6.3281565e-04,
            1.6669865e-03,
            -1.6035231e-04,
            -1.915309e-02,
            1.0277784e-01,
            6.366194e-01,
            1.1283792);
    int e = expm1InRange(g.mul(g.op(Opcode.NEG, q), held));
    return withSign(g.sub(k(0), e), x);
  }

  /**
   * e^(−x²/2) for |x| ≤ {@link #BELL_END}, anything else for NaN and beyond. The argument is
   * reduced to r with r/−2 between ±½ ln 2; x² enters that unrounded, so that the tail keeps its
   * relative accuracy.
   */
  private int bellInRange(int x) {
    int shifted = g.fma(g.mul(x, x), k(-0.5 * LOG2_E), k(ROUNDER));
    // n·2·LN2_HIGH: both products and their difference are exact
    int high = g.fma(shifted, k(2 * LN2_HIGH), k(-ROUNDER * 2 * LN2_HIGH));
    int r = g.fma(high, k(LN2_LOW / LN2_HIGH), g.fma(x, x, high));
    int p =
        g.polynomial(
            r,
            8.2902597e-03 / -32,
            4.1898231e-02 / 16,
            1.6667639e-01 / -8,
            0.49999147 / 4,
            0.99999971 / -2,
            1);
    int power = g.shift(Opcode.SHIFT_LEFT, g.bits(shifted), 23);
    return g.fromBits(g.op(Opcode.INT_ADD, g.bits(p), power));
  }

  /** e^(−x²/2), ≤ 3 ULP. */
  int bell(int x) {
    int inRange = g.select(Opcode.LT, k(BELL_END), g.abs(x), k(0), bellInRange(x));
    return g.select(Opcode.NE, x, x, x, inRange);
  }

  /** Φ(x): with a = |x|, Φ(−a) = e^(−a²/2)·P(a)/Q(a). ≤ 8 ULP. */
  int normalCdf(int x) {
    int a = g.abs(x);
    int p =
        g.polynomial(a, 2.3693211e-07, 1.4377018e-02, 1.0767072e-01, 3.399845e-01, 4.9999994e-01);
    int q = g.polynomial(a, 3.6065788e-02, 2.6933318e-01, 8.9455312e-01, 1.4778466, 1);
    int tail = g.div(g.mul(bellInRange(x), p), q);
    int lower = g.select(Opcode.LT, k(BELL_END), a, k(0), tail);
    return g.select(Opcode.LT, x, k(0), lower, g.sub(k(1), lower));
  }

  /** The exponent e and f = m − 1 of x = m·2^e with m between √½ and √2; x positive and normal. */
  private record Split(int e, int exponentBits, int f) {}

  private Split split(int x) {
    int i = g.op(Opcode.INT_SUB, g.bits(x), g.integer(0x3f3504f3));
    int exponent = g.shift(Opcode.SHIFT_RIGHT, i, 23);
    int mantissa = g.op(Opcode.AND, i, g.integer(0x7fffff));
    int m = g.fromBits(g.op(Opcode.INT_ADD, mantissa, g.integer(0x3f3504f3)));
    int biased = g.fromBits(g.op(Opcode.INT_ADD, exponent, g.integer(0x4b400000)));
    return new Split(g.sub(biased, k(ROUNDER)), exponent, g.sub(m, k(1)));
  }

  /** f³·P(f) of ln(1 + f) = f − f²/2 + f³·P(f). */
  private int cubicPart(int f, int square) {
    int p =
        g.polynomial(
            f,
            -7.634497e-02,
            1.2761576e-01,
            -1.3160183e-01,
            1.4201757e-01,
            -1.6623357e-01,
            2.0001227e-01,
            -2.500082e-01,
            3.333333e-01);
    return g.mul(g.mul(p, f), square);
  }

  /** e·ln 2 + ln(1 + f). */
  private int logOf(int e, int f) {
    int square = g.mul(f, f);
    int low = g.fma(e, k(LN2_LOW), cubicPart(f, square));
    int rest = g.fma(square, k(-0.5), low);
    return g.fma(e, k(LN2_HIGH), g.add(f, rest));
  }

  /** ln x, ≤ 1 ULP, also for denormal x; −∞ at ±0, NaN below. */
  int log(int x) {
    int tiny = k(Float.MIN_NORMAL);
    int scaled = g.select(Opcode.LT, x, tiny, g.mul(x, k(1 << 23)), x);
    Split s = split(scaled);
    int e = g.add(s.e, g.select(Opcode.LT, x, tiny, k(-23), k(0)));
    int r = logOf(e, s.f);
    int finite = g.select(Opcode.LT, x, k(INFINITY), r, x);
    int outside = g.select(Opcode.EQ, x, k(0), k(-INFINITY), k(Double.NaN));
    return g.select(Opcode.LT, k(0), x, finite, outside);
  }

  /**
   * ln(1 + x), ≤ 2 ULP: the rounding error of 1 + x is scaled and added to the reduced argument.
   */
  int log1p(int x) {
    int u = g.add(x, k(1));
    int r = log1pOf(x, u);
    int finite = g.select(Opcode.LT, x, k(INFINITY), r, x);
    int outside = g.select(Opcode.EQ, u, k(0), k(-INFINITY), k(Double.NaN));
    int inside = g.select(Opcode.LT, k(-1), x, finite, outside);
    return g.select(Opcode.EQ, x, k(0), x, inside);
  }

  private int log1pOf(int x, int u) {
    Split s = split(u);
    int lost = g.sub(x, g.sub(u, k(1)));
    int shifted = g.shift(Opcode.SHIFT_LEFT, s.exponentBits, 23);
    // 2^(1−e), as 2^−e is no normal number for the largest e
    int scale = g.fromBits(g.op(Opcode.INT_SUB, g.integer(EXPONENT_OF_ONE + (1 << 23)), shifted));
    return logOf(s.e, g.fma(g.mul(lost, k(0.5)), scale, s.f));
  }

  /** max(x, 0) + ln(1 + e^(−|x|)), ≤ 3 ULP. */
  int softplus(int x) {
    int e = exp(g.op(Opcode.NEG, g.abs(x)));
    int positive = g.select(Opcode.LT, x, k(0), k(0), x);
    return g.add(positive, log1pOf(e, g.add(e, k(1))));
  }

  /** Argument of sine and cosine: a = |x| = n·π/2 + r; {@code shifted} holds n in its low bits. */
  private Reduced quadrant(int a) {
    int shifted = g.fma(a, k(2 / Math.PI), k(ROUNDER));
    int n = g.sub(shifted, k(ROUNDER));
    // π/2 in three parts of 24 bits: with fused products the first difference is exact
    int r = g.fma(n, k(-1.5707963705062866), a);
    r = g.fma(n, k(4.371138828673793e-08), r);
    return new Reduced(shifted, g.fma(n, k(1.7151245100058819e-15), r));
  }

  private int sineOrCosine(int x, boolean cosine) {
    int a = g.abs(x);
    Reduced d = quadrant(a);
    int s = g.mul(d.r, d.r);
    int sine = g.polynomial(s, -1.9514958e-04, 8.332158e-03, -1.6666655e-01);
    sine = g.fma(g.mul(sine, s), d.r, d.r);
    int c = g.polynomial(s, 2.4432786e-05, -1.3887313e-03, 4.1666646e-02);
    c = g.fma(g.mul(c, s), s, g.fma(s, k(-0.5), k(1)));
    int n = g.bits(d.shifted);
    int odd = g.fromBits(g.shift(Opcode.SHIFT_LEFT, g.op(Opcode.AND, n, g.integer(1)), 29));
    int value = g.select(Opcode.EQ, odd, k(0), cosine ? c : sine, cosine ? sine : c);
    int turn = cosine ? g.op(Opcode.INT_ADD, n, g.integer(1)) : n;
    int sign = g.shift(Opcode.SHIFT_LEFT, g.op(Opcode.AND, turn, g.integer(2)), 30);
    if (!cosine) {
      sign = g.op(Opcode.XOR, sign, g.op(Opcode.AND, g.bits(x), g.integer(SIGN)));
    }
    int signed = g.fromBits(g.op(Opcode.XOR, g.bits(value), sign));
    return g.select(Opcode.LE, a, k(6.5e6), signed, k(Double.NaN));
  }

  /** sin x, ≤ 2 ULP for |x| ≤ 1e5, ≤ 20 ULP up to 6.5e6, NaN beyond. */
  int sin(int x) {
    return sineOrCosine(x, false);
  }

  /** cos x, ≤ 2 ULP for |x| ≤ 1e5, ≤ 20 ULP up to 6.5e6, NaN beyond. */
  int cos(int x) {
    return sineOrCosine(x, true);
  }

  /** atan x, ≤ 2 ULP: π/2 + atan(−1/a) where a = |x| &gt; 1. */
  int atan(int x) {
    int a = g.abs(x);
    int one = k(1);
    int z = g.select(Opcode.LT, one, a, g.div(k(-1), a), a);
    int start = g.select(Opcode.LT, one, a, k(Math.PI / 2), k(0));
    int s = g.mul(z, z);
    int p =
        g.polynomial(
            s,
            2.920691e-03,
            -1.6367923e-02,
            4.321185e-02,
            -7.552214e-02,
            1.06660046e-01,
            -1.4211056e-01,
            1.9993773e-01,
            -3.3333153e-01);
    return withSign(g.add(start, g.fma(g.mul(p, s), z, z)), x);
  }

  /**
   * xʸ with the special cases of C, ≤ 4 ULP: ln|x| in two floats, their product with y in two
   * floats, the low part added to the reduced argument of exp.
   */
  int pow(int x, int y) {
    int a = g.abs(x);
    int tiny = k(Float.MIN_NORMAL);
    Split s = split(g.select(Opcode.LT, a, tiny, g.mul(a, k(1 << 23)), a));
    int e = g.add(s.e, g.select(Opcode.LT, a, tiny, k(-23), k(0)));
    int f = s.f;
    int square = g.mul(f, f);
    int squareRest = g.fma(f, f, g.op(Opcode.NEG, square));
    // ln(1 + f): f − square/2, then what that rounding lost
    int h = g.fma(square, k(-0.5), f);
    int lost = g.fma(square, k(-0.5), g.sub(f, h));
    int low = g.fma(squareRest, k(-0.5), g.add(lost, cubicPart(f, square)));
    // plus e·ln 2, whose high part is exact
    int base = g.mul(e, k(LN2_HIGH));
    int high = g.add(base, h);
    int back = g.sub(high, base);
    int error = g.add(g.sub(base, g.sub(high, back)), g.sub(h, back));
    low = g.add(error, g.fma(e, k(LN2_LOW), low));
    int log = g.add(high, low);
    int logRest = g.add(g.sub(high, log), low);
    return powFromLog(x, a, y, log, logRest);
  }

  private int powFromLog(int x, int a, int y, int logInRange, int logRest) {
    int infinite = g.select(Opcode.EQ, a, k(INFINITY), k(INFINITY), logInRange);
    int zero = g.select(Opcode.EQ, a, k(0), k(-INFINITY), infinite);
    int log = g.select(Opcode.NE, a, a, a, zero);
    int product = g.mul(y, log);
    int rest = g.fma(y, logRest, g.fma(y, log, g.op(Opcode.NEG, product)));
    int r = upTo(EXP_MAX, product, expInRange(product, rest, 0));
    r = g.select(Opcode.LT, product, k(EXP_MIN), k(0), r);
    r = g.select(Opcode.EQ, a, k(1), k(1), r);
    // the sign of a negative base: that of y's parity, NaN where y is no integer
    int half = g.mul(y, k(0.5));
    int odd = g.select(Opcode.EQ, new Rounding(g).trunc(half), half, k(0), k(SIGN_ONLY));
    int flip = g.op(Opcode.AND, g.bits(odd), g.bits(x));
    int signed = g.fromBits(g.op(Opcode.OR, g.bits(r), flip));
    int whole = g.select(Opcode.EQ, new Rounding(g).trunc(y), y, signed, r);
    int fraction = g.select(Opcode.EQ, new Rounding(g).trunc(y), y, whole, k(Double.NaN));
    int finite = g.select(Opcode.LT, g.sub(k(0), a), k(-Float.MAX_VALUE), whole, fraction);
    int negative = g.select(Opcode.LT, x, k(0), finite, whole);
    int one = g.select(Opcode.EQ, y, k(0), k(1), negative);
    return g.select(Opcode.EQ, x, k(1), k(1), one);
  }

  /** −0: only the sign bit. */
  private static final double SIGN_ONLY = -0.0;
}
