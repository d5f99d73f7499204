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

  @Override
  public Tensor forward(Tensor x) {
    return x.map(formula, parameters);
  }

  @Override
  public String kind() {
    return formula.name();
  }
}
