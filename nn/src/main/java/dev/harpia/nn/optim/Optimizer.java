package dev.harpia.nn.optim;

import dev.harpia.nn.Parameter;
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
 * <pre>{@code
 * Optimizer optimizer =
 *     new AdamW(model.parameters(), Schedule.cosine(3e-4, 100, 5000)).decay(0.1).clipNorm(1);
 * }</pre>
 *
 * <p>Gradient accumulation: {@code accumulate(loss)} as often as wanted, then {@code step()}. The
 * settings of a rule are made before its first step.
 *
 * <p>A rule of one's own extends this class: {@link #stateNames} says what it keeps for each
 * parameter, and {@link #update} moves one parameter with {@link UpdateKernel}s.
 */
public abstract class Optimizer {
  private final List<Slot> slots = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private final List<Tensor> gradients = new ArrayList<>();
  private final List<Slot> moving = new ArrayList<>();
  private final Slot.Group first;
  private final Update update;
  private double clipNorm = Double.POSITIVE_INFINITY;
  private double clipP = 2;
  private double clipValue = Double.POSITIVE_INFINITY;
  private double sign = 1;
  private boolean started;
  private boolean accumulated;
  private long steps;

  /** An optimizer of parameters of one rate, without weight decay. */
  protected Optimizer(List<Parameter> parameters, Schedule rate) {
    first = new Slot.Group(rate, 0);
    add(parameters, first);
    update = new Update(slots.getFirst());
  }

  private void add(List<Parameter> parameters, Slot.Group group) {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "optimizer: no parameters; has the model any, and are they not all frozen?");
    }
    for (Parameter p : parameters) {
      if (values.contains(p.value())) {
        throw new IllegalArgumentException("optimizer: parameter " + p.name() + " is in it twice");
      }
      slots.add(new Slot(p, group));
      values.add(p.value());
    }
  }

  // ---- settings

  /** Adds parameters with a rate and a weight decay of their own. */
  public final Optimizer group(List<Parameter> parameters, Schedule rate, double decay) {
    add(parameters, new Slot.Group(rate, checkedDecay(decay)));
    return this;
  }

  /** The weight decay λ of the parameters that the constructor was given. */
  public final Optimizer decay(double decay) {
    first.decay = checkedDecay(decay);
    return this;
  }

  /** Scales all gradients down together where their Euclidean norm exceeds {@code max}. */
  public final Optimizer clipNorm(double max) {
    return clipNorm(max, 2);
  }

  /** The same with the p-norm, see {@link Clip#norm}. */
  public final Optimizer clipNorm(double max, double p) {
    clipNorm = Clip.positive("clipNorm:", max);
    clipP = Clip.positive("clipNorm: p", p);
    return this;
  }

  /** Limits each element of the gradients to [−max, max], before a limit of the norm. */
  public final Optimizer clipValue(double max) {
    clipValue = Clip.positive("clipValue:", max);
    return this;
  }

  /** Makes the objective large instead of small. */
  public final Optimizer maximize() {
    sign = -1;
    return this;
  }

  private double checkedDecay(double decay) {
    if (!(decay >= 0) || Double.isInfinite(decay)) {
      throw notAtLeastZero("decay", decay);
    }
    return decay;
  }

  /** For settings that must be at least 0. */
  protected final double atLeastZero(String setting, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw notAtLeastZero(setting, value);
    }
    unstarted(setting);
    return value;
  }

  private IllegalArgumentException notAtLeastZero(String setting, double value) {
    return new IllegalArgumentException(
        name() + ": " + setting + " " + value + ": must be a number of at least 0");
  }

  /** For settings that must be at least 0 and below 1. */
  protected final double fraction(String setting, double value) {
    if (!(value < 1)) {
      throw new IllegalArgumentException(
          name() + ": " + setting + " " + value + ": must be at least 0 and below 1");
    }
    return atLeastZero(setting, value);
  }

  /** For settings that must be made before the first step. */
  protected final void unstarted(String setting) {
    if (started) {
      throw new IllegalStateException(
          name() + ": " + setting + " was set after the first step; settings come before it");
    }
  }

  private String name() {
    return getClass().getSimpleName();
  }

  // ---- what rules define

  /** The names of the tensors that are kept for each parameter, in its shape. */
  protected abstract List<String> stateNames();

  /** What a state is filled with before the first step, at which the rate is {@code rate}. */
  protected double initial(int state, double rate) {
    return 0;
  }

  /** Moves one parameter. */
  protected abstract void update(Update u);

  // ---- steps

  /** Steps taken so far. */
  public final long steps() {
    return steps;
  }

  /** The learning rate of the next step. */
  public final double rate() {
    return first.rate.at(steps);
  }

  /** Differentiates the loss and moves the parameters once. */
  public final void step(Tensor loss) {
    if (accumulated) {
      accumulate(loss);
      step();
    } else {
      step(Gradients.of(loss, values));
    }
  }

  /** Moves the parameters once, by gradients with respect to all of them. */
  public final void step(Gradients g) {
    moving.clear();
    gradients.clear();
    for (Slot s : slots) {
      move(s, g.has(s.value()) ? g.wrt(s.value()) : null);
    }
    move();
  }

  /** Differentiates the loss and adds its gradients to those of the calls since the last step. */
  public final void accumulate(Tensor loss) {
    try (var _ = Scope.open("accumulate")) {
      Gradients g = Gradients.of(loss, values);
      for (Slot s : slots) {
        if (g.has(s.value())) {
          s.add(g.wrt(s.value()));
        }
      }
    }
    accumulated = true;
  }

  /** Moves the parameters by the sum of the gradients that were accumulated. */
  public final void step() {
    if (!accumulated) {
      throw new IllegalStateException(
          "optimizer.step(): no gradients; call accumulate(loss) first, or step(loss)");
    }
    for (Slot s : slots) {
      move(s, s.takeSum());
    }
    accumulated = false;
    move();
  }

  /** A parameter that the loss does not depend on stays as it is. */
  private void move(Slot s, @Nullable Tensor gradient) {
    if (gradient != null) {
      moving.add(s);
      gradients.add(gradient);
    }
  }

  private void move() {
    start();
    if (clipValue != Double.POSITIVE_INFINITY) {
      Clip.value(gradients, clipValue);
    }
    double scale = sign;
    if (clipNorm != Double.POSITIVE_INFINITY) {
      scale *= Clip.scale(Clip.total(gradients, clipP), clipNorm);
    }
    for (int i = 0; i < moving.size(); i++) {
      Slot s = moving.get(i);
      s.count();
      update.begin(s, gradients.get(i), s.group.rate.at(steps), scale);
      update(update);
      s.value().changed();
    }
    update.runAll();
    Reference.reachabilityFence(gradients);
    moving.clear();
    gradients.clear();
    steps++;
  }

  /** Makes the states of parameters that have none yet. */
  private void start() {
    started = true;
    List<String> names = stateNames();
    for (Slot s : slots) {
      if (s.state.length < names.size()) {
        Tensor[] state = new Tensor[names.size()];
        for (int i = 0; i < state.length; i++) {
          float fill = (float) initial(i, s.group.rate.at(steps));
          state[i] = s.value().copy();
          state[i].segment().fill((byte) 0);
          if (fill != 0) {
            state[i].copyFrom(Tensor.full(fill, s.value().shape().dims()));
          }
        }
        s.state = state;
      }
    }
  }

  // ---- checkpoints

  /**
   * All state by the names that it has in checkpoints, {@code parameter.state}: the tensors
   * themselves, not copies. To go on from a saved run, fill them and call {@link #resumeAt}. {@code
   * parameter.step} counts the steps that moved a parameter.
   */
  public final Map<String, Tensor> state() {
    start();
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Slot s : slots) {
      String name = s.parameter.name();
      all.put(name + ".step", s.stepsTensor());
      for (int i = 0; i < s.state.length; i++) {
        all.put(name + "." + stateNames().get(i), s.state[i]);
      }
    }
    return all;
  }

  /** Goes on from a number of steps, after the tensors of {@link #state} were filled. */
  public final void resumeAt(long steps) {
    this.steps = steps;
  }
}
