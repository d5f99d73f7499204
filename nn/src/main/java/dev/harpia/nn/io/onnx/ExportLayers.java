package dev.harpia.nn.io.onnx;

import static dev.harpia.nn.io.onnx.ExportGraph.attribute;
import static dev.harpia.nn.io.onnx.ExportGraph.i;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Attention;
import dev.harpia.tensor.op.GroupNorm;
import dev.harpia.tensor.op.LayerNorm;
import dev.harpia.tensor.op.Recurrent;
import dev.harpia.tensor.op.Rotary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operations that take several ONNX nodes: norms, recurrences, attention. */
final class ExportLayers {
  private ExportLayers() {}

  private static String ones(ExportGraph g, int... dims) {
    float[] v = new float[Math.toIntExact(Shape.of(dims).size())];
    Arrays.fill(v, 1);
    return g.constant(v, dims);
  }

  static String layerNorm(ExportGraph g, LayerNorm op, Tensor[] in) {
    Shape s = in[0].shape();
    int axis = s.rank();
    while (axis > 0 && s.size(axis, s.rank()) < op.size()) {
      axis--;
    }
    if (s.size(axis, s.rank()) != op.size()) {
      throw new UnsupportedCase("rows that are no axes of " + s);
    }
    int[] dims = Arrays.copyOfRange(s.dims(), axis, s.rank());
    String x = g.of(in[0]);
    if (op.rms()) {
      long[] axes = new long[dims.length];
      Arrays.setAll(axes, k -> -1 - k);
      String mean =
          g.node("ReduceMean", List.of(g.binary("Mul", x, x)), ExportGraph.ints("axes", axes));
      String root = g.unary("Sqrt", g.binary("Add", mean, g.scalar(op.epsilon())));
      String y = g.binary("Div", x, root);
      return in.length > 1 ? g.binary("Mul", y, shaped(g, in[1], dims)) : y;
    }
    List<String> names = new ArrayList<>(List.of(x));
    names.add(in.length > 1 ? shaped(g, in[1], dims) : ones(g, dims));
    if (in.length > 2) {
      names.add(shaped(g, in[2], dims));
    }
    return g.node("LayerNormalization", names, i("axis", axis), attribute("epsilon", op.epsilon()));
  }

  private static String shaped(ExportGraph g, Tensor t, int... dims) {
    return t.shape().equals(Shape.of(dims)) ? g.of(t) : g.reshape(g.of(t), dims);
  }

  static String groupNorm(ExportGraph g, GroupNorm op, Tensor[] in) {
    Shape s = in[0].shape();
    String rows = g.reshape(g.of(in[0]), s.dim(0), op.groups(), -1);
    String zeros = g.constant(new float[op.groups()], op.groups());
    String norm =
        g.node(
            "InstanceNormalization",
            List.of(rows, ones(g, op.groups()), zeros),
            attribute("epsilon", op.epsilon()));
    String y = g.reshape(norm, s.dims());
    int[] channels = new int[s.rank() - 1];
    Arrays.fill(channels, 1);
    channels[0] = s.dim(1);
    if (in.length > 1) {
      y = g.binary("Mul", y, shaped(g, in[1], channels));
    }
    return in.length > 2 ? g.binary("Add", y, shaped(g, in[2], channels)) : y;
  }

  // ---- recurrences

  static void recurrent(ExportGraph g, Recurrent op, Tensor[] in, Tensor[] out) {
    if (op.projection() > 0) {
      throw new UnsupportedCase("projected states have no form in ONNX");
    }
    boolean lstm = op.cell() == RecurrentCell.LSTM;
    int h = op.hidden();
    int[] order =
        switch (op.cell()) {
          case LSTM -> new int[] {0, 3, 1, 2}; // i f c o to i o f c
          case GRU -> new int[] {1, 0, 2}; // r z n to z r n
          case RNN_TANH, RNN_RELU -> new int[] {0};
        };
    String x = op.batchFirst() ? g.transpose(g.of(in[0]), 1, 0, 2) : g.of(in[0]);
    List<String> names = new ArrayList<>();
    names.add(x);
    names.add(directed(g, gates(g, g.of(in[1]), h, order)));
    names.add(directed(g, gates(g, g.of(in[2]), h, order)));
    int at = 3;
    if (op.bias()) {
      String ih = gates(g, g.of(in[at++]), h, order);
      String hh = gates(g, g.of(in[at++]), h, order);
      names.add(directed(g, g.node("Concat", List.of(ih, hh), i("axis", 0))));
    } else {
      names.add("");
    }
    String h0 = op.state() ? directed(g, g.of(in[at++])) : "";
    String c0 = op.state() && lstm ? directed(g, g.of(in[at++])) : "";
    names.add(op.lengths() ? g.of(in[at]) : "");
    names.add(h0);
    if (lstm) {
      names.add(c0);
    }
    List<GraphWriter.Attribute> a = new ArrayList<>();
    a.add(i("hidden_size", h));
    a.add(attribute("direction", op.reverse() ? "reverse" : "forward"));
    if (op.cell() == RecurrentCell.GRU) {
      a.add(i("linear_before_reset", 1));
    }
    if (op.cell() == RecurrentCell.RNN_RELU) {
      a.add(attribute("activations", List.of("Relu")));
    }
    String type = lstm ? "LSTM" : op.cell() == RecurrentCell.GRU ? "GRU" : "RNN";
    while (names.getLast().isEmpty()) {
      names.removeLast();
    }
    List<String> y = g.nodes(type, names, lstm ? 3 : 2, a.toArray(GraphWriter.Attribute[]::new));
    String steps = g.node("Squeeze", List.of(y.get(0), g.longs(1)));
    g.set(out[0], op.batchFirst() ? g.transpose(steps, 1, 0, 2) : steps);
    for (int k = 1; k < out.length; k++) {
      g.set(out[k], g.node("Squeeze", List.of(y.get(k), g.longs(0))));
    }
  }

