package dev.harpia.nn.plan;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Node;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A traced computation: values, and the steps that compute them in order. What depends on no input
 * is constant.
 */
final class Graph {
  /** A tensor of the computation. */
  static final class Value {
    final Shape shape;
    final DType type;

    /** The traced tensor of an input or constant leaf. */
    final @Nullable Tensor leaf;

    final boolean input;
    @Nullable Step producer;
    boolean constant;

    Value(Shape shape, DType type, @Nullable Tensor leaf, boolean input) {
      this.shape = shape;
      this.type = type;
      this.leaf = leaf;
      this.input = input;
      this.constant = leaf != null && !input;
    }
  }

  /** An operation at its place. */
  static final class Step {
    final Op op;
    final Value[] in;
    final Value[] out;

    Step(Op op, Value[] in, Value[] out) {
      this.op = op;
      this.in = in;
      this.out = out;
      boolean constant = in.length > 0;
      for (Value v : in) {
        constant &= v.constant;
      }
      for (Value v : out) {
        v.producer = this;
        v.constant = constant;
      }
    }

    boolean constant() {
      return out[0].constant;
    }
  }

  final List<Value> inputs;
  final List<Value> outputs;
  List<Step> steps;

  private Graph(List<Value> inputs, List<Value> outputs, List<Step> steps) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.steps = steps;
  }

  /** Reads the history of the outputs of a traced computation. */
  static Graph of(Tensor[] inputs, Tensor[] outputs) {
    Map<Tensor, Value> values = new IdentityHashMap<>();
    List<Value> in = new ArrayList<>();
    for (Tensor t : inputs) {
      Value v = new Value(t.shape(), t.type(), t, true);
      values.put(t, v);
      in.add(v);
    }
    List<Step> steps = new ArrayList<>();
    for (Node n : history(outputs)) {
      Value[] from = new Value[n.inputs().length];
      for (int i = 0; i < from.length; i++) {
        from[i] =
            values.computeIfAbsent(n.inputs()[i], t -> new Value(t.shape(), t.type(), t, false));
      }
      Value[] to = new Value[n.outputs().length];
      for (int i = 0; i < to.length; i++) {
        to[i] = new Value(n.outputs()[i].shape(), n.outputs()[i].type(), null, false);
        values.put(n.outputs()[i], to[i]);
      }
      steps.add(new Step(n.op(), from, to));
    }
    List<Value> out = new ArrayList<>();
    for (Tensor t : outputs) {
      out.add(values.computeIfAbsent(t, x -> new Value(x.shape(), x.type(), x, false)));
    }
    return new Graph(in, out, steps);
  }

  private static List<Node> history(Tensor[] outputs) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<Tensor> todo = new ArrayDeque<>(List.of(outputs));
    while (!todo.isEmpty()) {
      Node n = todo.pop().node();
      if (n != null && seen.add(n)) {
        Collections.addAll(todo, n.inputs());
      }
    }
    List<Node> nodes = new ArrayList<>(seen);
    nodes.sort(Comparator.comparingLong(Node::id));
    return nodes;
  }

  /** How often each value is used, as an operand or as a result of the whole. */
  Map<Value, Integer> uses() {
    Map<Value, Integer> uses = new IdentityHashMap<>();
    for (Step s : steps) {
      for (Value v : s.in) {
        uses.merge(v, 1, Integer::sum);
      }
    }
    for (Value v : outputs) {
      uses.merge(v, 1, Integer::sum);
    }
    return uses;
  }

  /** Drops steps whose results nobody uses. */
  void prune() {
    Set<Value> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
    wanted.addAll(outputs);
    List<Step> kept = new ArrayList<>();
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step s = steps.get(i);
      boolean used = false;
      for (Value v : s.out) {
        used |= wanted.contains(v);
      }
      if (used) {
        Collections.addAll(wanted, s.in);
        kept.add(s);
      }
    }
    Collections.reverse(kept);
    steps = kept;
  }
}
