package dev.harpia.nn.io.onnx;

import dev.harpia.nn.io.onnx.GraphWriter.Attribute;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** A graph that is being written: which name each tensor has, and short forms for nodes. */
final class ExportGraph {
  private static final int FLOAT = 1;
  private static final int INT32 = 6;
  private static final int BOOL = 9;

  private final GraphWriter out;
  private final Map<Tensor, String> names = new IdentityHashMap<>();
  private final Map<Tensor, String> parameters = new IdentityHashMap<>();
  private final Map<Float, String> scalars = new HashMap<>();

  ExportGraph(GraphWriter out, Map<String, Tensor> parameters) {
    this.out = out;
    parameters.forEach((name, t) -> this.parameters.putIfAbsent(t, name));
  }

  void input(String name, Tensor t) {
    names.put(t, out.name(name));
    out.input(name, t.shape(), t.type());
  }

  /** The name was reserved. */
  void output(String name, Tensor t) {
    out.node("Identity", List.of(of(t)), List.of(name));
    out.output(name, t.shape(), t.type());
  }

  /** The name of a tensor; one that nothing computes is a constant. */
  String of(Tensor t) {
    String known = names.get(t);
    if (known != null) {
      return known;
    }
    if (t.node() != null) {
      throw new UnsupportedCase("it reads the result of an operation that is not written");
    }
    String name = out.constant(parameters.getOrDefault(t, "constant"), t);
    names.put(t, name);
    return name;
  }

  void set(Tensor t, String name) {
    names.put(t, name);
  }

  // ---- nodes

  static Attribute attribute(String name, Object value) {
    return new Attribute(name, value);
  }

  static Attribute i(String name, long value) {
    return new Attribute(name, value);
  }

  static Attribute ints(String name, long... value) {
    return new Attribute(name, value);
  }

  /** A node with one output, whose name is returned. */
  String node(String type, List<String> in, Attribute... attributes) {
    return nodes(type, in, 1, attributes).getFirst();
  }

  /** A node with several outputs. */
  List<String> nodes(String type, List<String> in, int outputs, Attribute... attributes) {
    List<String> names = new ArrayList<>();
    for (int k = 0; k < outputs; k++) {
      names.add(out.name(type.toLowerCase(java.util.Locale.ROOT)));
    }
    out.node(type, in, names, attributes);
    return names;
  }

  String binary(String type, String a, String b) {
    return node(type, List.of(a, b));
  }

  String unary(String type, String a) {
    return node(type, List.of(a));
  }

  String longs(long... v) {
    return out.longs(v);
  }

  String scalar(float v) {
    return scalars.computeIfAbsent(v, x -> out.constant("c", Tensor.scalar(x)));
  }

  String constant(float[] v, int... dims) {
    return out.constant("constant", Tensor.of(v, Shape.of(dims)));
  }

  String constant(int[] v) {
    return out.constant("constant", Tensor.of(v));
  }

  String reshape(String x, int... dims) {
    long[] to = new long[dims.length];
    boolean empty = false;
    for (int k = 0; k < to.length; k++) {
      to[k] = dims[k];
      empty |= dims[k] == 0;
    }
    List<String> in = List.of(x, longs(to));
    return empty ? node("Reshape", in, i("allowzero", 1)) : node("Reshape", in);
  }

  String transpose(String x, long... order) {
    return node("Transpose", List.of(x), ints("perm", order));
  }

  String slice(String x, long axis, long from, long to) {
    return node("Slice", List.of(x, longs(from), longs(to), longs(axis)));
  }

  String toFloat(String x) {
    return node("Cast", List.of(x), i("to", FLOAT));
  }

  String toInt(String x) {
    return node("Cast", List.of(x), i("to", INT32));
  }

  String toBool(String x) {
    return node("Cast", List.of(x), i("to", BOOL));
  }

  /** The elements of a tensor as floats. */
  String floats(Tensor t) {
    return t.type() == DType.F32 ? of(t) : toFloat(of(t));
  }
}