  private static String directed(ExportGraph g, String x) {
    return g.node("Unsqueeze", List.of(x, g.longs(0)));
  }

  private static String gates(ExportGraph g, String w, int h, int... order) {
    if (order.length == 1) {
      return w;
    }
    List<String> parts = new ArrayList<>();
    for (int k : order) {
      parts.add(g.slice(w, 0, (long) k * h, (long) (k + 1) * h));
    }
    return g.node("Concat", parts, i("axis", 0));
  }

  // ---- attention

  /** [B, T, H·D] or [B, H, T, D] to [B, H, T, D]. */
  private static String split(ExportGraph g, String x, Shape s, boolean sideBySide, int heads) {
    if (!sideBySide) {
      return x;
    }
    int d = s.dim(2) / heads;
    return g.transpose(g.reshape(x, s.dim(0), s.dim(1), heads, d), 0, 2, 1, 3);
  }

  static void attention(ExportGraph g, Attention op, Tensor[] in, Tensor[] out) {
    Shape qs = in[0].shape();
    Shape ks = in[1].shape();
    int d = op.sideBySide() ? qs.dim(2) / op.heads() : qs.dim(3);
    int tq = qs.dim(-2);
    int tk = ks.dim(-2);
    int batch = qs.dim(0);
    String q = split(g, g.of(in[0]), qs, op.sideBySide(), op.heads());
    String k = repeated(g, op, split(g, g.of(in[1]), ks, op.sideBySide(), op.kvHeads()), ks, d);
    String v = repeated(g, op, split(g, g.of(in[2]), ks, op.sideBySide(), op.kvHeads()), ks, d);
    String scaled = g.binary("Mul", q, g.scalar((float) (1 / Math.sqrt(d))));
    String scores = g.binary("MatMul", scaled, g.transpose(k, 0, 1, 3, 2));
    int at = 3;
    if (op.bias()) {
      scores = g.binary("Add", scores, g.of(in[at++]));
    }
    String hidden = g.scalar(Float.NEGATIVE_INFINITY);
    if (op.blocked()) {
      scores = g.node("Where", List.of(g.toBool(g.of(in[at++])), hidden, scores));
    }
    if (op.padding()) {
      String keys = g.toBool(g.reshape(g.of(in[at]), batch, 1, 1, tk));
      scores = g.node("Where", List.of(keys, hidden, scores));
    }
    if (op.causal()) {
      float[] mask = new float[tq * tk];
      for (int row = 0; row < tq; row++) {
        for (int c = row + tk - tq + 1; c < tk; c++) {
          mask[row * tk + Math.max(0, c)] = Float.NEGATIVE_INFINITY;
        }
      }
      scores = g.binary("Add", scores, g.constant(mask, tq, tk));
    }
    String weights = g.node("Softmax", List.of(scores), i("axis", -1));
    String y = g.binary("MatMul", weights, v);
    if (op.sideBySide()) {
      y = g.reshape(g.transpose(y, 0, 2, 1, 3), batch, tq, op.heads() * d);
    }
    g.set(out[0], y);
    if (out.length > 1) {
      g.set(out[1], weights);
    }
  }

  /** Each head of keys or values for as many heads of queries as share it. */
  private static String repeated(ExportGraph g, Attention op, String x, Shape s, int d) {
    int times = op.heads() / op.kvHeads();
    if (times == 1) {
      return x;
    }
    int t = s.dim(-2);
    String wide = g.reshape(x, s.dim(0), op.kvHeads(), 1, t, d);
    String all = g.node("Expand", List.of(wide, g.longs(s.dim(0), op.kvHeads(), times, t, d)));
    return g.reshape(all, s.dim(0), op.heads(), t, d);
  }

  static String rotary(ExportGraph g, Rotary op, Tensor[] in) {
    Shape s = in[0].shape();
    int heads = op.heads() == 0 ? s.dim(1) : op.heads();
    boolean sideBySide = op.heads() != 0;
    int d = sideBySide ? s.dim(2) / heads : s.dim(3);
    int t = s.dim(-2);
    String x = split(g, g.of(in[0]), s, sideBySide, heads);
    String cos = g.slice(g.of(in[1]), 0, op.position(), op.position() + (long) t);
    String sin = g.slice(g.of(in[2]), 0, op.position(), op.position() + (long) t);
    int pair = op.interleaved() ? 4 : 3;
    if (op.interleaved()) {
      x = g.reshape(x, s.dim(0), heads, t, d / 2, 2);
      cos = g.reshape(cos, t, d / 2, 1);
      sin = g.reshape(sin, t, d / 2, 1);
    }
    int half = op.interleaved() ? 1 : d / 2;
    String a = g.slice(x, pair, 0, half);
    String b = g.slice(x, pair, half, 2L * half);
    String first = g.binary("Sub", g.binary("Mul", a, cos), g.binary("Mul", b, sin));
    String second = g.binary("Add", g.binary("Mul", b, cos), g.binary("Mul", a, sin));
    String y = g.node("Concat", List.of(first, second), i("axis", pair));
    if (op.interleaved()) {
      y = g.reshape(y, s.dim(0), heads, t, d);
    }
    return sideBySide ? g.reshape(g.transpose(y, 0, 2, 1, 3), s.dims()) : y;
  }
}
