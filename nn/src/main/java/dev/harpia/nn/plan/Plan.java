package dev.harpia.nn.plan;

import dev.harpia.nn.Layer;
import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Slab;
import dev.harpia.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A computation compiled for fixed shapes: traced once, constants folded, weights packed,
 * neighbours fused, every buffer placed ahead of time. Immutable and shared by all threads; each
 * thread of execution takes a {@link Workspace} and runs without allocating on the Java heap.
 *
 * <pre>{@code
 * Plan plan = Plan.compile(model, Shape.of(1, 784));
 * Plan.Workspace w = plan.newWorkspace();
 * w.input().copyFrom(features);
 * w.run();
 * w.output().copyTo(scores);
 * }</pre>
 *
 * <p>A plan is a snapshot: later changes of the layer's parameters do not show until {@link
 * #refresh}.
 */
public final class Plan {
  /** A computation of named tensors from named tensors. */
  @FunctionalInterface
  public interface Computation {
    /** Computes the outputs, in the order in which they are to be listed. */
    Map<String, Tensor> apply(Map<String, Tensor> inputs);
  }

  /** A constant and how it is made anew from the parameters. */
  private record Constant(Tensor value, Runnable refresh) {}

  private static final Tensor NONE = Tensor.zeros(0).copy();

  private final Graph graph;
  private final Placement placement;
  private final List<String> inputNames;
  private final List<String> outputNames;
  private final Map<Value, Constant> constants = new IdentityHashMap<>();
  private final List<Runnable> refreshing = new ArrayList<>();
  private final int rewritten;

  private Plan(List<String> inputNames, List<String> outputNames, Graph graph) {
    this.inputNames = inputNames;
    this.outputNames = outputNames;
    this.graph = graph;
    graph.prune();
    rewritten = Fusion.apply(graph);
    placement = new Placement(graph);
    makeConstants();
  }

  // ---- compiling

  /** A layer in evaluation mode, for an F32 input of this shape. */
  public static Plan compile(Layer layer, Shape input) {
    return compile(layer, input, DType.F32);
  }

  /** A layer in evaluation mode. */
  public static Plan compile(Layer layer, Shape input, DType type) {
    boolean training = layer.training();
    try {
      layer.eval();
      return compile(
          in -> Map.of("y", layer.forward(in.getOrDefault("x", NONE))),
          new Input("x", input, type));
    } finally {
      layer.train(training);
    }
  }

  /** A computation of several inputs and outputs. */
  public static Plan compile(Computation computation, Input... inputs) {
    PlanEvents.Compile event = PlanEvents.compiling();
    try (var _ = Scope.trace()) {
      Map<String, Tensor> in = new LinkedHashMap<>();
      for (Input i : inputs) {
        if (in.put(i.name(), Tensor.placeholder(i.shape(), i.type())) != null) {
          throw new IllegalArgumentException("plan: two inputs are called " + i.name());
        }
      }
      Map<String, Tensor> out = computation.apply(in);
      if (out.isEmpty()) {
        throw new IllegalArgumentException("plan: the computation returned no output");
      }
      Graph graph =
          Graph.of(in.values().toArray(Tensor[]::new), out.values().toArray(Tensor[]::new));
      Plan plan = new Plan(List.copyOf(in.keySet()), List.copyOf(out.keySet()), graph);
      PlanEvents.compiled(event, plan, graph.steps.size(), plan.rewritten, plan.placement.bytes());
      return plan;
    }
  }

  private void makeConstants() {
    for (Step s : graph.steps) {
      if (s.constant()) {
        fold(s);
      } else {
        for (Value v : s.in) {
          keep(v);
        }
      }
    }
    graph.outputs.forEach(this::keep);
  }

  /** Copies a parameter that steps read as it is. */
  private void keep(Value v) {
    if (v.constant && !constants.containsKey(v) && v.leaf != null) {
      Tensor live = v.leaf;
      Tensor copy = live.copy();
      Runnable refresh = () -> copy.copyFrom(live);
      constants.put(v, new Constant(copy, refresh));
      refreshing.add(refresh);
    }
  }

  /** Computes what depends on parameters alone. */
  private void fold(Step s) {
    Tensor[] in = new Tensor[s.in.length];
    for (int i = 0; i < in.length; i++) {
      Constant c = constants.get(s.in[i]);
      Tensor leaf = s.in[i].leaf;
      in[i] = c != null ? c.value : leaf != null ? leaf : missing();
    }
    Tensor[] out = new Tensor[s.out.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Tensor.zeros(s.out[i].shape, s.out[i].type).copy();
    }
    Runnable refresh = () -> evaluate(s.op, in, out);
    refresh.run();
    refreshing.add(refresh);
    for (int i = 0; i < out.length; i++) {
      constants.put(s.out[i], new Constant(out[i], refresh));
    }
  }

  private static void evaluate(Op op, Tensor[] in, Tensor[] out) {
    if (op.view()) {
      out[0].copyFrom(Tensor.applyAll(op, in)[0]);
    } else {
      op.forward(in, out, new Tensor[0]);
    }
  }

  private static Tensor missing() {
    throw new IllegalStateException("plan: a constant is used before it is computed");
  }

  /**
   * Takes over the parameters' present values, in place; no workspace of this plan may be running.
   */
  public void refresh() {
    try (var _ = Scope.inference()) {
      refreshing.forEach(Runnable::run);
    }
  }

  // ---- running

  /** Buffers for one thread of execution. */
  public Workspace newWorkspace() {
    return new Workspace();
  }

  /** At most {@code size} workspaces for any number of threads, which wait for one. */
  public WorkspacePool pool(int size) {
    return pool(size, BackPressure.waiting());
  }

