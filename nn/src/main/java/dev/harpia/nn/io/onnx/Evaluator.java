package dev.harpia.nn.io.onnx;

import dev.harpia.nn.io.FormatException;
import dev.harpia.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs a model's nodes in order on values that are being traced. */
final class Evaluator {
  /** What these read inside has marked their results. */
  private static final Set<String> NESTED = Set.of("If", "Loop", "Scan");

  /** Loops inside loops would otherwise take any time that a file asks for. */
  private static final int MOST_NODES = 1_000_000;

  private final Path file;
  private final int opset;
  private final OnnxGraph graph;
  private int evaluated;

  Evaluator(Path file, int opset, OnnxGraph graph) {
    this.file = file;
    this.opset = opset;
    this.graph = graph;
  }

  /**
   * Lists the nodes whose operator is unknown.
   *
   * @param inside whether to look into the graphs inside nodes
   */
  static void unsupported(OnnxGraph g, int opset, boolean inside, List<String> nodes) {
    for (OnnxNode n : g.nodes()) {
      if (Operators.find(n).isEmpty()) {
        nodes.add(n + " (opset " + opset + ")");
      }
      for (OnnxAttribute a : n.attributes().values()) {
        if (inside && a.graph() != null) {
          unsupported(a.graph(), opset, true, nodes);
        }
      }
    }
  }

  /** The outputs by name. */
  Map<String, Tensor> run(Map<String, Value> inputs) {
    Map<String, Value> env = new HashMap<>(inputs);
    Value[] out = run(graph, env);
    Map<String, Tensor> result = new LinkedHashMap<>();
    Set<Tensor> used = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Value v : inputs.values()) {
      used.add(v.tensor());
    }
    for (int i = 0; i < out.length; i++) {
      Tensor t = out[i].tensor();
      if (!used.add(t)) {
        t = copy(t); // each output has memory of its own
      }
      result.put(graph.outputs().get(i).name(), t);
    }
    return result;
  }

  private static Tensor copy(Tensor t) {
    Tensor flat = t.reshape(1, Math.toIntExact(t.size()));
    Tensor twice = Tensor.concat(0, flat, flat);
    return twice.slice(0, 0, 1).reshape(t.shape());
  }

  private Value[] run(OnnxGraph g, Map<String, Value> env) {
    List<String> unknown = new ArrayList<>();
    unsupported(g, opset, false, unknown);
    if (!unknown.isEmpty()) {
      throw new EvaluationException(new UnsupportedNodesException(file, unknown));
    }
    g.initializers()
        .forEach(
            (name, t) -> {
              if (t.type() != OnnxType.OTHER) {
                env.put(name, t.value());
              }
            });
    for (OnnxNode n : g.nodes()) {
      Value[] out = guarded(n, env);
      for (int i = 0; i < Math.min(out.length, n.outputs().size()); i++) {
        env.put(n.outputs().get(i), out[i]);
      }
    }
    Value[] results = new Value[g.outputs().size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = find(g.outputs().get(i).name(), env);
    }
    return results;
  }

  private static Value find(String name, Map<String, Value> env) {
    Value v = env.get(name);
    if (v == null) {
      throw new UnsupportedCase("value \"" + name + "\" is not computed here");
    }
    return v;
  }

  private Value[] guarded(OnnxNode n, Map<String, Value> env) {
    try {
      if (++evaluated > MOST_NODES) {
        throw new UnsupportedCase("loops that come to more than " + MOST_NODES + " nodes");
      }
      return run(n, env);
    } catch (EvaluationException e) {
      throw e;
    } catch (NeedsConstantException e) {
      throw e.getCause() != null
          ? e
          : new NeedsConstantException(file + ": node " + n + ": " + e.getMessage(), e);
    } catch (UnsupportedCase e) {
      throw new EvaluationException(
          new UnsupportedNodesException(
              file, List.of(n + " (opset " + opset + "): " + e.getMessage())));
    } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
      throw new EvaluationException(
          new FormatException(file, n.offset(), "node " + n + ": " + e.getMessage(), e));
    }
  }

  private Value[] run(OnnxNode n, Map<String, Value> env) {
    List<Optional<Value>> in = new ArrayList<>();
    boolean dynamic = false;
    for (String name : n.inputs()) {
      if (name.isEmpty()) {
        in.add(Optional.empty());
      } else {
        Value v = find(name, env);
        dynamic |= v.dynamic();
        in.add(Optional.of(v));
      }
    }
    Call call =
        new Call(
            n,
            opset,
            in,
            (g, bound) -> {
              Map<String, Value> inner = new HashMap<>(env);
              inner.putAll(bound);
              return run(g, inner);
            });
    Operators.Entry entry = Operators.find(n).orElseThrow();
    Value[] out = HostLayout.applies(entry, call) ? HostLayout.run(entry, call) : entry.run(call);
    boolean nested = NESTED.contains(n.operator());
    for (int i = 0; i < out.length && !nested; i++) {
      if (dynamic) {
        out[i].derived();
      } else {
        out[i] = out[i].settled();
      }
    }
    return out;
  }
}
