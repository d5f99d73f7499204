package dev.harpia.models.serve;

import dev.harpia.models.cnn.LeNet;
import dev.harpia.models.cnn.MnistNetworks;
import dev.harpia.models.cnn.MobileNet;
import dev.harpia.models.cnn.ResNet;
import dev.harpia.models.cnn.UNet;
import dev.harpia.models.cnn.Vgg;
import dev.harpia.models.data.ShapeScenes;
import dev.harpia.models.gan.Generator;
import dev.harpia.models.rl.QNetwork;
import dev.harpia.models.rnn.CharRnn;
import dev.harpia.models.vae.Vae;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Init;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The networks of the labs. A file of weights does not say what computes with them, but the names
 * and shapes of its tensors do, for these; sizes that vary are taken from them.
 */
final class KnownNetworks {
  static final String NAMES =
      "perceptron; digits: mlp, cnn, lenet, vgg, resnet; pictures: ResNet (8, 20, 32, 56), VGG,"
          + " MobileNet; segment: U-Net; vae (without classes); gan: the generator; music: LSTM,"
          + " GRU, RNN; gpt; values of actions (DQN)";

  private final Map<String, Shape> weights;

  private KnownNetworks(Map<String, Shape> weights) {
    this.weights = weights;
  }

  /** The network that has exactly these weights, counters of batches aside. */
  static Optional<SavedNetwork> find(Map<String, Shape> weights) {
    return new KnownNetworks(weights)
        .candidates()
        .filter(n -> SavedNetwork.shapes(n.layer()).equals(weights))
        .findFirst();
  }

  private Stream<SavedNetwork> candidates() {
    return Stream.<Supplier<Optional<SavedNetwork>>>of(
            this::sequential,
            this::leNet,
            this::resNet,
            this::vgg,
            this::mobileNet,
            this::uNet,
            this::vae,
            this::generator,
            this::recurrent,
            this::values)
        .flatMap(s -> s.get().stream());
  }

  /** A dimension of a tensor; 0 where there is none. */
  private int dim(String name, int axis) {
    Shape s = weights.get(name);
    return s == null || s.rank() <= axis ? 0 : s.dim(axis);
  }

  private boolean has(String name, int... dims) {
    return weights.getOrDefault(name, Shape.SCALAR).equals(Shape.of(dims));
  }

  private static Optional<SavedNetwork> network(
      String kind, Supplier<? extends Layer> layer, int... item) {
    return Optional.of(new SavedNetwork(kind, Init.blank(layer::get), Shape.of(item), DType.F32));
  }

  private Optional<SavedNetwork> sequential() {
    if (has("0.weight", 1, 2)) {
      return network("perceptron", () -> new Sequential(new Linear(2, 1), Activation.sigmoid()), 2);
    }
    if (has("1.weight", 128, 784)) {
      return network("digits MLP", MnistNetworks::mlp, 1, 28, 28);
    }
    return has("0.weight", 24, 1, 3, 3)
        ? network("digits CNN", MnistNetworks::cnn, 1, 28, 28)
        : Optional.empty();
  }

  private Optional<SavedNetwork> leNet() {
    return has("conv1.weight", 6, 1, 5, 5)
        ? network("LeNet", LeNet::new, 1, 28, 28)
        : Optional.empty();
  }

  /** The pictures of the labs: photographs, radiographs (two classes), digits and letters. */
  private static int[] pictures(int channels, int classes) {
    int side = channels == 3 ? 32 : classes == 2 ? 64 : 28;
    return new int[] {channels, side, side};
  }

  private Optional<SavedNetwork> resNet() {
    int channels = dim("conv1.weight", 1);
    int classes = dim("linear.weight", 0);
    int blocks = 0;
    while (weights.containsKey("layer1." + blocks + ".conv1.weight")) {
      blocks++;
    }
    int n = blocks;
    return channels < 1 || classes < 1 || n < 1
        ? Optional.empty()
        : network(
            "ResNet-" + (6 * n + 2),
            () -> new ResNet(channels, n, classes),
            pictures(channels, classes));
  }

  private Optional<SavedNetwork> vgg() {
    int channels = dim("features.0.weight", 1);
    int classes =
        weights.keySet().stream()
            .filter(k -> k.startsWith("classifier.") && k.endsWith(".weight"))
            .max(String::compareTo)
            .map(k -> dim(k, 0))
            .orElse(0);
    return dim("features.0.weight", 0) != 16 || channels < 1 || classes < 1
        ? Optional.empty()
        : network("VGG", () -> Vgg.small(channels, 16, classes), pictures(channels, classes));
  }

  private Optional<SavedNetwork> mobileNet() {
    int channels = dim("features.0.0.weight", 1);
    int classes = dim("fc.weight", 0);
    return channels < 1 || classes < 1
        ? Optional.empty()
        : network(
            "MobileNet", () -> MobileNet.small(channels, 32, classes), pictures(channels, classes));
  }

  private Optional<SavedNetwork> uNet() {
    int width = dim("first.0.weight", 0);
    int channels = dim("first.0.weight", 1);
    int classes = dim("out.weight", 0);
    int side = ShapeScenes.SIDE;
    return channels < 1 || classes < 1 || !has("up3.weight", 8 * width, 4 * width, 2, 2)
        ? Optional.empty()
        : network("U-Net", () -> new UNet(channels, classes, width, 3), channels, side, side);
  }

  private Optional<SavedNetwork> vae() {
    int latent = dim("mu.weight", 0);
    if (latent < 1) {
      return Optional.empty();
    }
    for (Vae.Network form : Vae.Network.values()) {
      Optional<SavedNetwork> vae =
          network(
              "VAE, " + form.name().toLowerCase(Locale.ROOT),
              () -> new Vae(form, latent, 0),
              1,
              28,
              28);
      if (SavedNetwork.shapes(vae.get().layer()).equals(weights)) {
        return vae;
      }
    }
    return Optional.empty();
  }

  private Optional<SavedNetwork> generator() {
    int noise = dim("network.0.weight", 1);
    return noise < 1
        ? Optional.empty()
        : network(
            "generator of digits",
            () -> new Generator(dim("network.0.weight", 0) != 256, noise, 0),
            noise);
  }

  /** Scores of the next token at each of 32 places, or as many as are given. */
  private Optional<SavedNetwork> recurrent() {
    for (CharRnn.Cell cell : CharRnn.Cell.values()) {
      int hidden = dim(cell.label() + ".weight_hh_l0", 1);
      int vocabulary = dim("embedding.weight", 0);
      int width = dim("embedding.weight", 1);
      if (hidden > 0 && has("fc.weight", vocabulary, hidden) && width > 0) {
        Layer layer = Init.blank(() -> new CharRnn(cell, vocabulary, width, hidden));
        return Optional.of(
            new SavedNetwork(cell + " language model", layer, Shape.of(32), DType.I32));
      }
    }
    return Optional.empty();
  }

  /** A network of values of actions. */
  private Optional<SavedNetwork> values() {
    int observation = dim("body.0.weight", 1);
    int hidden = dim("body.0.weight", 0);
    int actions = dim("actions.weight", 0);
    return observation < 1 || actions < 1 || !has("actions.weight", actions, hidden)
        ? Optional.empty()
        : network(
            "value network",
            () -> new QNetwork(observation, actions, hidden, weights.containsKey("value.weight")),
            observation);
  }
}
