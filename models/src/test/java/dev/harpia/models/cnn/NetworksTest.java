package dev.harpia.models.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.Layer;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Parameter;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Published numbers of parameters, shapes, and gradients along random directions. */
class NetworksTest {
  @BeforeEach
  void seed() {
    Rng.seed(1);
  }

  private static void shape(Layer net, Shape x, Shape y) {
    try (var _ = Scope.inference()) {
      assertThat(net.eval().forward(Tensor.normal(x.dims())).shape()).isEqualTo(y);
    }
  }

  @Test
  void publishedNumbersOfParameters() {
    assertThat(new LeNet().parameterCount()).isEqualTo(61_706);
    assertThat(MnistNetworks.cnn().parameterCount()).isEqualTo(124_670);
    assertThat(ResNet.resNet20().parameterCount()).isEqualTo(269_722);
    assertThat(ImageNetResNet.resNet18(1000).parameterCount()).isEqualTo(11_689_512);
    assertThat(MobileNet.v1(1000).parameterCount()).isEqualTo(4_231_976);
  }

  @Test
  @Tag("full") // hundreds of megabytes of random weights
  void publishedNumbersOfParametersOfLargeNetworks() {
    assertThat(ImageNetResNet.resNet34(1000).parameterCount()).isEqualTo(21_797_672);
    assertThat(ImageNetResNet.resNet50(1000).parameterCount()).isEqualTo(25_557_032);
    assertThat(new UNet(3, 1, 64, 4).parameterCount()).isEqualTo(31_037_633);
    assertThat(Vgg.vgg11().parameterCount()).isEqualTo(132_863_336);
    assertThat(Vgg.vgg16().parameterCount()).isEqualTo(138_357_544);
  }

  @Test
  void shapes() {
    shape(new LeNet(), Shape.of(2, 1, 28, 28), Shape.of(2, 10));
    shape(Vgg.small(1, 4, 10), Shape.of(2, 1, 28, 28), Shape.of(2, 10));
    shape(new ResNet(1, 1, 10), Shape.of(2, 1, 28, 28), Shape.of(2, 10));
    shape(MobileNet.small(3, 8, 5), Shape.of(2, 3, 32, 32), Shape.of(2, 5));
    shape(new UNet(3, 4, 4, 2), Shape.of(1, 3, 16, 24), Shape.of(1, 4, 16, 24));
    ImageNetResNet resNet = ImageNetResNet.resNet18(7);
    shape(resNet, Shape.of(1, 3, 64, 96), Shape.of(1, 7));
    try (var _ = Scope.inference()) {
      assertThat(resNet.features(Tensor.normal(1, 3, 64, 96)).shape())
          .isEqualTo(Shape.of(1, 512, 2, 3));
    }
  }

  @Test
  void publishedNetworksHavePyTorchsNames() {
    Map<String, Tensor> state = ImageNetResNet.resNet18(1000).state();
    assertThat(state)
        .containsKeys("conv1.weight", "layer2.0.downsample.0.weight", "layer4.1.bn2.running_var")
        .containsKeys("fc.bias")
        .doesNotContainKey("layer1.0.downsample.0.weight");
    assertThat(state.keySet().stream().filter(n -> n.endsWith("num_batches_tracked")).count())
        .isIn(0L, 20L);
  }

  @Test
  void gradients() {
    List<FeatureNet> nets =
        List.of(new LeNet(), Vgg.small(1, 4, 10), new ResNet(1, 1, 10), MobileNet.small(1, 4, 10));
    for (FeatureNet net : nets) {
      Tensor x = Tensor.normal(2, 1, 28, 28);
      assertThat(error(net, x, Tensor.of(3, 8))).as(net.kind()).isLessThan(0.03);
    }
    Tensor picture = Tensor.normal(1, 3, 8, 8);
    UNet uNet = new UNet(3, 2, 4, 2);
    assertThat(error(new Flat(uNet), picture, Tensor.of(1))).isLessThan(0.03);
  }

  /** The mean over all pixels, so that the check sees one row of logits. */
  private static final class Flat extends Layer {
    private final Layer inner;

    Flat(Layer inner) {
      this.inner = layer("inner", inner);
    }

    @Override
    public Tensor forward(Tensor x) {
      return inner.forward(x).mean(2, 3);
    }
  }

