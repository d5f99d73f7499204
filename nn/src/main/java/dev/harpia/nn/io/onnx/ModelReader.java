package dev.harpia.nn.io.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a model file. */
final class ModelReader {
  private final Fields in;
  private final ExternalData external;
  private final Map<String, Long> opsets = new LinkedHashMap<>();
  private long irVersion;
  private String producer = "";
  private @Nullable OnnxGraph graph;

  private ModelReader(Path file) throws IOException {
    in = Fields.of(file);
    external = ExternalData.besides(file);
  }

  static OnnxModel read(Path file) throws IOException {
    ModelReader r = new ModelReader(file);
    r.in.message(r::field);
    OnnxGraph graph = r.graph;
    if (graph == null) {
      throw r.in.fault("expected a model with a graph");
    }
    GraphCheck.check(file, graph);
    return new OnnxModel(file, r.irVersion, r.producer, r.opsets, graph);
  }

  private void field(int number) throws IOException {
    switch (number) {
      case 1 -> irVersion = in.integer();
      case 2 -> producer = in.text();
      case 7 -> {
        if (graph != null) {
          throw in.fault("expected one graph, found two");
        }
        graph = graph();
      }
      case 8 -> opset();
      case 25 -> throw in.fault("expected no functions of the model's own");
      default -> in.skip();
    }
  }

  private void opset() throws IOException {
    String[] domain = {""};
    long[] version = {0};
    in.nested(
        n -> {
          switch (n) {
            case 1 -> domain[0] = in.text();
            case 2 -> version[0] = in.integer();
            default -> in.skip();
          }
        });
    opsets.put(domain[0].equals("ai.onnx") ? "" : domain[0], version[0]);
  }

  private OnnxGraph graph() throws IOException {
    String[] name = {""};
    List<OnnxNode> nodes = new ArrayList<>();
    Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
    List<OnnxInput> inputs = new ArrayList<>();
    List<OnnxInput> outputs = new ArrayList<>();
    in.nested(
        n -> {
          switch (n) {
            case 1 -> nodes.add(node());
            case 2 -> name[0] = in.text();
            case 5 -> {
              OnnxTensor t = new TensorReader(in, external).readNested();
              if (t.name().isEmpty() || initializers.put(t.name(), t) != null) {
                throw in.fault("expected initializers with names of their own: " + t.name());
              }
            }
            case 11 -> inputs.add(new ValueReader(in).read());
            case 12 -> outputs.add(new ValueReader(in).read());
            case 15 -> throw in.fault("expected no sparse initializers");
            default -> in.skip();
          }
        });
    return new OnnxGraph(name[0], nodes, initializers, inputs, outputs);
  }

  private OnnxNode node() throws IOException {
    String[] texts = {"", "", ""};
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
    in.nested(
        n -> {
          switch (n) {
            case 1 -> inputs.add(in.text());
            case 2 -> outputs.add(in.text());
            case 3 -> texts[0] = in.text();
            case 4 -> texts[1] = in.text();
            case 5 -> {
              OnnxAttribute a = attribute();
              if (attributes.put(a.name(), a) != null) {
                throw in.fault("expected each attribute once, found " + a.name() + " twice");
              }
            }
            case 7 -> texts[2] = in.text();
            default -> in.skip();
          }
        });
    return new OnnxNode(texts[1], texts[2], texts[0], inputs, outputs, attributes, in.offset());
  }

  private OnnxAttribute attribute() throws IOException {
    AttributeFields a = new AttributeFields();
    in.nested(
        n -> {
          switch (n) {
            case 1 -> a.name = in.text();
            case 2 -> a.f = in.number();
            case 3 -> a.i = in.integer();
            case 4 -> a.s = in.text();
            case 5 -> a.tensor = new TensorReader(in, external).readNested();
            case 6 -> a.graph = graph();
            case 7 -> in.fixed(a.floats, false);
            case 8 -> in.integers(a.ints);
            case 9 -> a.strings.add(in.text());
            case 21 -> throw in.fault("expected no reference to a function's attribute");
            default -> in.skip();
          }
        });
    return new OnnxAttribute(
        a.name, a.f, a.i, a.s, a.tensor, a.graph, a.floats.toFloats(), a.ints.toArray(), a.strings);
  }

  /** What is known of an attribute so far. */
  private static final class AttributeFields {
    private final Numbers floats = new Numbers();
    private final Numbers ints = new Numbers();
    private final List<String> strings = new ArrayList<>();
    private String name = "";
    private float f;
    private long i;
    private String s = "";
    private @Nullable OnnxTensor tensor;
    private @Nullable OnnxGraph graph;
  }
}
