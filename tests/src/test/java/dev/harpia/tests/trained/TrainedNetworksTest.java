package dev.harpia.tests.trained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.harpia.models.cnn.ResNet;
import dev.harpia.nn.BatchNorm1d;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.data.Idx;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Published checkpoints compute here what they computed where they were trained. */
@Tag("full")
class TrainedNetworksTest {
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};
  private static final int BATCH = 100;

  private static Path shared(String name) {
    Path root = Path.of(System.getProperty("harpia.root", ".")).toAbsolutePath();
    for (Path p = root; p != null; p = p.getParent()) {
      Path file = p.resolve("shared/data").resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    return abort("skipped: no shared/data/" + name + " beside the checkout");
  }

  private static Tensor get(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static ResNet resNet20() throws IOException {
    ResNet model = ResNet.resNet20();
    SafeTensors.load(shared("models/resnet-cifar10/resnet20-12fca82f.safetensors"), model);
    model.eval();
    return model;
  }

  @Test
  void resnet_20_computes_the_reference_logits() throws IOException {
    ResNet model = resNet20();
    Map<String, Tensor> reference =
        SafeTensors.load(shared("models/resnet-cifar10/resnet20-12fca82f-reference.safetensors"));
    float[] expected = get(reference, "out.logits").toArray();
    try (var _ = Scope.inference()) {
      float[] logits = model.forward(get(reference, "in.x")).toArray();
      // 20 layers of float32 sums in another order; logits are of the size of 10
      for (int i = 0; i < expected.length; i++) {
        assertThat(logits[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-3f));
      }
    }
  }

  @Test
  void resnet_20_recognises_five_in_six_of_the_pictures() throws IOException {
    ResNet model = resNet20();
    int right = 0;
    try (ZipFile zip = new ZipFile(shared("cifar10-subset/cifar10-jpg-6000.zip").toFile())) {
      List<? extends ZipEntry> tests =
          zip.stream().filter(e -> e.getName().matches("test/.*\\.jpg")).toList();
      assertThat(tests).hasSize(1000);
      TreeSet<String> classes = new TreeSet<>();
      tests.forEach(e -> classes.add(folder(e)));
      List<String> names = List.copyOf(classes);
      assertThat(names).hasSize(10);
      for (int from = 0; from < tests.size(); from += BATCH) {
        List<? extends ZipEntry> batch = tests.subList(from, from + BATCH);
        int[] best = best(model, pixels(zip, batch));
        for (int i = 0; i < BATCH; i++) {
          right += names.get(best[i]).equals(folder(batch.get(i))) ? 1 : 0;
        }
      }
    }
    // PyTorch: 832 of 1000; decoders of JPEG differ in the last bit
    assertThat(right).isBetween(822, 842);
  }

  private static String folder(ZipEntry e) {
    return e.getName().split("/", -1)[1];
  }

  private static int[] best(Layer model, Tensor x) {
    try (var _ = Scope.inference()) {
      return model.forward(x).argmax(1).toIntArray();
    }
  }

  private static Tensor pixels(ZipFile zip, List<? extends ZipEntry> pictures) throws IOException {
    float[] x = new float[pictures.size() * 3 * 32 * 32];
    for (int n = 0; n < pictures.size(); n++) {
      BufferedImage image;
      try (InputStream in = zip.getInputStream(pictures.get(n))) {
        image = ImageIO.read(in);
      }
      for (int i = 0; i < 32 * 32; i++) {
        int rgb = image.getRGB(i % 32, i / 32);
        for (int c = 0; c < 3; c++) {
          float v = (rgb >> (16 - 8 * c) & 255) / 255f;
          x[(n * 3 + c) * 1024 + i] = (v - MEAN[c]) / DEVIATION[c];
        }
      }
    }
    return Tensor.of(x, Shape.of(pictures.size(), 3, 32, 32));
  }

  /** Three convolutions, two linear layers, a normalisation after each part. */
  private static final class Digits extends Layer {
    private final Conv2d conv1 = layer("conv1", new Conv2d(1, 8, 3));
    private final Conv2d conv2 = layer("conv2", new Conv2d(8, 16, 3));
    private final Conv2d conv3 = layer("conv3", new Conv2d(16, 24, 3));
    private final BatchNorm2d norm1 = layer("norm1", new BatchNorm2d(24));
    private final Linear fc1 = layer("fc1", new Linear(24 * 22 * 22, 32));
    private final Linear fc2 = layer("fc2", new Linear(32, 10));
    private final BatchNorm1d norm2 = layer("norm2", new BatchNorm1d(10));

    @Override
    public Tensor forward(Tensor x) {
      Tensor h = conv2.forward(conv1.forward(x).relu()).relu();
      h = norm1.forward(conv3.forward(h).relu()).flatten(1);
      return norm2.forward(fc2.forward(fc1.forward(h).relu()));
    }
  }

  @Test
  void a_network_trained_on_digits_recognises_them() throws IOException {
    Digits model = new Digits();
    SafeTensors.load(shared("models/burn-mnist/mnist.safetensors"), model);
    model.eval();
    LabelledImages test = Idx.test(shared("mnist"));
    int right = 0;
    for (int from = 0; from < test.count(); from += BATCH) {
      float[] x = new float[BATCH * 784];
      for (int i = 0; i < x.length; i++) {
        float v = (test.pixels()[from * 784 + i] & 255) / 255f;
        x[i] = (v - 0.1307f) / 0.3081f;
      }
      int[] best = best(model, Tensor.of(x, Shape.of(BATCH, 1, 28, 28)));
      for (int i = 0; i < BATCH; i++) {
        right += best[i] == test.label(from + i) ? 1 : 0;
      }
    }
    // measured: 9917 of 10000
    assertThat((double) right / test.count()).isGreaterThan(0.99);
  }
}