  /** As {@link #pool(int)}; {@code policy} says how long callers wait for a workspace. */
  public WorkspacePool pool(int size, BackPressure policy) {
    return new WorkspacePool(this, size, policy);
  }

  /** The names of the inputs, in order. */
  public List<String> inputs() {
    return inputNames;
  }

  /** The names of the outputs, in order. */
  public List<String> outputs() {
    return outputNames;
  }

  /** Runs the plan on zeros until its kernels are compiled: a second or two, at most 20. */
  public void warmup() {
    warmup(Duration.ofSeconds(20));
  }

  /**
   * Runs the plan on zeros until its kernels are compiled.
   *
   * @return whether they were within {@code most}
   */
  public boolean warmup(Duration most) {
    return Warmup.run(newWorkspace(), most);
  }

  /**
   * Buffers, and the steps bound to them; used by one thread at a time. {@code input().segment()}
   * is the memory itself, to be written without a copy; {@code segment().asByteBuffer()} is a
   * direct buffer over it.
   */
  public final class Workspace {
    private final Slab slab = new Slab(placement.bytes(), "workspaces of plans");
    private final Map<Value, Tensor> tensors = new IdentityHashMap<>();
    private final Tensor[] inputs = new Tensor[graph.inputs.size()];
    private final Tensor[] outputs = new Tensor[graph.outputs.size()];
    private final Runnable[] program;
    private final List<Step> running = new ArrayList<>();

    private Workspace() {
      for (Value v : graph.inputs) {
        place(v);
      }
      List<Runnable> runs = new ArrayList<>();
      try (var _ = Scope.inference()) {
        for (Step s : graph.steps) {
          if (s.constant()) {
            continue;
          }
          if (s.op.view()) {
            tensors.put(s.out[0], Tensor.apply(s.op, of(s.in)));
          } else {
            for (Value v : s.out) {
              place(v);
            }
            runs.add(s.op.bind(of(s.in), of(s.out)));
            running.add(s);
          }
        }
      }
      program = runs.toArray(Runnable[]::new);
      System.arraycopy(of(graph.inputs.toArray(Value[]::new)), 0, inputs, 0, inputs.length);
      System.arraycopy(of(graph.outputs.toArray(Value[]::new)), 0, outputs, 0, outputs.length);
    }

    private void place(Value v) {
      tensors.put(v, slab.tensor(v.shape, v.type, placement.offset(v)));
    }

    private Tensor[] of(Value... values) {
      Tensor[] t = new Tensor[values.length];
      for (int i = 0; i < t.length; i++) {
        Constant c = constants.get(values[i]);
        Tensor own = tensors.get(values[i]);
        t[i] = own != null ? own : c != null ? c.value : missing();
      }
      return t;
    }

    /** How many steps run. */
    int steps() {
      return program.length;
    }

    /** Runs a step. */
    void step(int i) {
      program[i].run();
    }

    /** A step on zeros of its own, and on the plan's constants. */
    Runnable alone(int i) {
      Step s = running.get(i);
      Tensor[] in = of(s.in);
      for (int k = 0; k < in.length; k++) {
        in[k] = s.in[k].constant ? in[k] : Tensor.zeros(s.in[k].shape, s.in[k].type).copy();
      }
      Tensor[] out = new Tensor[s.out.length];
      for (int k = 0; k < out.length; k++) {
        out[k] = Tensor.zeros(s.out[k].shape, s.out[k].type).copy();
      }
      try (var _ = Scope.inference()) {
        return s.op.bind(in, out);
      }
    }

    /** The only input. */
    public Tensor input() {
      return only(inputs, "input");
    }

    /** An input by name. */
    public Tensor input(String name) {
      return named(inputs, inputNames, "input", name);
    }

    /** The only output; valid until the next run. */
    public Tensor output() {
      return only(outputs, "output");
    }

    /** An output by name; valid until the next run. */
    public Tensor output(String name) {
      return named(outputs, outputNames, "output", name);
    }

    private Tensor only(Tensor[] all, String what) {
      if (all.length != 1) {
        throw new IllegalStateException(
            "plan: it has " + all.length + " " + what + "s; name the one you mean");
      }
      return all[0];
    }

    private Tensor named(Tensor[] all, List<String> names, String what, String name) {
      int i = names.indexOf(name);
      if (i < 0) {
        throw new IllegalArgumentException(
            "plan: no " + what + " is called " + name + "; there are " + names);
      }
      return all[i];
    }

    /** Computes the outputs from the inputs. */
    public void run() {
      if (PlanEvents.runs()) {
        PlanEvents.run(program, Plan.this);
        return;
      }
      for (Runnable step : program) {
        step.run();
      }
    }
  }

  // ---- reports

  /**
   * The steps with their shapes, places, floating-point operations and bytes, fused operations
   * joined by {@code +} or {@code _}, and the memory that a workspace takes.
   */
  public String describe() {
    long constantBytes = constants.values().stream().mapToLong(c -> 4 * c.value.size()).sum();
    return PlanReport.describe(graph, placement, rewritten, constantBytes);
  }

  /**
   * How long each step takes, on zeros and one thread of execution: medians over some runs, after
   * as many to warm up. Views take no time and are left out.
   */
  public List<StepTime> profile(int runs) {
    if (runs < 1) {
      throw new IllegalArgumentException("plan: " + runs + " runs to profile; at least 1");
    }
    Workspace w = newWorkspace();
    for (int i = 0; i < runs; i++) {
      w.run();
    }
    return PlanReport.profile(graph, w.program, runs);
  }

  @Override
  public String toString() {
    return "Plan"
        + inputNames
        + " -> "
        + outputNames
        + ", "
        + graph.steps.size()
        + " steps, "
        + placement.bytes()
        + " bytes";
  }
}
