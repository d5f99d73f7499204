package dev.harpia.tensor;

import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.Compare;
import dev.harpia.tensor.op.Einsum;
import dev.harpia.tensor.op.Extremum;
import dev.harpia.tensor.op.LogSumExp;
import dev.harpia.tensor.op.MatMul;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Reduce;
import dev.harpia.tensor.op.Softmax;
import dev.harpia.tensor.op.Unary;
import java.util.List;

/** The arithmetic of {@link Tensor}: elementwise functions, reductions and products. */
public abstract sealed class TensorMath extends TensorOrder permits Tensor {
  TensorMath() {}

  // ---- elementwise, two operands (broadcast as NumPy does)

  /** {@code this + b}. */
  public final Tensor add(Tensor b) {
    return Tensor.apply(Binary.ADD, self(), b);
  }

  /** {@code this + b}. */
  public final Tensor add(float b) {
    return map(Unary.ADD_SCALAR, b);
  }

  /** {@code this − b}. */
  public final Tensor sub(Tensor b) {
    return Tensor.apply(Binary.SUB, self(), b);
  }

  /** {@code this − b}. */
  public final Tensor sub(float b) {
    return add(-b);
  }

  /** {@code this · b}. */
  public final Tensor mul(Tensor b) {
    return Tensor.apply(Binary.MUL, self(), b);
  }

  /** {@code this · b}. */
  public final Tensor mul(float b) {
    return map(Unary.MUL_SCALAR, b);
  }

  /** {@code this / b}. */
  public final Tensor div(Tensor b) {
    return Tensor.apply(Binary.DIV, self(), b);
  }

  /** {@code this / b}. */
  public final Tensor div(float b) {
    return map(Unary.DIV_SCALAR, b);
  }

  /** {@code this} to the power {@code b}. */
  public final Tensor pow(Tensor b) {
    return Tensor.apply(Binary.POW, self(), b);
  }

  /** {@code this} to the power {@code b}. */
  public final Tensor pow(float b) {
    return b == 2 ? square() : b == 1 ? self() : map(Unary.POW_SCALAR, b);
  }

  /** The larger of the two; NaN where either is; the gradient is split evenly at ties. */
  public final Tensor max(Tensor b) {
    return Tensor.apply(Binary.MAX, self(), b);
  }

  /** The smaller of the two; NaN where either is; the gradient is split evenly at ties. */
  public final Tensor min(Tensor b) {
    return Tensor.apply(Binary.MIN, self(), b);
  }

  // ---- elementwise, one operand

  /**
   * A function of each element: {@code t.map(Formula.of("swish2", x ->
   * x.mul(x.mul(2).sigmoid())))}.
   */
  public final Tensor map(Formula formula, float... parameters) {
    return Tensor.apply(new Pointwise(formula, parameters), self());
  }

  /** These integers as floats; exact up to 2²⁴. A tensor of floats is returned as it is. */
  public final Tensor toFloat() {
    return self().type() == DType.F32 ? self() : map(Unary.TO_FLOAT);
  }

  /** {@code −x}. */
  public final Tensor neg() {
    return map(Unary.NEG);
  }

  /** {@code |x|}. */
  public final Tensor abs() {
    return map(Unary.ABS);
  }

  /** {@code x²}. */
  public final Tensor square() {
    return map(Unary.SQUARE);
  }

  /** {@code √x}. */
  public final Tensor sqrt() {
    return map(Unary.SQRT);
  }

  /** {@code 1/√x}. */
  public final Tensor rsqrt() {
    return map(Unary.RSQRT);
  }

  /** {@code 1/x}. */
  public final Tensor reciprocal() {
    return map(Unary.RECIPROCAL);
  }

  /** {@code eˣ}. */
  public final Tensor exp() {
    return map(Unary.EXP);
  }

  /** {@code eˣ − 1}, accurate near 0. */
  public final Tensor expm1() {
    return map(Unary.EXPM1);
  }

  /** The natural logarithm. */
  public final Tensor log() {
    return map(Unary.LOG);
  }

  /** {@code log(1 + x)}, accurate near 0. */
  public final Tensor log1p() {
    return map(Unary.LOG1P);
  }

  /** The sine of radians. */
  public final Tensor sin() {
    return map(Unary.SIN);
  }

  /** The cosine of radians. */
  public final Tensor cos() {
    return map(Unary.COS);
  }

  /** The tangent of radians. */
  public final Tensor tan() {
    return map(Unary.TAN);
  }

  /** The angle, in radians, whose tangent this is. */
  public final Tensor atan() {
    return map(Unary.ATAN);
  }

  /** The hyperbolic sine. */
  public final Tensor sinh() {
    return map(Unary.SINH);
  }

  /** The hyperbolic cosine. */
  public final Tensor cosh() {
    return map(Unary.COSH);
  }

  /** The hyperbolic tangent. */
  public final Tensor tanh() {
    return map(Unary.TANH);
  }

  /** The error function. */
  public final Tensor erf() {
    return map(Unary.ERF);
  }

  /** {@code 1/(1 + e⁻ˣ)}. */
  public final Tensor sigmoid() {
    return map(Unary.SIGMOID);
  }

  /** {@code max(x, 0)}; the derivative at 0 is 0. */
  public final Tensor relu() {
    return map(Unary.RELU);
  }

  /** {@code x·Φ(x)}, with the exact normal distribution function (Hendrycks, Gimpel 2016). */
  public final Tensor gelu() {
    return map(Unary.GELU);
  }

  /** {@code x·sigmoid(x)} (Elfwing et al. 2017). */
  public final Tensor silu() {
    return map(Unary.SILU);
  }

  /** {@code log(1 + eˣ)}. */
  public final Tensor softplus() {
    return map(Unary.SOFTPLUS);
  }

