package dev.harpia.nn.optim;

import dev.harpia.nn.Parameter;
import dev.harpia.simd.Elementwise;
import dev.harpia.simd.Kernel;
import dev.harpia.simd.Reductions;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes losses small by changing its own parameters. {@code step(loss)} differentiates with respect
 * to them and moves them once; there is nothing to reset between steps, and nothing to declare
 * about parameters that other optimizers own.
 *
 * <p>Gradient accumulation: {@code accumulate(loss)} as often as wanted, then {@code step()}.
 */
public abstract class Optimizer {
  private final List<Slot> slots = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private final String[] stateNames;
  private final Schedule schedule;
  private float clipNorm = Float.POSITIVE_INFINITY;
  private float clipValue = Float.POSITIVE_INFINITY;
  private boolean accumulated;
  private long steps;

  /** A parameter with what the optimizer keeps for it. */
  protected static final class Slot {
    final Parameter parameter;
    final Schedule schedule;
    final float decay;
    final Tensor[] state;
    private @Nullable Tensor sum;

    Slot(Parameter parameter, Schedule schedule, float decay, int states) {
      this.parameter = parameter;
      this.schedule = schedule;
      this.decay = decay;
      this.state = new Tensor[states];
      for (int i = 0; i < states; i++) {
        state[i] = Tensor.zeros(parameter.value().shape()).copy();
      }
    }
  }

  /**
   * An optimizer that keeps tensors of these names, in the shape of each parameter and zero at
   * first.
   */
  protected Optimizer(
      List<Parameter> parameters, Schedule schedule, float decay, String... stateNames) {
    this.schedule = schedule;
    this.stateNames = stateNames.clone();
    add(parameters, schedule, decay);
  }

  /** Adds parameters with a rate and a weight decay of their own. */
  public final Optimizer group(List<Parameter> parameters, Schedule rate, float decay) {
    add(parameters, rate, decay);
    return this;
  }

