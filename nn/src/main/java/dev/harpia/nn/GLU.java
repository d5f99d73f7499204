package dev.harpia.nn;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.Pointwise;
import java.util.List;

/**
 * Gated linear units: an axis falls into halves a and b, of which one gates the other. {@link
 * #glu}: {@code a·sigmoid(b)} (Dauphin et al. 2016). {@link #swiglu}: {@code silu(a)·b} (Shazeer
 * 2020).
 *
 * <p>Shapes: x [.., 2·D, ..], y [.., D, ..].
 */
public final class GLU extends Layer {
  private final Pointwise gate;
  private final int axis;

  private GLU(Pointwise gate, int axis) {
    this.gate = gate;
    this.axis = axis;
  }

  /** {@code a·sigmoid(b)}. */
  public static GLU glu(int axis) {
    return new GLU(Binary.GLU, axis);
  }

  /** {@code silu(a)·b}. */
  public static GLU swiglu(int axis) {
    return new GLU(Binary.SWIGLU, axis);
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.dim(axis) % 2 != 0) {
      throw new ShapeException(
          kind(), "axis " + axis + " must be even to fall into halves", x.shape());
    }
    List<Tensor> halves = x.split(2, axis);
    return Tensor.apply(gate, halves.get(0), halves.get(1));
  }

  @Override
  public String kind() {
    return gate.name();
  }

  @Override
  protected String arguments() {
    return "axis " + axis;
  }
}
