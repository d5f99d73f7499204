package dev.harpia.bench.peers;

import static dev.harpia.bench.peers.OnnxGraph.attribute;

import java.io.IOException;
import java.util.List;

/** The workloads' models as ONNX graphs. */
final class OnnxModels {
  private OnnxModels() {}

  private static String affine(OnnxGraph g, String x, int in, int out) throws IOException {
    return g.node(
        "Gemm", List.of(x, g.weight(in, out, in), g.weight(in, out)), attribute("transB", 1));
  }

  private static String relu(OnnxGraph g, String x) throws IOException {
    return g.node("Relu", List.of(x));
  }

  private static void softmax(OnnxGraph g, String x, String y) throws IOException {
    g.node("Softmax", List.of(x), List.of(y), attribute("axis", -1));
  }

  static byte[] mlp(int batch) throws IOException {
    OnnxGraph g = new OnnxGraph();
    String x = g.input("x", batch, 784);
    softmax(g, affine(g, relu(g, affine(g, x, 784, 128)), 128, 10), "y");
    g.output("y", batch, 10);
    return g.bytes();
  }

  static byte[] action() throws IOException {
    OnnxGraph g = new OnnxGraph();
    String x = g.input("x", 1, 4);
    String h = relu(g, affine(g, relu(g, affine(g, x, 4, 128)), 128, 128));
    g.node(
        "Gemm",
        List.of(h, g.weight(128, 2, 128), g.weight(128, 2)),
        List.of("y"),
        attribute("transB", 1));
    g.output("y", 1, 2);
    return g.bytes();
  }

  private static String conv(OnnxGraph g, String x, int in, int out, int k, int stride, int padding)
      throws IOException {
    long fan = (long) in * k * k;
    long p = padding;
    return g.node(
        "Conv",
        List.of(x, g.weight(fan, out, in, k, k), g.weight(fan, out)),
        attribute("kernel_shape", new long[] {k, k}),
        attribute("strides", new long[] {stride, stride}),
        attribute("pads", new long[] {p, p, p, p}));
  }

  private static String pool(OnnxGraph g, String x, int k, int stride, int padding)
      throws IOException {
    long p = padding;
    return g.node(
        "MaxPool",
        List.of(x),
        attribute("kernel_shape", new long[] {k, k}),
        attribute("strides", new long[] {stride, stride}),
        attribute("pads", new long[] {p, p, p, p}));
  }

  static byte[] cnn() throws IOException {
    OnnxGraph g = new OnnxGraph();
    String x = g.input("x", 1, 1, 28, 28);
    x = pool(g, relu(g, conv(g, x, 1, 24, 3, 1, 0)), 2, 2, 0);
    x = pool(g, relu(g, conv(g, x, 24, 36, 3, 1, 0)), 2, 2, 0);
    x = g.node("Flatten", List.of(x));
    softmax(g, affine(g, relu(g, affine(g, x, 900, 128)), 128, 10), "y");
    g.output("y", 1, 10);
    return g.bytes();
  }

  static byte[] resNet18() throws IOException {
    OnnxGraph g = new OnnxGraph();
    String x = g.input("x", 1, 3, 224, 224);
    x = pool(g, relu(g, conv(g, x, 3, 64, 7, 2, 3)), 3, 2, 1);
    int in = 64;
    for (int out = 64; out <= 512; out *= 2) {
      for (int i = 0; i < 2; i++) {
        int stride = in == out ? 1 : 2;
        String y = conv(g, relu(g, conv(g, x, in, out, 3, stride, 1)), out, out, 3, 1, 1);
        String skip = stride == 1 ? x : conv(g, x, in, out, 1, 2, 0);
        x = relu(g, g.node("Add", List.of(y, skip)));
        in = out;
      }
    }
    x = g.node("Flatten", List.of(g.node("GlobalAveragePool", List.of(x))));
    g.node(
        "Gemm",
        List.of(x, g.weight(512, 1000, 512), g.weight(512, 1000)),
        List.of("y"),
        attribute("transB", 1));
    g.output("y", 1, 1000);
    return g.bytes();
  }

  /** One step of the character LSTM: x is the token, h and c the state. */
  static byte[] lstmStep() throws IOException {
    OnnxGraph g = new OnnxGraph();
    String token = g.indices("x", 1, 1); // [time, batch]
    String h = g.input("h", 1, 1, 1024);
    String c = g.input("c", 1, 1, 1024);
    String e = g.node("Gather", List.of(g.weight(1, 83, 256), token)); // [1, 1, 256]
    g.node(
        "LSTM",
        List.of(
            e,
            g.weight(1024, 1, 4096, 256),
            g.weight(1024, 1, 4096, 1024),
            g.weight(1024, 1, 8192),
            "",
            h,
            c),
        List.of("", "hn", "cn"),
        attribute("hidden_size", 1024));
    String flat = g.node("Reshape", List.of("hn", g.constant(new long[] {1, 1024}, 2)));
    softmax(g, affine(g, flat, 1024, 83), "y");
    g.output("y", 1, 83);
    g.output("hn", 1, 1, 1024);
    g.output("cn", 1, 1, 1024);
    return g.bytes();
  }

  static byte[] product(int n) throws IOException {
    OnnxGraph g = new OnnxGraph();
    g.node("MatMul", List.of(g.input("x", n, n), g.input("b", n, n)), List.of("y"));
    g.output("y", n, n);
    return g.bytes();
  }

  static byte[] elementwise(String type, int n) throws IOException {
    OnnxGraph g = new OnnxGraph();
    String x = g.input("x", n);
    List<String> in = type.equals("Add") ? List.of(x, g.input("b", n)) : List.of(x);
    g.node(type, in, List.of("y"));
    g.output("y", n);
    return g.bytes();
  }

  static byte[] rows(String type) throws IOException {
    OnnxGraph g = new OnnxGraph();
    String x = g.input("x", 1024, 1024);
    List<String> in =
        type.equals("Softmax") ? List.of(x) : List.of(x, g.ones(1024), g.weight(1024, 1024));
    g.node(type, in, List.of("y"), attribute("axis", -1));
    g.output("y", 1024, 1024);
    return g.bytes();
  }

  static byte[] sum(int n) throws IOException {
    OnnxGraph g = new OnnxGraph();
    g.node("ReduceSum", List.of(g.input("x", n)), List.of("y"), attribute("keepdims", 1));
    g.output("y", 1);
    return g.bytes();
  }
}