  /**
   * The relative error of the loss's slope along a random direction in all parameters, against a
   * central difference; a wrong gradient measures about 1.
   */
  private static double error(Layer net, Tensor x, Tensor classes) {
    net.eval();
    List<Parameter> parameters = net.parameters();
    List<Tensor> values = parameters.stream().map(Parameter::value).toList();
    double analytic = 0;
    List<float[]> gradients;
    try (var _ = Scope.open("slope")) {
      Gradients g = Gradients.of(Loss.crossEntropy(net.forward(x), classes), values);
      gradients = values.stream().map(v -> g.wrt(v).toArray()).toList();
    }
    double norm = 0;
    for (float[] g : gradients) {
      for (float v : g) {
        norm += (double) v * v;
      }
    }
    double step =
        2e-3 / Math.sqrt(norm); // along the gradient: the steepest, so least lost in noise
    analytic = Math.sqrt(norm);
    double numeric =
        (moved(net, x, classes, values, gradients, step)
                - moved(net, x, classes, values, gradients, -step))
            / (2 * 2e-3);
    return Math.abs(numeric - analytic) / analytic;
  }

  private static double moved(
      Layer net, Tensor x, Tensor classes, List<Tensor> values, List<float[]> g, double step) {
    List<float[]> before = values.stream().map(Tensor::toArray).toList();
    for (int i = 0; i < values.size(); i++) {
      float[] v = before.get(i).clone();
      for (int k = 0; k < v.length; k++) {
        v[k] += (float) (step * g.get(i)[k]);
      }
      values.get(i).copyFrom(v);
    }
    try (var _ = Scope.inference()) {
      return Loss.crossEntropy(net.forward(x), classes).item();
    } finally {
      for (int i = 0; i < values.size(); i++) {
        values.get(i).copyFrom(before.get(i));
      }
    }
  }

  @Test
  void aPictureThatCannotBeHalvedIsRefused() {
    assertThatThrownBy(() -> new UNet(3, 2, 4, 3).forward(Tensor.zeros(1, 3, 20, 24)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("multiples of 8, for it is halved 3 times");
    assertThatThrownBy(() -> new UNet(3, 2, 4, 9)).hasMessageContaining("the depth at most 8");
    assertThatThrownBy(() -> Vgg.small(1, 0, 3)).hasMessageContaining("must be positive");
  }

  @Test
  void theMapIsTheWeightedSumOfMapsWhereTheHeadIsAMean() {
    ResNet net = new ResNet(1, 1, 3);
    net.eval();
    Tensor x = Tensor.normal(1, 1, 16, 16);
    float[][] cam = Attribution.cam(net, x, 2);
    float[] maps;
    try (var _ = Scope.inference()) {
      maps = net.features(x).toArray();
    }
    float[] w = net.state().getOrDefault("linear.weight", x).toArray();
    for (int i = 0; i < 16; i++) {
      double sum = 0;
      for (int k = 0; k < 64; k++) {
        sum += w[2 * 64 + k] * maps[k * 16 + i] / 16; // the mean over 16 pixels divides by 16
      }
      assertThat((double) cam[i / 4][i % 4]).isCloseTo(Math.max(0, sum), within(1e-5));
    }
  }

  @Test
  void saliencyIsZeroWhereNothingDepends() {
    Layer left = // the sum of the left half is the logit of class 1
        new Layer() {
          @Override
          public Tensor forward(Tensor x) {
            Tensor sum = x.slice(3, 0, 2).sum(1, 2, 3).reshape(1, 1);
            return Tensor.concat(1, sum.mul(0), sum.mul(3));
          }
        };
    float[][] map = Attribution.saliency(left, Tensor.normal(1, 2, 2, 4), 1);
    assertThat(map[0]).containsExactly(3, 3, 0, 0);
    assertThat(map[1]).containsExactly(3, 3, 0, 0);
    assertThatThrownBy(() -> Attribution.saliency(left, Tensor.zeros(2, 2, 2, 4), 1))
        .hasMessageContaining("one picture");
    assertThatThrownBy(() -> Attribution.saliency(left, Tensor.zeros(1, 2, 2, 4), 2))
        .hasMessage("attribution: class 2: there are 2");
  }
}
