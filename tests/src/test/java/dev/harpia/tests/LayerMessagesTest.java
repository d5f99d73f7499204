package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.models.cnn.ResNet;
import dev.harpia.nn.Activation;
import dev.harpia.nn.AdaptiveAvgPool2d;
import dev.harpia.nn.BatchNorm;
import dev.harpia.nn.BatchNorm1d;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv1d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Conv3d;
import dev.harpia.nn.ConvOptions;
import dev.harpia.nn.ConvTranspose2d;
import dev.harpia.nn.EmbeddingBag;
import dev.harpia.nn.GLU;
import dev.harpia.nn.GroupNorm;
import dev.harpia.nn.InstanceNorm2d;
import dev.harpia.nn.LocalResponseNorm;
import dev.harpia.nn.MaxPool1d;
import dev.harpia.nn.PReLU;
import dev.harpia.nn.PixelShuffle;
import dev.harpia.nn.PixelUnshuffle;
import dev.harpia.nn.RotaryEmbedding;
import dev.harpia.nn.Unfold;
import dev.harpia.nn.Upsample;
import dev.harpia.tensor.Padding;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Mistakes are answered with the operation, the shapes and the rule. */
class LayerMessagesTest {
  private static void shape(ThrowingCallable mistake, String message) {
    assertThatThrownBy(mistake).isInstanceOf(ShapeException.class).hasMessage(message);
  }

  private static void argument(ThrowingCallable mistake, String... parts) {
    assertThatThrownBy(mistake)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }

  private static void index(ThrowingCallable mistake, String message) {
    assertThatThrownBy(mistake).isInstanceOf(IndexOutOfBoundsException.class).hasMessage(message);
  }

  private static Tensor x(int... dims) {
    return Tensor.zeros(dims);
  }

  @Test
  void arrangements() {
    shape(
        () -> x(2, 3).pad(1, 3, 0, Padding.REFLECT, 0),
        "pad: [2, 3]: axis 1 of length 3 cannot take 3 elements before and 0 after it (REFLECT,"
            + " from 0 to 2)");
    shape(() -> x(2, 3).repeat(2), "repeat: [2, 3]: [2] must have a number for each of the axes");
    shape(
        () -> x(2, 3).split(new int[] {1, 1}, 1),
        "split: [2, 3]: parts [1, 1] have 2 elements together, axis 1 has 3");
    shape(() -> x(3).tril(0), "tril: [3]: the operand must be [.., M, N]");
    shape(() -> x(2, 3).topk(4, 1), "topk: [2, 3]: k = 4 must be from 0 to 3");
    argument(() -> x(4).slice(0, 0, 4, 0), "slice: step 0 must be at least 1");
    argument(() -> x(4).repeat(-1), "repeat: [-1] must not be negative");
  }

  @Test
  void indices() {
    Tensor idx = Tensor.of(new int[] {0, 7}, Shape.of(1, 2));
    index(
        () -> x(1, 5).scatterAdd(1, idx, x(1, 2)),
        "scatterAdd: index 7 at position 1 of [1, 2]: axis 1 of [1, 5] has indices 0 to 4");
    index(
        () -> Tensor.oneHot(Tensor.of(0, 5), 5),
        "oneHot: class 5 at position 1: classes are 0 to 4");
    EmbeddingBag bag = new EmbeddingBag(4, 2, EmbeddingBag.Mode.SUM);
    index(
        () -> bag.forward(Tensor.of(1, 4), Tensor.of(0)),
        "embeddingBag: index 4 at position 1 of [2]: axis 0 of [4, 2] has indices 0 to 3");
    index(
        () -> bag.forward(Tensor.of(1, 3), Tensor.of(0, 3)),
        "embeddingBag: offset 3 of bag 1: offsets begin with 0, do not fall, and end at most at"
            + " 2");
    shape(
        () -> x(2, 5).scatterAdd(1, idx, x(1, 2)),
        "scatterAdd: [2, 5] and [1, 2] and [1, 2]: index and source must have equal shapes, and the"
            + " operand's but for axis 1");
  }

