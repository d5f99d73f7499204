package dev.harpia.models.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.models.cnn.LeNet;
import dev.harpia.models.cnn.MnistNetworks;
import dev.harpia.models.cnn.MobileNet;
import dev.harpia.models.cnn.ResNet;
import dev.harpia.models.cnn.UNet;
import dev.harpia.models.cnn.Vgg;
import dev.harpia.models.gan.Generator;
import dev.harpia.models.rl.QNetwork;
import dev.harpia.models.rnn.CharRnn;
import dev.harpia.models.transformer.CharTokenizer;
import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.GptConfig;
import dev.harpia.models.transformer.GptFile;
import dev.harpia.models.vae.Vae;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of weights that tell which network they belong to. */
class SavedNetworkTest {
  @TempDir private Path folder = Path.of(".");

  private Path saved(Layer layer) throws IOException {
    Path file = folder.resolve("model.safetensors");
    SafeTensors.save(layer, file);
    return file;
  }

  /** What the file's network computes for an input of the port's shape is what the layer does. */
  private static void check(String kind, Path file, Layer layer) throws IOException {
    ModelFile model = ModelFile.load(file);
    assertThat(model.toString()).startsWith(kind);
    Plan plan = model.compile(Map.of(), Map.of());
    Plan.Workspace w = plan.newWorkspace();
    if (model.inputs().getFirst().type() == DType.F32) {
      w.input().copyFrom(Tensor.uniform(new Rng(1), 0, 1, w.input().shape()));
    } else {
      w.input().set(3, 0, 2); // the third token
    }
    w.run();
    layer.eval();
    try (var _ = Scope.inference()) {
      float[] y = layer.forward(w.input()).toArray();
      assertThat(w.output().toArray()).as(kind).containsExactly(y, Offset.offset(1e-4f));
    }
  }

  @Test
  void networksOfTheLabsAreKnownByTheirWeights() throws IOException {
    Map<String, Layer> networks = new LinkedHashMap<>();
    networks.put("digits MLP", MnistNetworks.mlp());
    networks.put("digits CNN", MnistNetworks.cnn());
    networks.put("LeNet", new LeNet());
    networks.put("ResNet-8", new ResNet(1, 1, 10));
    networks.put("ResNet-20", new ResNet(3, 3, 10));
    networks.put("VGG", Vgg.small(1, 16, 10));
    networks.put("MobileNet", MobileNet.small(3, 32, 7));
    networks.put("U-Net", new UNet(3, 4, 8, 3));
    networks.put("VAE, dense", new Vae(Vae.Network.DENSE, 5, 0));
    networks.put("VAE, convolutional", new Vae(Vae.Network.CONVOLUTIONAL, 6, 0));
    networks.put("generator of digits", new Generator(true, 17, 0));
    networks.put("LSTM language model", new CharRnn(11, 6, 8));
    networks.put("GRU language model", new CharRnn(CharRnn.Cell.GRU, 11, 6, 8));
    networks.put("value network", new QNetwork(4, 2, 16, true));
    for (Map.Entry<String, Layer> e : networks.entrySet()) {
      check(e.getKey(), saved(e.getValue()), e.getValue());
    }
  }

  @Test
  void aGptSaysWhatItIs() throws IOException {
    CharTokenizer tokenizer = CharTokenizer.of("abcdef ");
    Gpt gpt = new Gpt(GptConfig.gpt2(tokenizer.size(), 12, 1, 2, 8));
    Path file = folder.resolve("model.safetensors");
    GptFile.save(gpt, tokenizer, file);
    check("GPT", file, gpt);
    Path onnx = folder.resolve("model.onnx");
    assertThat(SavedExport.write(file, 1, onnx)).startsWith("GPT");
    check("model.onnx", onnx, gpt);
  }

  @Test
  void tokensAreReadFromTables() throws IOException {
    ModelFile model = ModelFile.load(saved(new CharRnn(11, 6, 8)));
    InputFiles files = new InputFiles(model.inputs(), 0, 1);
    Path table = Files.writeString(folder.resolve("tokens.csv"), "1,2,10\n");
    Map<String, Tensor> values = files.read(List.of(table.toString()));
    assertThat(values.get("x")).isNotNull();
    assertThat(values.getOrDefault("x", Tensor.scalar(0)).toIntArray()).containsExactly(1, 2, 10);
    RunReport report = RunReport.of(model.compileFor(values), values);
    assertThat(report.outputs().values().iterator().next().shape().dims())
        .containsExactly(1, 3, 11);
    Path halves = Files.writeString(folder.resolve("halves.csv"), "1,2.5\n");
    assertThatThrownBy(() -> files.read(List.of(halves.toString())))
        .hasMessageContaining("whole numbers are wanted, and the file has 2.5");
  }

  @Test
  void whatIsNotKnownIsToldWithTheWayOut() throws IOException {
    Path file = saved(new Linear(3, 5));
    assertThatThrownBy(() -> ModelFile.load(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none of the networks known here")
        .hasMessageContaining("U-Net")
        .hasMessageContaining("OnnxExport.save");
    Path crooked = folder.resolve("crooked.safetensors");
    SafeTensors.save(
        Map.of("mu.weight", Tensor.zeros(1), "features.0.weight", Tensor.zeros(16, 0, 3, 3)),
        Map.of(),
        crooked);
    assertThatThrownBy(() -> ModelFile.load(crooked)).hasMessageContaining("none of the networks");
  }
}
