package dev.harpia.models.serve;

import dev.harpia.models.cnn.MnistNetworks;
import dev.harpia.models.cnn.ResNet;
import dev.harpia.models.rl.QNetwork;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The weights of a network that the labs train or that is known here. A file of weights does not
 * say what computes with them, but their names and shapes do, for these.
 *
 * @param kind what it is
 * @param item the shape of an item of the input
 */
record SavedNetwork(String kind, Layer layer, Shape item) implements ModelFile {
  private static final String INPUT = "x";

  static SavedNetwork load(Path file) throws IOException {
    Map<String, Tensor> weights = SafeTensors.load(file);
    for (SavedNetwork candidate : candidates(weights)) {
      if (fits(candidate.layer, weights)) {
        SafeTensors.load(file, candidate.layer);
        candidate.layer.eval();
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        file
            + ": its weights are those of none of the networks known here (perceptron, digits MLP"
            + " and CNN, ResNet-20, -32 and -56, value networks of lab cartpole); save other models"
            + " as ONNX");
  }

  private static List<SavedNetwork> candidates(Map<String, Tensor> weights) {
    List<SavedNetwork> all = new ArrayList<>();
    all.add(
        new SavedNetwork(
            "perceptron", new Sequential(new Linear(2, 1), Activation.sigmoid()), Shape.of(2)));
    all.add(new SavedNetwork("digits MLP", MnistNetworks.mlp(), Shape.of(1, 28, 28)));
    all.add(new SavedNetwork("digits CNN", MnistNetworks.cnn(), Shape.of(1, 28, 28)));
    valueNetwork(weights).ifPresent(all::add);
    if (weights.size() > 50) { // these take longer to make
      all.add(new SavedNetwork("ResNet-20", ResNet.resNet20(), Shape.of(3, 32, 32)));
      all.add(new SavedNetwork("ResNet-32", ResNet.resNet32(), Shape.of(3, 32, 32)));
      all.add(new SavedNetwork("ResNet-56", ResNet.resNet56(), Shape.of(3, 32, 32)));
    }
    return all;
  }

  /** A network of values of actions, its sizes taken from the weights. */
  private static Optional<SavedNetwork> valueNetwork(Map<String, Tensor> weights) {
    Tensor first = weights.get("body.0.weight");
    Tensor last = weights.get("actions.weight");
    if (first == null || last == null || first.rank() != 2 || last.rank() != 2) {
      return Optional.empty();
    }
    int observation = first.dim(1);
    QNetwork network =
        new QNetwork(observation, last.dim(0), first.dim(0), weights.containsKey("value.weight"));
    return Optional.of(new SavedNetwork("value network", network, Shape.of(observation)));
  }

  private static boolean fits(Layer layer, Map<String, Tensor> weights) {
    return shapes(layer.state()).equals(shapes(weights));
  }

  /** Without counters of batches, which not every file has. */
  private static Map<String, Shape> shapes(Map<String, Tensor> tensors) {
    return tensors.entrySet().stream()
        .filter(e -> !e.getKey().endsWith(".num_batches_tracked"))
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().shape()));
  }

  @Override
  public List<Port> inputs() {
    List<String> dims = new ArrayList<>(List.of("N"));
    IntStream.of(item.dims()).mapToObj(Integer::toString).forEach(dims::add);
    return List.of(new Port(INPUT, DType.F32, dims));
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
    return Plan.compile(layer, shapes.getOrDefault(INPUT, item.insert(0, 1)));
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
