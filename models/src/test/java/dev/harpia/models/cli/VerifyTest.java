package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.io.onnx.OnnxTensor;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder = Path.of(".");

  private int run(String... args) {
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  /** A file in the folder {@code shared} beside the checkout; the test is skipped without it. */
  private static Path shared(String name) {
    Path root = Path.of(System.getProperty("harpia.root", ".")).toAbsolutePath();
    for (Path p = root; p != null; p = p.getParent()) {
      Path file = p.resolve("shared/data/models").resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    return abort("skipped: no shared/data/models/" + name + " beside the checkout");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "silero-vad/silero_vad",
        "silero-vad/silero_vad_16k_op15",
        "magika/model",
        "ultraface/version-RFB-320"
      })
  void trainedModelsHaveTheirReferencesOutputs(String name) {
    Path model = shared(name + ".onnx");
    Path reference = shared(name + ".reference.safetensors");
    assertThat(run("verify", model.toString(), reference.toString())).as(err.toString()).isZero();
    assertThat(out.toString()).contains(": ok: |a-b| ").doesNotContain("FAILED");
  }

  @Test
  void threeHundredProbabilitiesOfSpeech() throws IOException {
    OnnxModel model = OnnxModel.load(shared("silero-vad/silero_vad.onnx"));
    byte[] wav = Files.readAllBytes(shared("silero-vad/test.wav"));
    Map<String, Tensor> reference =
        SafeTensors.load(shared("silero-vad/test.wav.probabilities-0-299.safetensors"));
    float[] expected = reference.values().iterator().next().toArray();
    Map<String, Shape> shapes = new HashMap<>();
    shapes.put("input", Shape.of(1, 576));
    shapes.put("state", Shape.of(2, 1, 128));
    OnnxTensor rate = OnnxTensor.of("sr", Tensor.of(new int[] {16000}, Shape.SCALAR));
    Plan.Workspace w = model.compile(shapes, Map.of("sr", rate)).newWorkspace();
    float[] x = new float[576];
    float[] state = new float[256];
    ByteBuffer samples = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).position(44);
    assertThat(expected.length).isGreaterThanOrEqualTo(300);
    for (int i = 0; i < 300; i++) {
      System.arraycopy(x, 512, x, 0, 64);
      for (int k = 64; k < 576; k++) {
        x[k] = samples.getShort() / 32768f;
      }
      w.input("input").copyFrom(x);
      w.input("state").copyFrom(state);
      w.run();
      w.output("stateN").copyTo(state);
      assertThat(Math.abs(w.output("output").item() - expected[i])).as("%d", i).isLessThan(1.1e-4f);
    }
  }

  // ---- directories of tests

  private static byte[] hex(String hex) {
    return java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** A tensor [2] of floats. */
  private static byte[] tensor(float a, float b) {
    ByteBuffer t = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN);
    return t.put(hex("0802 1001 4a08")).putFloat(a).putFloat(b).array();
  }

  /** y = op(x), operator set 13, without shapes' details. */
  private static byte[] model(String op) {
    byte[] name = op.getBytes(StandardCharsets.US_ASCII);
    int node = 6 + 2 + name.length;
    byte[] in = hex("5a 0d 0a 01 78 12 08 0a 06 08 01 12 02 0a 00");
    byte[] outValue = hex("62 0d 0a 01 79 12 08 0a 06 08 01 12 02 0a 00");
    int graph = 2 + node + in.length + outValue.length;
    ByteBuffer b = ByteBuffer.allocate(2 + 2 + graph + 4);
    b.put(hex("0808 3a")).put((byte) graph);
    b.put((byte) 0x0a).put((byte) node).put(hex("0a0178 120179"));
    b.put((byte) 0x22).put((byte) name.length).put(name);
    return b.put(in).put(outValue).put(hex("4202 100d")).array();
  }

  private void testCase(String name, String op, float... output) throws IOException {
    Path set = Files.createDirectories(folder.resolve(name).resolve("test_data_set_0"));
    Files.write(folder.resolve(name).resolve("model.onnx"), model(op));
    Files.write(set.resolve("input_0.pb"), tensor(-1, 4));
    Files.write(set.resolve("output_0.pb"), tensor(output[0], output[1]));
  }

  @Test
  void testDirectoriesPassFailOrAreUnsupported() throws IOException {
    testCase("group/good", "Relu", 0, 4);
    testCase("group/wrong", "Relu", 0, 4.1f);
    testCase("unknown", "Nonsense", 0, 4);
    assertThat(run("verify", "--onnx-test", folder.toString())).isEqualTo(1);
    assertThat(out.toString().lines())
        .hasSize(4)
        .anyMatch(l -> l.matches("passed +good"))
        .anyMatch(l -> l.matches("failed +wrong +test_data_set_0: y \\[2\\], .*1.00e-01.*4.11e-03"))
        .anyMatch(l -> l.matches("unsupported +unknown +Nonsense \"y\" \\(opset 13\\)"))
        .contains("3 cases: 1 passed, 1 failed, 1 unsupported");
  }

  @Test
  void theCountsAreOneLineOfJson() throws IOException {
    testCase("good", "Relu", 0, 4);
    testCase("unknown", "Nonsense", 0, 4);
    assertThat(run("verify", "--onnx-test", "--json", folder.toString())).isZero();
    assertThat(out.toString().strip())
        .isEqualTo("{\"cases\": 2, \"passed\": 1, \"failed\": 0, \"unsupported\": 1}");
  }

  @Test
  void faultsAreOneLine() throws IOException {
    assertThat(run("verify", "gone.onnx", "gone.safetensors")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("harpia verify: gone.onnx: no such file or directory");
    Path bad = Files.write(folder.resolve("bad.onnx"), new byte[] {8, 7});
    StringWriter second = new StringWriter();
    String[] args = {"inspect", bad.toString()};
    assertThat(Main.run(args, new PrintWriter(out, true), new PrintWriter(second, true)))
        .isEqualTo(1);
    assertThat(second.toString().strip())
        .isEqualTo("harpia inspect: " + bad + ": byte 2: expected a model with a graph");
  }

  @Test
  void aModelIsListed() throws IOException {
    Path file = Files.write(folder.resolve("m.onnx"), model("Relu"));
    assertThat(run("inspect", file.toString())).isZero();
    assertThat(out.toString())
        .contains("ONNX, version 8, operator set 13", "input x", "FLOAT", "{Relu=1}", "0 tensors");
  }

  @Test
  void aSavedNetworkBecomesOnnx() throws IOException {
    Layer net = new Sequential(new Linear(2, 1), Activation.sigmoid());
    Path weights = folder.resolve("perceptron.safetensors");
    SafeTensors.save(net, weights);
    Path file = folder.resolve("perceptron.onnx");
    assertThat(run("export", weights.toString(), file.toString(), "--batch", "3"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("perceptron, 3 parameters");
    Plan.Workspace w = OnnxModel.load(file).compile().newWorkspace();
    Tensor x = Tensor.of(new float[][] {{0, 0}, {0, 1}, {1, -1}});
    w.input("x").copyFrom(x);
    w.run();
    assertThat(w.output("y").toArray()).containsExactly(net.eval().forward(x).toArray());
    assertThat(run("export", weights.toString(), "x.onnx", "--batch", "0")).isEqualTo(2);
    assertThat(run("export", weights.toString(), "x.bin")).isEqualTo(2);
    assertThat(err.toString()).contains("must be at least 1").contains("must end in .onnx");
  }

  @Test
  void aDetectorDrawsItsBoxes() throws IOException {
    Path model = shared("ultraface/version-RFB-320.onnx");
    Path picture = shared("ultraface/1.jpg");
    Path boxes = folder.resolve("boxes.png");
    assertThat(
            run(
                "detect",
                model.toString(),
                picture.toString(),
                "--out",
                boxes.toString(),
                "--json"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("\"found\": ").contains("score 0.9");
    assertThat(boxes).exists();
    assertThat(run("detect", model.toString(), model.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("not a picture that can be read");
  }
}
