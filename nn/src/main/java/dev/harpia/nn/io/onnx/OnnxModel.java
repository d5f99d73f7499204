package dev.harpia.nn.io.onnx;

import dev.harpia.nn.plan.Input;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A model from an ONNX file, operator sets 6 to 22; compiled to plans for shapes of its inputs. */
public final class OnnxModel {
  static final int OLDEST_OPSET = 6;
  static final int NEWEST_OPSET = 22;

  private final Path file;
  private final long irVersion;
  private final String producer;
  private final Map<String, Long> opsets;
  private final OnnxGraph graph;

  OnnxModel(Path file, long irVersion, String producer, Map<String, Long> opsets, OnnxGraph graph) {
    this.file = file;
    this.irVersion = irVersion;
    this.producer = producer;
    this.opsets = Map.copyOf(opsets);
    this.graph = graph;
  }

  /**
   * Reads a model. The file is not trusted: what breaks a rule of the format is a {@code
   * FormatException}, and data in other files is read only inside the model's folder.
   */
  public static OnnxModel load(Path file) throws IOException {
    return ModelReader.read(file);
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The version of the file format. */
  public long irVersion() {
    return irVersion;
  }

  /** The program that wrote it; may be empty. */
  public String producer() {
    return producer;
  }

  /** The version of the standard operator set. */
  public int opset() {
    return Math.clamp(opsets.getOrDefault("", 1L), 0, Integer.MAX_VALUE);
  }

  /** The inputs that a caller supplies. */
  public List<OnnxInput> inputs() {
    return graph.free();
  }

  /** The outputs. */
  public List<OnnxInput> outputs() {
    return graph.outputs();
  }

  /** The constants: weights, mostly. */
  public List<OnnxTensor> constants() {
    return List.copyOf(graph.initializers().values());
  }

  /** How often each operator stands in the graph and the graphs inside it. */
  public Map<String, Integer> operators() {
    Map<String, Integer> counts = new TreeMap<>();
    count(graph, counts);
    return counts;
  }

  private static void count(OnnxGraph g, Map<String, Integer> counts) {
    for (OnnxNode n : g.nodes()) {
      counts.merge((n.domain().isEmpty() ? "" : n.domain() + ".") + n.operator(), 1, Integer::sum);
      for (OnnxAttribute a : n.attributes().values()) {
        if (a.graph() != null) {
          count(a.graph(), counts);
        }
      }
    }
  }

  /** The nodes whose operator is unknown here. */
  public List<String> unsupported() {
    List<String> nodes = new ArrayList<>();
    Evaluator.unsupported(graph, opset(), true, nodes);
    return nodes;
  }

  /** A plan for the shapes that the file states; dimensions that it leaves open are 1. */
  public Plan compile() throws IOException {
    return compile(Map.of(), Map.of());
  }

  /**
   * A plan for shapes of inputs.
   *
   * @param shapes the shapes of the inputs; where one is missing, the file's counts
   * @param fixed inputs that become constants of the plan: those that decide shapes or branches
   * @throws UnsupportedNodesException naming all nodes that cannot be run
   * @throws NeedsConstantException where an input must be fixed
   */
  public Plan compile(Map<String, Shape> shapes, Map<String, OnnxTensor> fixed) throws IOException {
    if (opset() < OLDEST_OPSET || opset() > NEWEST_OPSET) {
      throw new UnsupportedNodesException(
          file,
          List.of(
              "operator set %d; %d to %d are supported"
                  .formatted(opset(), OLDEST_OPSET, NEWEST_OPSET)));
    }
    List<Input> inputs = new ArrayList<>();
    for (OnnxInput i : inputs()) {
      if (!fixed.containsKey(i.name())) {
        if (i.type() == OnnxType.OTHER) {
          throw new UnsupportedNodesException(
              file, List.of("input \"" + i.name() + "\": it is no tensor of numbers"));
        }
        Shape shape = shapes.getOrDefault(i.name(), Shape.of(i.sizes()));
        inputs.add(new Input(i.name(), shape, i.type().inside()));
      }
    }
    Evaluator e = new Evaluator(file, opset(), graph);
    try {
      return Plan.compile(in -> e.run(values(in, fixed)), inputs.toArray(Input[]::new));
    } catch (EvaluationException x) {
      throw x.unwrap();
    }
  }

  private Map<String, Value> values(Map<String, Tensor> in, Map<String, OnnxTensor> fixed) {
    Map<String, Value> values = new LinkedHashMap<>();
    for (OnnxInput i : inputs()) {
      OnnxTensor constant = fixed.get(i.name());
      Tensor t = in.get(i.name());
      if (constant != null) {
        values.put(i.name(), constant.value());
      } else if (t != null) {
        Value v = Value.of(t, i.type());
        v.derived();
        values.put(i.name(), v);
      }
    }
    return values;
  }

  @Override
  public String toString() {
    return file.getFileName() + ": " + graph.nodes().size() + " nodes, opset " + opset();
  }
}
