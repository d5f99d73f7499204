package dev.harpia.bench.peers;

import static dev.harpia.bench.peers.OnnxGraph.attribute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** GPT-mini as ONNX graphs: a whole sequence, and one token with caches. */
final class OnnxGpt {
  static final int LAYERS = 6;
  static final int HEADS = 6;
  static final int WIDTH = 384;
  static final int VOCABULARY = 65;
  static final int LENGTH = 256;
  private static final int D = WIDTH / HEADS;

  private final OnnxGraph g = new OnnxGraph();
  private final int steps;
  private final String tokens;
  private final String heads;
  private final String joined;
  private final String scale;

  private OnnxGpt(int steps) throws IOException {
    this.steps = steps;
    tokens = g.weight(WIDTH, VOCABULARY, WIDTH);
    heads = g.constant(new long[] {1, steps, HEADS, D}, 4);
    joined = g.constant(new long[] {1, steps, WIDTH}, 3);
    scale = g.constant(new float[] {(float) (1 / Math.sqrt(D))}, 1);
  }

  private String norm(String x) throws IOException {
    return g.node("LayerNormalization", List.of(x, g.ones(WIDTH)), attribute("axis", -1));
  }

  private String linear(String x, int in, int out) throws IOException {
    return g.node("MatMul", List.of(x, g.weight(in, in, out)));
  }

  /** [1, T, 384] to [1, H, T, D], or with keys transposed to [1, H, D, T]. */
  private String split(String x, boolean transposed) throws IOException {
    long[] order = transposed ? new long[] {0, 2, 3, 1} : new long[] {0, 2, 1, 3};
    return g.node(
        "Transpose", List.of(g.node("Reshape", List.of(x, heads))), attribute("perm", order));
  }

  private String attend(String q, String keys, String values, String mask) throws IOException {
    String scores = g.node("Mul", List.of(g.node("MatMul", List.of(q, keys)), scale));
    String p = g.node("Softmax", List.of(g.node("Add", List.of(scores, mask))), axis());
    String y =
        g.node(
            "Transpose",
            List.of(g.node("MatMul", List.of(p, values))),
            attribute("perm", new long[] {0, 2, 1, 3}));
    return g.node("Reshape", List.of(y, joined));
  }

  private static OnnxGraph.Attribute axis() {
    return attribute("axis", -1);
  }

  private List<String> qkv(String x) throws IOException {
    List<String> parts = List.of(x + "q", x + "k", x + "v");
    g.node(
        "Split",
        List.of(linear(norm(x), WIDTH, 3 * WIDTH)),
        parts,
        axis(),
        attribute("num_outputs", 3));
    return parts;
  }

  private String rest(String x, String y) throws IOException {
    x = g.node("Add", List.of(x, linear(y, WIDTH, WIDTH)));
    String h = g.node("Gelu", List.of(linear(norm(x), WIDTH, 4 * WIDTH)));
    return g.node("Add", List.of(x, linear(h, 4 * WIDTH, WIDTH)));
  }

  private byte[] head(String x) throws IOException {
    String w = g.node("Transpose", List.of(tokens), attribute("perm", new long[] {1, 0}));
    g.node("MatMul", List.of(norm(x), w), List.of("y"));
    g.output("y", 1, steps, VOCABULARY);
    return g.bytes();
  }

  static byte[] sequence() throws IOException {
    OnnxGpt m = new OnnxGpt(LENGTH);
    OnnxGraph g = m.g;
    float[] future = new float[LENGTH * LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      for (int j = i + 1; j < LENGTH; j++) {
        future[i * LENGTH + j] = -1e9f;
      }
    }
    String mask = g.constant(future, LENGTH, LENGTH);
    String index = g.indices("x", 1, LENGTH);
    String x =
        g.node(
            "Add",
            List.of(g.node("Gather", List.of(m.tokens, index)), g.weight(WIDTH, LENGTH, WIDTH)));
    for (int i = 0; i < LAYERS; i++) {
      List<String> p = m.qkv(x);
      String y =
          m.attend(
              m.split(p.get(0), false), m.split(p.get(1), true), m.split(p.get(2), false), mask);
      x = m.rest(x, y);
    }
    return m.head(x);
  }

  /**
   * One token: inputs x [1, 1] and position [1], caches k and v [1, 6, 256, 64] of each layer,
   * which the graph gives back with this token's rows in place, so that both names can share
   * memory; mask [256] blocks what is not filled.
   */
  static byte[] step() throws IOException {
    OnnxGpt m = new OnnxGpt(1);
    OnnxGraph g = m.g;
    String index = g.indices("x", 1, 1);
    String position = g.indices("position", 1);
    String mask = g.input("mask", LENGTH);
    String rows = g.indices("rows", 1, HEADS, 1, D);
    String at = g.node("Gather", List.of(g.weight(WIDTH, LENGTH, WIDTH), position));
    String x = g.node("Add", List.of(g.node("Gather", List.of(m.tokens, index)), at));
    List<String> caches = new ArrayList<>();
    for (int i = 0; i < LAYERS; i++) {
      List<String> p = m.qkv(x);
      String k = cache(g, "k" + i, m.split(p.get(1), false), rows);
      String v = cache(g, "v" + i, m.split(p.get(2), false), rows);
      caches.addAll(List.of(k, v));
      String keys = g.node("Transpose", List.of(k), attribute("perm", new long[] {0, 1, 3, 2}));
      x = m.rest(x, m.attend(m.split(p.get(0), false), keys, v, mask));
    }
    byte[] bytes = m.head(x);
    return bytes;
  }

  private static String cache(OnnxGraph g, String name, String row, String rows)
      throws IOException {
    String old = g.input(name, 1, HEADS, LENGTH, D);
    String updated = name + "new";
    g.node("ScatterElements", List.of(old, rows, row), List.of(updated), attribute("axis", 2));
    g.output(updated, 1, HEADS, LENGTH, D);
    return updated;
  }
}