  @Test
  void convolutions() {
    shape(
        () -> new Conv1d(1, 1, 3).forward(x(2, 5)), "conv1d: [2, 5]: the input must be [N, C, T]");
    shape(
        () -> new Conv3d(1, 1, 3).forward(x(1, 1, 2, 4, 4)),
        "conv3d: [1, 1, 2, 4, 4] and [1, 1, 3, 3, 3]: the padded depth is smaller than the dilated"
            + " kernel Depth[kernel=3, stride=1, padding=0, dilation=1]");
    assertThatThrownBy(() -> new Conv2d(3, 4, 3).forward(x(1, 2, 8, 8)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("conv2d", "[1, 2, 8, 8]", "2 channels");
    argument(
        () -> new Conv2d(3, 4, 3, 3, ConvOptions.DEFAULT.withGroups(2)),
        "conv2d: 3 to 4 channels in 2 groups: must be positive, and groups divide both");
    argument(() -> new Conv1d(3, 4, 0), "conv1d: kernel [0]: must be positive");
    argument(
        () -> ConvOptions.DEFAULT.withSamePadding().withStride(2),
        "convolution: padding \"same\" takes stride 1, not 2, 2");
    argument(() -> ConvOptions.DEFAULT.withPadding(-1), "padding not negative");
    assertThatThrownBy(() -> new ConvTranspose2d(1, 1, 3, 2, 0, 2).forward(x(1, 1, 4, 4)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("output padding 2, 2 must be smaller than the stride");
  }

  @Test
  void pictures() {
    shape(
        () -> new MaxPool1d(2).forward(x(4, 4)), "maxPool1d: [4, 4]: the input must be [N, C, T]");
    shape(
        () -> new AdaptiveAvgPool2d(2).forward(x(4, 4)),
        "adaptiveAvgPool2d: [4, 4]: the input must be [N, C, H, W]");
    shape(
        () -> new PixelShuffle(2).forward(x(1, 3, 2, 2)),
        "pixelShuffle: [1, 3, 2, 2]: the input must be [N, C, H, W] with C a multiple of 4");
    shape(
        () -> new PixelUnshuffle(2).forward(x(1, 3, 2, 3)),
        "pixelUnshuffle: [1, 3, 2, 3]: the input must be [N, C, H, W] with H and W multiples of"
            + " 2");
    shape(
        () -> new Unfold(3, 3).forward(x(1, 1, 2, 4)),
        "unfold: [1, 1, 2, 4]: axis 2 with padding 0 is smaller than a window");
    shape(
        () -> new Upsample(0.1).forward(x(1, 1, 4, 4)),
        "upsample: [1, 1, 4, 4]: the input must be [N, C, H, W] and the result not empty");
    argument(() -> new Upsample(2, Upsample.Mode.NEAREST, true), "NEAREST does not align corners");
    argument(() -> new ResNet(0, 10), "resNet: 3 channels, 0 blocks, 10 classes: must be positive");
  }

  @Test
  void normalisations() {
    shape(
        () -> new BatchNorm2d(3).forward(x(2, 4, 5, 5)),
        "BatchNorm2d: [2, 4, 5, 5]: the input must be [N, 3, H, W]");
    shape(
        () -> new BatchNorm1d(3).forward(x(1, 3)),
        "batchNorm: [1, 3] and [3] and [3]: one value per channel has no variance; use a larger"
            + " batch, or eval()");
    argument(
        () -> new BatchNorm2d(3, new BatchNorm.Config(1e-5f, 2, true, true)), "momentum in [0, 1]");
    argument(() -> new GroupNorm(2, 5), "groupNorm: 5 channels do not fall into 2 equal groups");
    shape(
        () -> new GroupNorm(2, 4).forward(x(1, 3, 2)),
        "groupNorm: [1, 3, 2] and [4] and [4]: the input must be [N, C, ..] with C a multiple of 2"
            + " groups");
    shape(
        () -> new InstanceNorm2d(2).forward(x(2, 2)),
        "instanceNorm2d: [2, 2]: the input must be [N, 2, H, W]");
    argument(() -> new LocalResponseNorm(0), "localResponseNorm: 0 channels: must be positive");
  }

  @Test
  void activations() {
    shape(() -> new PReLU(3).forward(x(2, 4)), "prelu: [2, 4]: the input must be [N, 3, ..]");
    shape(
        () -> GLU.glu(-1).forward(x(2, 3)),
        "glu: [2, 3]: axis -1 must be even to fall into halves");
    argument(() -> Activation.celu(0), "celu: 0 divides");
    assertThat(Activation.softplus(1, 20).forward(Tensor.scalar(0)).item())
        .isCloseTo(0.6931472f, org.assertj.core.data.Offset.offset(1e-6f));
  }

  @Test
  void positions() {
    shape(
        () -> new RotaryEmbedding(4, 8).forward(x(1, 1, 3, 4), 6),
        "rotaryEmbedding: [1, 1, 3, 4]: the input must be [B, H, T, 4] with steps 6 to at most 7");
    argument(() -> new RotaryEmbedding(3, 8), "features must be even");
  }
}
