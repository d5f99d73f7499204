package dev.harpia.tests;

import dev.harpia.nn.Activation;
import dev.harpia.nn.AdaptiveAvgPool1d;
import dev.harpia.nn.AdaptiveAvgPool2d;
import dev.harpia.nn.AdaptiveMaxPool2d;
import dev.harpia.nn.AvgPool1d;
import dev.harpia.nn.AvgPool2d;
import dev.harpia.nn.BatchNorm1d;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Bilinear;
import dev.harpia.nn.Conv1d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Conv3d;
import dev.harpia.nn.ConvOptions;
import dev.harpia.nn.ConvTranspose1d;
import dev.harpia.nn.ConvTranspose2d;
import dev.harpia.nn.Dropout;
import dev.harpia.nn.Embedding;
import dev.harpia.nn.EmbeddingBag;
import dev.harpia.nn.Flatten;
import dev.harpia.nn.GLU;
import dev.harpia.nn.GRU;
import dev.harpia.nn.GRUCell;
import dev.harpia.nn.GroupNorm;
import dev.harpia.nn.InstanceNorm2d;
import dev.harpia.nn.LSTM;
import dev.harpia.nn.LSTMCell;
import dev.harpia.nn.Layer;
import dev.harpia.nn.LayerNorm;
import dev.harpia.nn.Linear;
import dev.harpia.nn.LoRALinear;
import dev.harpia.nn.LocalResponseNorm;
import dev.harpia.nn.MaxPool1d;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.MultiHeadAttention;
import dev.harpia.nn.PReLU;
import dev.harpia.nn.PixelShuffle;
import dev.harpia.nn.PixelUnshuffle;
import dev.harpia.nn.RMSNorm;
import dev.harpia.nn.RNN;
import dev.harpia.nn.RNNCell;
import dev.harpia.nn.RecurrentLayer;
import dev.harpia.nn.RotaryEmbedding;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.Transformer;
import dev.harpia.nn.TransformerConfig;
import dev.harpia.nn.TransformerDecoderLayer;
import dev.harpia.nn.TransformerEncoderLayer;
import dev.harpia.nn.Unfold;
import dev.harpia.nn.Upsample;
import dev.harpia.tensor.Padding;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A layer with an input, from which its gradient check comes.
 *
 * @param layer makes it
 * @param input makes its input
 */
public record LayerCases(Supplier<Layer> layer, Function<Rng, Tensor> input) {
  /** Every layer of the library, once or more. */
  public static List<LayerCases> all() {
    List<LayerCases> cases = new ArrayList<>();
    plain(cases);
    activations(cases);
    pictures(cases);
    sequences(cases);
    return cases;
  }

  private static void add(List<LayerCases> cases, Supplier<Layer> layer, int... input) {
    cases.add(new LayerCases(layer, r -> GradientCheck.apart(r, Shape.of(input)).mul(0.3f).copy()));
  }

  private static void plain(List<LayerCases> cases) {
    add(cases, () -> new Linear(5, 3), 2, 5);
    add(cases, () -> new Bilinear(3, 3, 4), 2, 3);
    add(cases, () -> new LoRALinear(new Linear(5, 3), 2, 4), 2, 5);
    add(cases, () -> new Sequential(new Linear(5, 3), Activation.silu()), 2, 5);
    add(cases, () -> new Dropout(0.3f), 3, 5);
    add(cases, () -> new Flatten(), 2, 3, 4);
    add(cases, () -> new PReLU(3), 2, 3, 4);
    add(cases, () -> GLU.glu(-1), 3, 4);
    add(cases, () -> GLU.swiglu(1), 3, 4, 2);
    add(cases, () -> new LayerNorm(5), 3, 5);
    add(cases, () -> new RMSNorm(5), 3, 5);
    add(cases, () -> new BatchNorm1d(4), 5, 4);
    cases.add(new LayerCases(() -> new Embedding(5, 3), r -> Tensor.of(4, 0, 4)));
    // the padding's row, which has no gradient though results depend on it, is left out
    cases.add(new LayerCases(() -> new Embedding(5, 3, 0), r -> Tensor.of(4, 1, 4)));
    for (EmbeddingBag.Mode mode : EmbeddingBag.Mode.values()) {
      cases.add(
          new LayerCases(
              () -> new EmbeddingBag(5, 3, mode),
              r -> Tensor.of(new int[] {4, 0, 3, 1}, Shape.of(2, 2))));
    }
  }