  /** Values limited to [low, high]; no gradient outside. */
  public final Tensor clamp(float low, float high) {
    return map(Unary.CLAMP, low, high);
  }

  // ---- comparisons: masks of 1 and 0 as I32

  /** 1 where {@code this > b}, else 0. */
  public final Tensor gt(Tensor b) {
    return Tensor.apply(Compare.GT, self(), b);
  }

  /** 1 where {@code this ≥ b}, else 0. */
  public final Tensor ge(Tensor b) {
    return Tensor.apply(Compare.GE, self(), b);
  }

  /** 1 where {@code this < b}, else 0. */
  public final Tensor lt(Tensor b) {
    return Tensor.apply(Compare.LT, self(), b);
  }

  /** 1 where {@code this ≤ b}, else 0. */
  public final Tensor le(Tensor b) {
    return Tensor.apply(Compare.LE, self(), b);
  }

  /** 1 where {@code this = b}, else 0. */
  public final Tensor eq(Tensor b) {
    return Tensor.apply(Compare.EQ, self(), b);
  }

  /** {@code a} where {@code mask} (I32) is not 0, else {@code b}; shapes broadcast. */
  public static Tensor where(Tensor mask, Tensor a, Tensor b) {
    return Tensor.apply(Binary.WHERE, mask, a, b);
  }

  /** {@code value} where {@code mask} (I32, broadcast) is not 0, else this. */
  public final Tensor maskedFill(Tensor mask, float value) {
    return Tensor.apply(new Pointwise(Binary.MASKED_FILL, value), mask, self());
  }

  // ---- reductions

  /** The sum of all elements. */
  public final Tensor sum() {
    return Tensor.apply(Reduce.sum(), self());
  }

  /** Sums over axes, which disappear. */
  public final Tensor sum(int... axes) {
    return Tensor.apply(Reduce.sum(axes), self());
  }

  /** The mean of all elements. */
  public final Tensor mean() {
    return Tensor.apply(Reduce.mean(), self());
  }

  /** Means over axes, which disappear. */
  public final Tensor mean(int... axes) {
    return Tensor.apply(Reduce.mean(axes), self());
  }

  /** The variance of all elements, divided by n − 1. */
  public final Tensor var() {
    return self().reshape(-1).var(0);
  }

  /** The standard deviation of all elements, with the variance divided by n − 1. */
  public final Tensor std() {
    return var().sqrt();
  }

  /** Variances over an axis, which disappears, divided by n − 1. */
  public final Tensor var(int axis) {
    return var(axis, 1);
  }

  /** Variances over an axis, which disappears, divided by n − correction. */
  public final Tensor var(int axis, int correction) {
    Tensor mean = mean(axis).unsqueeze(self().shape().axis(axis));
    return sub(mean).square().sum(axis).mul(1f / Math.max(0, self().dim(axis) - correction));
  }

  /** Standard deviations over an axis, which disappears, divided by n − 1. */
  public final Tensor std(int axis) {
    return var(axis).sqrt();
  }

  /** Euclidean norms over an axis, which disappears. */
  public final Tensor norm(int axis) {
    return square().sum(axis).sqrt();
  }

  /** The largest of all elements; the gradient goes to the first of equals. */
  public final Tensor max() {
    return self().reshape(-1).max(0);
  }

  /** The smallest of all elements; the gradient goes to the first of equals. */
  public final Tensor min() {
    return self().reshape(-1).min(0);
  }

  /**
   * The largest elements along an axis, which disappears; the gradient goes to the first of equals.
   */
  public final Tensor max(int axis) {
    return maxWithIndex(axis).get(0);
  }

  /**
   * The smallest elements along an axis, which disappears; the gradient goes to the first of
   * equals.
   */
  public final Tensor min(int axis) {
    return minWithIndex(axis).get(0);
  }

  /** The largest elements along an axis, and where they are (I32). */
  public final List<Tensor> maxWithIndex(int axis) {
    return List.of(Tensor.applyAll(new Extremum(axis, true), self()));
  }

  /** The smallest elements along an axis, and where they are (I32). */
  public final List<Tensor> minWithIndex(int axis) {
    return List.of(Tensor.applyAll(new Extremum(axis, false), self()));
  }

  /** Where the largest elements along an axis are (I32): the first of equals. */
  public final Tensor argmax(int axis) {
    return maxWithIndex(axis).get(1);
  }

  /** {@code log Σ eˣ} over an axis, which disappears. */
  public final Tensor logSumExp(int axis) {
    return Tensor.apply(new LogSumExp(axis), self());
  }

  /** {@code eˣⁱ / Σ eˣʲ} along an axis. */
  public final Tensor softmax(int axis) {
    return Tensor.apply(new Softmax(axis, false), self());
  }

  /** {@code log softmax} along an axis. */
  public final Tensor logSoftmax(int axis) {
    return Tensor.apply(new Softmax(axis, true), self());
  }

  // ---- products

  /**
   * The matrix product over the last two axes; leading axes broadcast. Shapes: [.., M, K] · [.., K,
   * N] to [.., M, N].
   */
  public final Tensor matmul(Tensor b) {
    return Tensor.apply(new MatMul(false, false), self(), b);
  }

  /**
   * The matrix product with the transpose of {@code b}. Shapes: [.., M, K] · [.., N, K]ᵀ to [.., M,
   * N].
   */
  public final Tensor matmulT(Tensor b) {
    return Tensor.apply(new MatMul(false, true), self(), b);
  }

  /**
   * A sum of products by Einstein's convention, such as {@code einsum("bij,bjk->bik", a, b)}; one
   * or two operands.
   */
  public static Tensor einsum(String equation, Tensor... operands) {
    return Einsum.apply(equation, operands);
  }
}
