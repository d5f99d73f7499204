package dev.harpia.nn.io.onnx;

import java.util.function.LongBinaryOperator;

/** Functions of two integers; truth values are 1 and 0. */
enum IntegerKind {
  ADD((a, b) -> a + b),
  SUB((a, b) -> a - b),
  MUL((a, b) -> a * b),
  /** Rounds toward zero. */
  DIV((a, b) -> a / b),
  /** Has the divisor's sign. */
  MOD(Math::floorMod),
  /** Has the dividend's sign. */
  FMOD((a, b) -> a % b),
  POW(IntegerKind::power),
  MIN(Math::min),
  MAX(Math::max),
  BIT_AND((a, b) -> a & b),
  BIT_OR((a, b) -> a | b),
  BIT_XOR((a, b) -> a ^ b),
  /** Places beyond the type's width are lost. */
  SHIFT_LEFT((a, b) -> b < 0 || b > 63 ? 0 : a << b),
  /** Fills with zeros: operands are unsigned. */
  SHIFT_RIGHT((a, b) -> b < 0 || b > 63 ? 0 : a >>> b),
  EQUAL((a, b) -> a == b ? 1 : 0),
  LESS((a, b) -> a < b ? 1 : 0),
  LESS_OR_EQUAL((a, b) -> a <= b ? 1 : 0),
  GREATER((a, b) -> a > b ? 1 : 0),
  GREATER_OR_EQUAL((a, b) -> a >= b ? 1 : 0),
  AND((a, b) -> a != 0 && b != 0 ? 1 : 0),
  OR((a, b) -> a != 0 || b != 0 ? 1 : 0),
  XOR((a, b) -> (a != 0) != (b != 0) ? 1 : 0);

  private final LongBinaryOperator function;

  IntegerKind(LongBinaryOperator function) {
    this.function = function;
  }

  long apply(long a, long b) {
    return function.applyAsLong(a, b);
  }

  /** Whether the second operand must not be 0. */
  boolean divides() {
    return this == DIV || this == MOD || this == FMOD;
  }

  /** Whether the result is a truth value. */
  boolean logical() {
    return ordinal() >= EQUAL.ordinal();
  }

  /** The result in a type: what lies beyond its range wraps round. */
  long apply(long a, long b, OnnxType type) {
    if (type == OnnxType.UINT64 && (a < 0 || b < 0) && ordered()) {
      throw new UnsupportedCase(this + " of unsigned integers from 2^63 on");
    }
    return logical() ? apply(a, b) : type.wrap(apply(a, b));
  }

  /** Whether the sign matters. */
  private boolean ordered() {
    return switch (this) {
      case ADD, SUB, MUL, BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT, EQUAL -> false;
      default -> true;
    };
  }

  private static long power(long a, long b) {
    if (b < 0) {
      return a == 1 ? 1 : a == -1 ? (b % 2 == 0 ? 1 : -1) : 0;
    }
    long result = 1;
    for (long base = a, n = b; n > 0; n >>= 1, base *= base) {
      result *= (n & 1) == 1 ? base : 1;
    }
    return result;
  }
}