  private static void activations(List<LayerCases> cases) {
    for (Activation a :
        List.of(
            Activation.relu(),
            Activation.relu6(),
            Activation.leakyRelu(0.1f),
            Activation.elu(1),
            Activation.celu(2),
            Activation.selu(),
            Activation.gelu(),
            Activation.geluTanh(),
            Activation.silu(),
            Activation.mish(),
            Activation.sigmoid(),
            Activation.tanh(),
            Activation.softplus(2, 20),
            Activation.softsign(),
            Activation.hardtanh(-1, 1),
            Activation.hardsigmoid(),
            Activation.hardswish(),
            Activation.logSigmoid(),
            Activation.tanhshrink(),
            Activation.softshrink(0.5f),
            Activation.hardshrink(0.5f),
            Activation.threshold(0.5f, 2),
            Activation.of(Unary.SQUARE))) {
      cases.add(new LayerCases(() -> a, r -> OpCases.spread(r, 5, 7)));
    }
  }

  private static void pictures(List<LayerCases> cases) {
    ConvOptions same = ConvOptions.DEFAULT.withSamePadding();
    add(cases, () -> new Conv1d(2, 3, 3, 2, 1), 2, 2, 7);
    add(cases, () -> new Conv1d(2, 3, 4, same.withMode(Padding.CIRCULAR)), 2, 2, 7);
    add(cases, () -> new Conv2d(2, 4, 3, 3, same.withGroups(2)), 2, 2, 5, 4);
    add(
        cases,
        () -> new Conv2d(2, 3, 3, 3, ConvOptions.DEFAULT.withPadding(2).withMode(Padding.REFLECT)),
        2,
        2,
        5,
        4);
    add(cases, () -> new Conv3d(2, 3, 2, 2, 1), 1, 2, 3, 4, 3);
    add(cases, () -> new ConvTranspose1d(2, 3, 3, 2, 1, 1), 2, 2, 5);
    add(cases, () -> new ConvTranspose2d(2, 3, 3, 2, 1, 1), 2, 2, 3, 4);
    add(cases, () -> new MaxPool1d(2), 2, 2, 6);
    add(cases, () -> new MaxPool2d(2), 2, 2, 4, 6);
    add(cases, () -> new AvgPool1d(3, 2, 1, true, false), 2, 2, 6);
    add(cases, () -> new AvgPool2d(2), 2, 2, 4, 6);
    add(cases, () -> new AdaptiveAvgPool1d(3), 2, 2, 7);
    add(cases, () -> new AdaptiveAvgPool2d(3, 0), 2, 2, 5, 4);
    add(cases, () -> new AdaptiveMaxPool2d(2), 2, 2, 5, 4);
    add(cases, () -> new BatchNorm2d(2), 3, 2, 4, 3);
    add(cases, () -> new BatchNorm2d(2).eval(), 3, 2, 4, 3);
    add(cases, () -> new GroupNorm(2, 4), 2, 4, 3, 3);
    add(cases, () -> new InstanceNorm2d(2, 1e-5f, true), 2, 2, 3, 3);
    add(cases, () -> new LocalResponseNorm(3), 2, 4, 3, 3);
    add(cases, () -> new PixelShuffle(2), 2, 8, 2, 3);
    add(cases, () -> new PixelUnshuffle(2), 2, 2, 4, 6);
    add(cases, () -> new Unfold(2, 3), 2, 2, 4, 5);
    for (Upsample.Mode mode : Upsample.Mode.values()) {
      add(cases, () -> new Upsample(1.6, mode, false), 2, 2, 4, 5);
      add(cases, () -> new Upsample(2, mode, false), 2, 2, 4, 5);
    }
  }

  private static void sequences(List<LayerCases> cases) {
    RecurrentLayer.Config deep = RecurrentLayer.Config.of(4, 3).withLayers(2).inBothDirections();
    TransformerConfig config =
        TransformerConfig.of(4, 2, 6).withDropout(0).withActivation(Unary.GELU);
    add(cases, () -> new RNN(deep, false), 2, 5, 4);
    add(cases, () -> new GRU(deep), 2, 5, 4);
    add(cases, () -> new LSTM(deep), 2, 5, 4);
    add(cases, () -> new RNNCell(4, 3), 2, 4);
    add(cases, () -> new GRUCell(4, 3), 2, 4);
    add(cases, () -> new LSTMCell(4, 3), 2, 4);
    add(cases, () -> new MultiHeadAttention(4, 2), 2, 5, 4);
    add(cases, () -> new TransformerEncoderLayer(config), 2, 5, 4);
    add(cases, () -> new TransformerDecoderLayer(config.withNormFirst()), 2, 5, 4);
    add(cases, () -> new Transformer(config, 1, 1), 2, 5, 4);
    add(cases, () -> new RotaryEmbedding(4, 8), 1, 2, 5, 4);
  }
}
