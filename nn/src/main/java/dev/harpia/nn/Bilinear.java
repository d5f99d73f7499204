package dev.harpia.nn;

import dev.harpia.tensor.Tensor;

/**
 * A bilinear map: {@code y[o] = x₁ᵀ·W[o]·x₂ + b[o]}.
 *
 * <p>Shapes: x₁ [N, A], x₂ [N, B], y [N, out]; {@code weight} [out, A, B], {@code bias} [out].
 *
 * <p>Starts: uniform with bound 1/√A.
 */
public final class Bilinear extends Layer {
  private final Tensor weight;
  private final Tensor bias;

  /** A map of two inputs. */
  public Bilinear(int in1, int in2, int out) {
    weight = parameter("weight", Init.byFanIn(in1, out, in1, in2));
    bias = parameter("bias", Init.byFanIn(in1, out));
  }

  /** x twice. */
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, x);
  }

  /** The map of two inputs. */
  public Tensor forward(Tensor x1, Tensor x2) {
    Tensor left = Tensor.einsum("na,oab->nob", x1, weight);
    return Tensor.einsum("nob,nb->no", left, x2).add(bias);
  }
}
