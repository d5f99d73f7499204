package dev.harpia.models.serve;

import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.GptFile;
import dev.harpia.nn.Layer;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The weights of a network that is known here.
 *
 * @param kind what it is
 * @param item the shape of an item of the input
 * @param type of the input; whole numbers are tokens
 */
record SavedNetwork(String kind, Layer layer, Shape item, DType type) implements ModelFile {
  private static final String INPUT = "x";

  static SavedNetwork load(Path file) throws IOException {
    if (GptFile.isOne(file)) {
      Gpt gpt = GptFile.load(file).model();
      return new SavedNetwork("GPT", gpt, Shape.of(gpt.config().context()), DType.I32);
    }
    Map<String, Shape> weights = new HashMap<>();
    SafeTensors.kinds(file).forEach((name, kind) -> weights.put(name, kind.shape()));
    weights.keySet().removeIf(SavedNetwork::counts);
    SavedNetwork network =
        KnownNetworks.find(weights)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        file
                            + ": its weights are those of none of the networks known here ("
                            + KnownNetworks.NAMES
                            + "); write another one as ONNX where it is made:"
                            + " OnnxExport.save(layer, Shape.of(…), path), or torch.onnx.export"));
    SafeTensors.load(file, network.layer);
    network.layer.eval();
    return network;
  }

  /** Counters of batches, which not every file has. */
  private static boolean counts(String name) {
    return name.endsWith(".num_batches_tracked");
  }

  static Map<String, Shape> shapes(Layer layer) {
    Map<String, Shape> shapes = new HashMap<>();
    layer.state().forEach((name, t) -> shapes.put(name, t.shape()));
    shapes.keySet().removeIf(SavedNetwork::counts);
    return shapes;
  }

  @Override
  public List<Port> inputs() {
    List<String> dims = new ArrayList<>(List.of("N"));
    if (type == DType.I32) {
      dims.add("T");
    } else {
      IntStream.of(item.dims()).mapToObj(Integer::toString).forEach(dims::add);
    }
    return List.of(new Port(INPUT, type, dims));
  }

  @Override
  public Plan compile(Map<String, Shape> shapes, Map<String, Tensor> fixed) {
    if (!fixed.isEmpty()) {
      throw new IllegalArgumentException("its only input, x, cannot be fixed: nothing would vary");
    }
    for (String name : shapes.keySet()) {
      if (!name.equals(INPUT)) {
        throw new IllegalArgumentException("no input is called " + name + "; there is x");
      }
    }
    return Plan.compile(layer, shapes.getOrDefault(INPUT, item.insert(0, 1)), type);
  }

  @Override
  public Compiled compileFor(Map<String, Tensor> inputs) {
    Tensor x = inputs.get(INPUT);
    return new Compiled(
        compile(x == null ? Map.of() : Map.of(INPUT, x.shape()), Map.of()), List.of());
  }

  @Override
  public String toString() {
    return kind + ", " + layer.parameterCount() + " parameters";
  }
}
