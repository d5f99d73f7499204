package dev.harpia.nn.io.onnx;

import dev.harpia.nn.Layer;
import dev.harpia.nn.io.AtomicFile;
import dev.harpia.nn.plan.Input;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Node;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes models as ONNX files of operator set 17. A model is traced once, in evaluation mode, as
 * plans are: what is written are its operations and its parameters under their names.
 *
 * <p>Shapes are those of the trace: a file serves one batch size. Integers are INT32.
 */
public final class OnnxExport {
  private static final int OPSET = 17;

  private OnnxExport() {}

  /**
   * Writes a layer with one F32 input {@code x} and one output {@code y}.
   *
   * @throws UnsupportedNodesException naming all operations that have no ONNX form
   */
  public static void save(Layer model, Shape input, Path file) throws IOException {
    save(model, input, DType.F32, file);
  }

  /** Writes a layer with one input {@code x} of a type and one output {@code y}. */
  public static void save(Layer model, Shape input, DType type, Path file) throws IOException {
    boolean training = model.training();
    Input x = new Input("x", input, type);
    Plan.Computation forward =
        in -> {
          Tensor t = in.get("x");
          if (t == null) {
            throw new IllegalStateException("onnx: the input is gone");
          }
          return Map.of("y", model.forward(t));
        };
    try {
      model.eval();
      save(forward, model.state(), file, x);
    } finally {
      model.train(training);
    }
  }

  /**
   * Writes a computation of several inputs and outputs.
   *
   * @param names names for the constants in the file; others are numbered
   */
  public static void save(
      Plan.Computation computation, Map<String, Tensor> names, Path file, Input... inputs)
      throws IOException {
    GraphWriter writer = new GraphWriter();
    try (var _ = Scope.trace()) {
      Map<String, Tensor> in = new LinkedHashMap<>();
      for (Input i : inputs) {
        in.put(i.name(), Tensor.placeholder(i.shape(), i.type()));
      }
      write(writer, computation.apply(in), in, names, file);
    }
    AtomicFile.write(file, out -> writer.writeTo(Channels.newOutputStream(out), OPSET));
  }

  private static void write(
      GraphWriter writer,
      Map<String, Tensor> out,
      Map<String, Tensor> in,
      Map<String, Tensor> names,
      Path file)
      throws IOException {
    ExportGraph g = new ExportGraph(writer, names);
    in.forEach(g::input);
    out.keySet().forEach(writer::name); // reserved
    List<String> unsupported = new ArrayList<>();
    for (Node n : history(out)) {
      try {
        ExportOps.write(g, n);
      } catch (UnsupportedCase e) {
        unsupported.add(n.op().name() + ": " + e.getMessage());
      }
    }
    if (!unsupported.isEmpty()) {
      throw new UnsupportedNodesException(file, unsupported);
    }
    out.forEach(g::output);
  }

  private static List<Node> history(Map<String, Tensor> outputs) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<Tensor> todo = new ArrayDeque<>(outputs.values());
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
}
