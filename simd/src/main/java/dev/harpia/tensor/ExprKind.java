package dev.harpia.tensor;

/** What a node of an expression computes. */
public enum ExprKind {
  INPUT(0),
  INT_INPUT(0),
  PARAMETER(0),
  CONSTANT(0),
  UNIFORM(0),
  ADD(2),
  SUB(2),
  MUL(2),
  DIV(2),
  FMA(3),
  NEG(1),
  ABS(1),
  SQRT(1),
  MAX(2),
  MIN(2),
  EXP(1),
  EXPM1(1),
  LOG(1),
  LOG1P(1),
  POW(2),
  TANH(1),
  SIGMOID(1),
  SOFTPLUS(1),
  ERF(1),
  NORMAL_CDF(1),
  SIN(1),
  COS(1),
  SINH(1),
  COSH(1),
  ATAN(1),
  FLOOR(1),
  CEIL(1),
  ROUND(1),
  TRUNC(1),
  SELECT_LT(4),
  SELECT_LE(4),
  SELECT_EQ(4),
  SELECT_NE(4);

  private final int arity;

  ExprKind(int arity) {
    this.arity = arity;
  }

  /** How many operands it has. */
  public int arity() {
    return arity;
  }
}
