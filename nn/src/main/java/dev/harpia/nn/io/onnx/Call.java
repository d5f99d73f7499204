package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node with the values of its inputs. */
final class Call {
  /** Runs a graph inside a node. */
  @FunctionalInterface
  interface Branch {
    Value[] run(OnnxGraph graph, Map<String, Value> inputs);
  }

  private final OnnxNode node;
  private final int opset;
  private final List<Optional<Value>> in;
  private final Branch branch;

  Call(OnnxNode node, int opset, List<Optional<Value>> in, Branch branch) {
    this.node = node;
    this.opset = opset;
    this.in = in;
    this.branch = branch;
  }

  Call with(List<Optional<Value>> inputs) {
    return new Call(node, opset, inputs, branch);
  }

  OnnxNode node() {
    return node;
  }

  int opset() {
    return opset;
  }

  List<Optional<Value>> in() {
    return in;
  }

  int outputs() {
    return node.outputs().size();
  }

  boolean wants(int output) {
    return output < outputs() && !node.outputs().get(output).isEmpty();
  }

  /** Runs a graph inside the node, which also sees all values around it. */
  Value[] run(OnnxGraph graph, Map<String, Value> inputs) {
    return branch.run(graph, inputs);
  }

  // ---- inputs

  boolean has(int i) {
    return i < in.size() && in.get(i).isPresent();
  }

  Value value(int i) {
    if (!has(i)) {
      throw new IllegalArgumentException("expected an input " + i + "; it is left out");
    }
    return in.get(i).orElseThrow();
  }

  Tensor tensor(int i) {
    return value(i).tensor();
  }

  /** An input as floats. */
  Tensor x(int i) {
    return value(i).floats();
  }

  Shape shape(int i) {
    return value(i).shape();
  }

  int rank(int i) {
    return shape(i).rank();
  }

  // ---- attributes

  private @Nullable OnnxAttribute find(String name) {
    return node.attributes().get(name);
  }

  boolean set(String name) {
    return find(name) != null;
  }

  long integer(String name, long otherwise) {
    OnnxAttribute a = find(name);
    return a == null ? otherwise : a.i();
  }

  int small(String name, int otherwise) {
    return Math.toIntExact(integer(name, otherwise));
  }

  boolean flag(String name, boolean otherwise) {
    return integer(name, otherwise ? 1 : 0) != 0;
  }

  float number(String name, float otherwise) {
    OnnxAttribute a = find(name);
    return a == null ? otherwise : a.f();
  }

  String text(String name, String otherwise) {
    OnnxAttribute a = find(name);
    return a == null ? otherwise : a.s();
  }

  List<String> texts(String name) {
    OnnxAttribute a = find(name);
    return a == null ? List.of() : a.strings();
  }

  long[] integers(String name, long... otherwise) {
    OnnxAttribute a = find(name);
    return a == null ? otherwise : a.ints();
  }

  float[] numbers(String name) {
    OnnxAttribute a = find(name);
    return a == null ? new float[0] : a.floats();
  }

  Optional<OnnxTensor> constant(String name) {
    OnnxAttribute a = find(name);
    return a == null ? Optional.empty() : Optional.ofNullable(a.tensor());
  }

  OnnxGraph graph(String name) {
    OnnxAttribute a = find(name);
    OnnxGraph g = a == null ? null : a.graph();
    if (g == null) {
      throw new IllegalArgumentException("expected a graph \"" + name + "\"");
    }
    return g;
  }

  /** Numbers that stand in an input in newer operator sets, in an attribute in older ones. */
  Optional<long[]> integersOf(int input, String attribute) {
    if (has(input)) {
      return Optional.of(value(input).longs());
    }
    return set(attribute) ? Optional.of(integers(attribute)) : Optional.empty();
  }

  // ---- axes

  static int axis(long axis, int rank) {
    long a = axis < 0 ? axis + rank : axis;
    if (a < 0 || a >= rank) {
      throw new IllegalArgumentException("axis " + axis + " of a tensor of rank " + rank);
    }
    return (int) a;
  }

  static int[] ints(long[] v) {
    int[] i = new int[v.length];
    for (int k = 0; k < v.length; k++) {
      i[k] = Math.toIntExact(v[k]);
    }
    return i;
  }

  /** Guards against results far larger than what they come from. */
  static Shape bounded(long... dims) {
    long n = 1;
    for (long d : dims) {
      if (d < 0 || d > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a dimension of " + d);
      }
      n = n * Math.max(1, d);
      if (n > MOST_ELEMENTS) {
        throw new IllegalArgumentException("a value of more than " + MOST_ELEMENTS + " elements");
      }
    }
    return Shape.of(ints(dims));
  }

  private static final long MOST_ELEMENTS = 1L << 28;

  RuntimeException unsupported(String what) {
    return new UnsupportedCase(what);
  }
}