  private void add(List<Parameter> parameters, Schedule rate, float decay) {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "optimizer: no parameters; has the model any, and are they not all frozen?");
    }
    if (!(decay >= 0)) {
      throw new IllegalArgumentException(
          "optimizer: weight decay " + decay + " must be at least 0");
    }
    for (Parameter p : parameters) {
      if (values.contains(p.value())) {
        throw new IllegalArgumentException("optimizer: parameter " + p.name() + " is in it twice");
      }
      slots.add(new Slot(p, rate, decay, stateNames.length));
      values.add(p.value());
    }
  }

  /** Scales all gradients down together where their Euclidean norm exceeds {@code max}. */
  public final Optimizer clipNorm(float max) {
    clipNorm = positive("clipNorm", max);
    return this;
  }

  /** Limits each element of the gradients to [−max, max]. */
  public final Optimizer clipValue(float max) {
    clipValue = positive("clipValue", max);
    return this;
  }

  private static float positive(String what, float v) {
    if (!(v > 0)) {
      throw new IllegalArgumentException(what + ": " + v + " must be positive");
    }
    return v;
  }

  /** Steps taken so far. */
  public final long steps() {
    return steps;
  }

  /** The learning rate of the next step. */
  public final double rate() {
    return schedule.at(steps);
  }

  /** Differentiates the loss and moves the parameters once. */
  public final void step(Tensor loss) {
    if (accumulated) {
      accumulate(loss);
      step();
      return;
    }
    Gradients g = Gradients.of(loss, values);
    Tensor[] gradients = new Tensor[values.size()];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = g.has(values.get(i)) ? g.wrt(values.get(i)) : NONE;
    }
    update(gradients);
  }

  /** Differentiates the loss and adds its gradients to those of the calls since the last step. */
  public final void accumulate(Tensor loss) {
    try (var _ = Scope.open("accumulate")) {
      Gradients g = Gradients.of(loss, values);
      for (int i = 0; i < slots.size(); i++) {
        if (!g.has(values.get(i))) {
          continue;
        }
        Tensor d = g.wrt(values.get(i));
        Slot s = slots.get(i);
        if (s.sum == null) {
          s.sum = d.copy();
        } else {
          Elementwise.unary(
              UpdateKernels.COPY.accumulating(), s.sum.address(), d.address(), d.size(), true);
        }
      }
    }
    accumulated = true;
  }

  /** Moves the parameters by the gradients that were accumulated. */
  public final void step() {
    if (!accumulated) {
      throw new IllegalStateException(
          "optimizer.step(): no gradients; call accumulate(loss) first, or step(loss)");
    }
    Tensor[] gradients = new Tensor[slots.size()];
    for (int i = 0; i < gradients.length; i++) {
      Tensor sum = slots.get(i).sum;
      gradients[i] = sum == null ? NONE : sum;
    }
    update(gradients);
    slots.forEach(s -> s.sum = null);
    accumulated = false;
  }

  /** Stands for the gradient of a parameter that the loss does not depend on. */
  private static final Tensor NONE = Tensor.zeros(0).copy();

  private void update(Tensor[] gradients) {
    float scale = clipNorm == Float.POSITIVE_INFINITY ? 1 : normScale(gradients);
    for (int i = 0; i < gradients.length; i++) {
      Tensor g = gradients[i];
      Slot s = slots.get(i);
      if (g == NONE) {
        continue;
      }
      if (clipValue != Float.POSITIVE_INFINITY) {
        UpdateKernels.clamp(g, clipValue);
      }
      update(s, g, scale, s.schedule.at(steps), steps + 1);
      s.parameter.value().changed();
    }
    steps++;
  }

  /** As PyTorch: max / (norm + 1e-6), where that is below 1. */
  private float normScale(Tensor[] gradients) {
    double squares = 0;
    try (var _ = Scope.open("norm")) {
      Tensor one = Tensor.zeros();
      for (Tensor g : gradients) {
        if (g.size() > 0) {
          Reductions.sumOfSquares(one.address(), g.address(), 1, g.size(), 1, 1, false);
          squares += one.item();
        }
      }
    }
    return (float) Math.min(1, clipNorm / (Math.sqrt(squares) + 1e-6));
  }

  /**
   * Moves one parameter.
   *
   * @param g its gradient, to be multiplied by {@code scale}
   * @param rate the learning rate of this step
   * @param t the number of this step, from 1
   */
  abstract void update(Slot s, Tensor g, float scale, double rate, long t);

  /**
   * Runs an update kernel: outputs are the parameter and its states, inputs the parameter, the
   * gradient and the states.
   */
  static void run(
      Kernel k,
      Slot s,
      Tensor g,
      float p0,
      float p1,
      float p2,
      float p3,
      float p4,
      float p5,
      float p6,
      float p7) {
    Tensor p = s.parameter.value();
    int states = k.outputs() - 1;
    long[] a = new long[Kernel.ADDRESSES];
    a[0] = p.address();
    a[1 + states] = p.address();
    a[2 + states] = g.address();
    for (int i = 0; i < states; i++) {
      a[1 + i] = s.state[i].address();
      a[3 + states + i] = s.state[i].address();
    }
    boolean padded = p.writablePadding() && g.readablePadding();
    Elementwise.run(
        k, p.size(), padded, 0, 0, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], p0, p1, p2, p3,
        p4, p5, p6, p7);
    Reference.reachabilityFence(g);
    Reference.reachabilityFence(s);
  }

  // ---- checkpoints

  /**
   * All state by the names that it has in checkpoints, {@code parameter.state}: the tensors
   * themselves, not copies.
   */
  public final Map<String, Tensor> state() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Slot s : slots) {
      for (int i = 0; i < stateNames.length; i++) {
        all.put(s.parameter.name() + "." + stateNames[i], s.state[i]);
      }
    }
    return all;
  }

  /** Goes on from a number of steps, after the tensors of {@link #state} were filled. */
  public final void resumeAt(long steps) {
    this.steps = steps;
  }
}
