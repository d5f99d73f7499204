package dev.harpia.nn;

import dev.harpia.tensor.Formula;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Unary;

/** Activation functions as layers. */
public final class Activation extends Layer {
  private final Formula formula;
  private final float[] parameters;

  private Activation(Formula formula, float... parameters) {
    this.formula = formula;
    this.parameters = parameters;
  }

  /** Any elementwise function. */
  public static Activation of(Formula formula, float... parameters) {
    return new Activation(formula, parameters.clone());
  }

  /** {@code max(x, 0)}. */
  public static Activation relu() {
    return new Activation(Unary.RELU);
  }

  /** {@code 1/(1 + e⁻ˣ)}. */
  public static Activation sigmoid() {
    return new Activation(Unary.SIGMOID);
  }

  /** {@code tanh x}. */
  public static Activation tanh() {
    return new Activation(Unary.TANH);
  }

  /** {@code x·Φ(x)}. */
  public static Activation gelu() {
    return new Activation(Unary.GELU);
  }

  /** {@code x·sigmoid(x)}. */
  public static Activation silu() {
    return new Activation(Unary.SILU);
  }

  /** {@code x·Φ(x)} with the normal distribution function approximated by tanh. */
  public static Activation geluTanh() {
    return new Activation(Unary.GELU_TANH);
  }

  /** {@code x} where positive, {@code slope·x} elsewhere (PyTorch's default is 0.01). */
  public static Activation leakyRelu(float slope) {
    return new Activation(Unary.LEAKY_RELU, slope);
  }

  /** {@code min(max(x, 0), 6)}. */
  public static Activation relu6() {
    return new Activation(Unary.RELU6);
  }

  /**
   * {@code x} where positive, {@code α(eˣ − 1)} elsewhere (Clevert et al. 2015; PyTorch's α is 1).
   */
  public static Activation elu(float alpha) {
    return new Activation(Unary.ELU, alpha);
  }

  /** {@code x} where positive, {@code α(e^(x/α) − 1)} elsewhere (Barron 2017; PyTorch's α is 1). */
  public static Activation celu(float alpha) {
    return new Activation(Unary.CELU, requireNotZero("celu", alpha));
  }

  /** {@code λ·elu(x)} with the constants of self-normalising networks (Klambauer et al. 2017). */
  public static Activation selu() {
    return new Activation(Unary.SELU);
  }

  /** {@code x·tanh(softplus(x))} (Misra 2019). */
  public static Activation mish() {
    return new Activation(Unary.MISH);
  }

  /**
   * {@code log(1 + e^(βx))/β}, and x itself where βx is above the threshold (PyTorch's are 1 and
   * 20).
   */
  public static Activation softplus(float beta, float threshold) {
    return new Activation(Unary.SOFTPLUS_BETA, requireNotZero("softplus", beta), threshold);
  }

  /** {@code x/(1 + |x|)}. */
  public static Activation softsign() {
    return new Activation(Unary.SOFTSIGN);
  }

  /** x limited to [low, high], PyTorch's −1 and 1; no gradient at the limits. */
  public static Activation hardtanh(float low, float high) {
    return new Activation(Unary.HARDTANH, low, high);
  }

  /** {@code min(max(x/6 + ½, 0), 1)}. */
  public static Activation hardsigmoid() {
    return new Activation(Unary.HARDSIGMOID);
  }

  /** {@code x·hardsigmoid(x)} (Howard et al. 2019). */
  public static Activation hardswish() {
    return new Activation(Unary.HARDSWISH);
  }

  /** {@code log sigmoid(x)}, without overflow. */
  public static Activation logSigmoid() {
    return new Activation(Unary.LOG_SIGMOID);
  }

  /** {@code x − tanh x}. */
  public static Activation tanhshrink() {
    return new Activation(Unary.TANHSHRINK);
  }

  /** x moved towards 0 by λ, and 0 within [−λ, λ] (PyTorch's λ is ½). */
  public static Activation softshrink(float lambda) {
    return new Activation(Unary.SOFTSHRINK, lambda);
  }

  /** x outside [−λ, λ], 0 within (PyTorch's λ is ½). */
  public static Activation hardshrink(float lambda) {
    return new Activation(Unary.HARDSHRINK, lambda);
  }

  /** x where it is above a threshold, a value elsewhere. */
  public static Activation threshold(float threshold, float value) {
    return new Activation(Unary.THRESHOLD, threshold, value);
  }

  private static float requireNotZero(String name, float value) {
    if (value == 0) {
      throw new IllegalArgumentException(name + ": 0 divides; it must be another number");
    }
    return value;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.map(formula, parameters);
  }

  @Override
  public String kind() {
    return formula.name();
  }
}
