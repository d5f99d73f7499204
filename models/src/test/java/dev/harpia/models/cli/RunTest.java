package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.models.cnn.MnistNetworks;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.io.Npy;
import dev.harpia.nn.io.Npz;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder = Path.of(".");

  private int run(Object... args) {
    String[] words = new String[args.length + 1];
    words[0] = "run";
    for (int i = 0; i < args.length; i++) {
      words[i + 1] = args[i].toString();
    }
    return Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  @Test
  void every_kind_of_file_gives_the_networks_outputs() throws IOException {
    Sequential network = MnistNetworks.mlp();
    SafeTensors.save(network, file("m.safetensors"));
    Tensor x = Tensor.normal(new Rng(1), 0, 1, Shape.of(3, 1, 28, 28));
    Tensor y = network.eval().forward(x);
    Npy.save(x, file("x.npy"));
    Npy.save(x.reshape(3, 784), file("flat.npy"));
    Npz.save(Map.of("x", x, "other", x), file("x.npz"));
    SafeTensors.save(Map.of("in.x", x, "out.y", y), Map.of(), file("x.safetensors"));
    for (String in :
        new String[] {"x.npy", "flat.npy", "x.npz", "x.safetensors", "x=" + folder + "/x.npz"}) {
      String value = in.contains("=") ? in : file(in).toString();
      assertThat(run(file("m.safetensors"), "-i", value, "--out", file("y.npz")))
          .as(in + ": " + err)
          .isZero();
      assertThat(Npz.load(file("y.npz")).get("y").toArray()).containsExactly(y.toArray());
    }
    assertThat(out.toString()).contains("y F32 [3, 10]").contains("row 2");
  }

  @Test
  void json_has_every_element_and_the_largest() throws IOException {
    Sequential network = MnistNetworks.mlp();
    SafeTensors.save(network, file("m.safetensors"));
    Tensor x = Tensor.normal(new Rng(1), 0, 1, Shape.of(1, 1, 28, 28));
    Npy.save(x, file("x.npy"));
    assertThat(run(file("m.safetensors"), "--json", "--top", "1", "-i", file("x.npy"))).isZero();
    float[] y = network.eval().forward(x).toArray();
    int best = 0;
    for (int i = 0; i < 10; i++) {
      assertThat(out.toString()).contains(Float.toString(y[i]));
      best = y[i] > y[best] ? i : best;
    }
    assertThat(out.toString()).startsWith("{\"outputs\":{\"y\":{\"shape\":[1,10],\"data\":[");
    assertThat(out.toString()).contains("\"top\":[[" + best + "]]").hasLineCount(1);
  }

  @Test
  void tables_with_and_without_a_header() throws IOException {
    Sequential perceptron = new Sequential(new Linear(2, 1), Activation.sigmoid());
    SafeTensors.save(perceptron, file("p.safetensors"));
    Files.writeString(file("a.csv"), "u,v\n0,1\n1,0.5\n");
    Files.writeString(file("b.csv"), "0,1\n1,0.5\n");
    float[] y = perceptron.eval().forward(Tensor.of(new float[][] {{0, 1}, {1, 0.5f}})).toArray();
    for (String table : new String[] {"a.csv", "b.csv"}) {
      assertThat(run(file("p.safetensors"), "-i", file(table), "--out", file("y.npz")))
          .as(err.toString())
          .isZero();
      assertThat(Npz.load(file("y.npz")).get("y").toArray()).containsExactly(y);
    }
    Files.writeString(file("c.csv"), "u,v\n0,x\n");
    assertThat(run(file("p.safetensors"), "-i", file("c.csv"))).isEqualTo(1);
    assertThat(err.toString()).contains("row 1, column v: \"x\" is no number");
  }

  @Test
  void pictures_are_brought_to_the_inputs_size() throws IOException {
    Sequential network = MnistNetworks.cnn();
    SafeTensors.save(network, file("m.safetensors"));
    BufferedImage grey = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 28; i++) {
      grey.getRaster().setSample(i, i, 0, 255);
    }
    ImageIO.write(grey, "png", file("d.png").toFile());
    assertThat(
            run(
                file("m.safetensors"),
                "-i",
                file("d.png"),
                "--mean",
                "0.5",
                "--std",
                "0.25",
                "--out",
                file("y.npz")))
        .as(err.toString())
        .isZero();
    float[] pixels = new float[784];
    for (int i = 0; i < 784; i++) {
      pixels[i] = ((i % 29 == 0 ? 1f : 0f) - 0.5f) / 0.25f;
    }
    float[] y = network.eval().forward(Tensor.of(pixels, Shape.of(1, 1, 28, 28))).toArray();
    assertThat(Npz.load(file("y.npz")).get("y").toArray()).containsExactly(y);
  }

  @Test
  void what_does_not_fit_is_one_line() throws IOException {
    SafeTensors.save(MnistNetworks.mlp(), file("m.safetensors"));
    Npy.save(Tensor.zeros(5), file("five.npy"));
    Npz.save(Map.of("a", Tensor.zeros(1), "b", Tensor.zeros(1)), file("ab.npz"));
    Path m = file("m.safetensors");
    assertSays(1, "no value for the input x F32 [N, 1, 28, 28]", m);
    assertSays(1, "5 numbers in shape [5] do not fit", m, "-i", file("five.npy"));
    assertSays(1, "no input is called z; there are [x]", m, "-i", "z=" + file("five.npy"));
    assertSays(1, "the model's inputs are [x]", m, "-i", file("ab.npz"));
    assertSays(1, "holds nothing called x", m, "-i", "x=" + file("ab.npz"));
    assertSays(1, "must end in .npy, .npz", m, "-i", file("x.txt"));
    assertSays(1, "no such file", m, "-i", file("missing.npy"));
    assertSays(1, "must end in .onnx or .safetensors", file("m.bin"));
    assertSays(1, "none of the networks known here", unknown());
    assertSays(2, "--top: 0", m, "--top", "0");
    assertSays(2, "--mean, --std", m, "--std", "0");
    assertSays(2, "must end in .npz or .safetensors", m, "--out", "y.txt");
  }

  private Path unknown() throws IOException {
    SafeTensors.save(new Linear(3, 4), file("unknown.safetensors"));
    return file("unknown.safetensors");
  }

  private void assertSays(int code, String text, Object... args) {
    err.getBuffer().setLength(0);
    assertThat(run(args)).as(err.toString()).isEqualTo(code);
    assertThat(err.toString()).contains(text).hasLineCount(1);
  }
}
