package dev.harpia.nn.optim;

import dev.harpia.nn.Parameter;
import dev.harpia.simd.Vectors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A parameter with what its optimizer keeps for it. */
final class Slot {
  private static final Tensor[] NONE = {};

  final Parameter parameter;
  final Group group;

  /** How often the parameter was moved; a tensor, so that it goes into checkpoints. */
  private final Tensor steps = Tensor.zeros(Shape.SCALAR, DType.I32).copy();

  /** In the parameter's shape; made before the first step, when all settings are known. */
  Tensor[] state = NONE;

  private @Nullable Tensor sum;
  private boolean summed;

  /** Parameters that share a rate and a weight decay. */
  static final class Group {
    final Schedule rate;
    double decay;

    Group(Schedule rate, double decay) {
      this.rate = rate;
      this.decay = decay;
    }
  }

  Slot(Parameter parameter, Group group) {
    this.parameter = parameter;
    this.group = group;
  }

  Tensor value() {
    return parameter.value();
  }

  Tensor stepsTensor() {
    return steps;
  }

  int steps() {
    return Vectors.getInt(steps.address());
  }

  void count() {
    Vectors.setInt(steps.address(), steps() + 1);
  }

  /** Adds a gradient to those since {@link #takeSum}. */
  void add(Tensor gradient) {
    Tensor mine = sum;
    if (mine == null) {
      mine = gradient.copy();
      sum = mine;
    } else if (summed) {
      Clip.add(mine, gradient);
    } else {
      mine.copyFrom(gradient);
    }
    summed = true;
  }

  /** The sum of the gradients since the last call, or null if there were none. */
  @Nullable Tensor takeSum() {
    Tensor all = summed ? sum : null;
    summed = false;
    return all;
  }
}
