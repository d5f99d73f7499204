package dev.harpia.nn.io.onnx;

import static dev.harpia.nn.io.onnx.ModelWriter.dims;
import static dev.harpia.nn.io.onnx.ModelWriter.message;
import static dev.harpia.nn.io.onnx.ModelWriter.model;
import static dev.harpia.nn.io.onnx.ModelWriter.node;
import static dev.harpia.nn.io.onnx.ModelWriter.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxHostileTest {
  @TempDir private Path folder = Path.of(".");

  private OnnxModel load(byte[] bytes) throws IOException {
    return OnnxModel.load(Files.write(folder.resolve("m.onnx"), bytes));
  }

  @Test
  void everyTruncationIsAFormatException() throws IOException {
    byte[] whole = ModelWriter.small();
    int sound = 0;
    for (int n = 0; n < whole.length; n++) {
      try {
        load(Arrays.copyOf(whole, n));
        sound++;
      } catch (FormatException e) {
        assertThat(e.offset()).isBetween(0L, (long) n);
      }
    }
    // only the operator set follows the graph: without it a file is sound, but cannot be compiled
    assertThat(sound).isEqualTo(1);
  }

  private void flip(int times, long seed) throws IOException {
    byte[] whole = ModelWriter.small();
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    for (int i = 0; i < times; i++) {
      byte[] bytes = whole.clone();
      for (int k = random.nextInt(3); k >= 0; k--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      OnnxModel model;
      try {
        model = load(bytes);
      } catch (FormatException e) {
        refused++;
        continue;
      }
      try {
        model.compile().newWorkspace();
      } catch (FormatException | UnsupportedNodesException | NeedsConstantException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(times / 10);
  }

  @Test
  void flippedBitsAreRefusedOrHarmless() throws IOException {
    flip(2_000, 1);
  }

  @Test
  @Tag("full")
  void manyFlippedBitsAreRefusedOrHarmless() throws IOException {
    flip(100_000, 2);
  }

  private static ModelWriter graphWith(ModelWriter tensor) {
    return message()
        .put(1, node("Add", "x w", "y"))
        .put(5, tensor)
        .put(11, value("x", 1, 1))
        .put(12, value("y", 1, 1));
  }

  private static ModelWriter external(String location, long offset, long length) {
    return dims(message(), 1)
        .put(2, 1)
        .put(8, "w")
        .put(13, message().put(1, "location").put(2, location))
        .put(13, message().put(1, "offset").put(2, Long.toString(offset)))
        .put(13, message().put(1, "length").put(2, Long.toString(length)))
        .put(14, 1);
  }

  @Test
  void externalDataIsReadInsideTheFolder() throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    Files.write(folder.resolve("sub/w.bin"), new byte[] {9, 0, 0, 0x20, 0x41, 9});
    OnnxModel m = load(model(13, graphWith(external("sub/w.bin", 1, 4))));
    assertThat(m.constants().getFirst().tensor().toArray()).containsExactly(10f);
  }

  @Test
  void externalDataDoesNotLeaveTheFolder() throws IOException {
    Path home = Files.createDirectory(folder.resolve("home"));
    Path secret = Files.write(folder.resolve("secret"), new byte[4]);
    Path file = home.resolve("m.onnx");
    for (String location :
        new String[] {"../secret", "a/../../secret", secret.toAbsolutePath().toString()}) {
      Files.write(file, model(13, graphWith(external(location, 0, 4))));
      assertThatThrownBy(() -> OnnxModel.load(file))
          .isInstanceOf(FormatException.class)
          .hasMessageEndingWith(
              "external data " + location + ": expected a plain file inside the model's folder");
    }
    try {
      Files.createSymbolicLink(home.resolve("link"), secret);
      Files.createSymbolicLink(home.resolve("up"), folder);
    } catch (UnsupportedOperationException | IOException e) {
      assumeTrue(false, "skipped: this system has no symbolic links to test with");
    }
    for (String location : new String[] {"link", "up/secret"}) {
      Files.write(file, model(13, graphWith(external(location, 0, 4))));
      assertThatThrownBy(() -> OnnxModel.load(file))
          .hasMessageEndingWith("expected a plain file inside the model's folder");
    }
  }

  @Test
  void externalDataMustBeThere() throws IOException {
    Files.write(folder.resolve("w"), new byte[4]);
    refused(graphWith(external("gone", 0, 4)), "external data gone: no such file");
    refused(graphWith(external("w", 1, 4)), "w has 4 bytes; 4 bytes from 1 are wanted");
    refused(graphWith(external("w", 0, 400)), "expected 4 bytes of external data");
    refused(graphWith(external("w", -1, 4)), "external data: negative: -1");
  }

  private void refused(ModelWriter graph, String message) {
    assertThatThrownBy(() -> load(model(13, graph)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void hugeDimensionsAllocateNothing() {
    ModelWriter huge =
        dims(message(), 1L << 30, 1L << 30).put(2, 1).put(8, "w").raw(9, new byte[4]);
    refused(graphWith(huge), "tensor w: expected at most 2^31 - 1 elements");
    ModelWriter wide = dims(message(), 1L << 40).put(2, 1).put(8, "w").raw(9, new byte[4]);
    refused(graphWith(wide), "expected a dimension up to 2^31 - 1, found 1099511627776");
    ModelWriter negative = dims(message(), -4).put(2, 1).put(8, "w").raw(9, new byte[4]);
    refused(graphWith(negative), "found -4");
    ModelWriter empty = dims(message(), 1 << 30).put(2, 1).put(8, "w").raw(9, new byte[4]);
    refused(graphWith(empty), "tensor w: expected 4294967296 bytes, found 4");
  }

  @Test
  void hugeResultsAreRefused() {
    var g = message();
    g.put(1, node("ConstantOfShape", "s", "c")).put(1, node("Add", "x c", "y"));
    g.put(5, ModelWriter.longs("s", 1 << 20, 1 << 20));
    g.put(11, value("x", 1, 1)).put(12, value("y", 1, 1));
    assertThatThrownBy(() -> load(model(13, g)).compile())
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("node ConstantOfShape \"the_c\": a value of more than");
  }

  @Test
  void loopsInLoopsAreRefused() {
    ModelWriter body = message().put(2, "body").put(1, node("Identity", "v0", "w0"));
    body.put(1, node("Identity", "go", "on0"));
    body.put(11, value("i0", 7)).put(11, value("go0", 9)).put(11, value("v0", 1, 1));
    body.put(12, value("on0", 9)).put(12, value("w0", 1, 1));
    for (int depth = 1; depth < 4; depth++) {
      ModelWriter outer = message().put(2, "body");
      ModelWriter inner = message().put(1, "body").put(6, body);
      outer.put(1, node("Loop", "turns go v" + depth, "w" + depth, inner));
      outer.put(1, node("Identity", "go", "on" + depth));
      outer.put(11, value("i" + depth, 7)).put(11, value("go" + depth, 9));
      outer.put(11, value("v" + depth, 1, 1));
      outer.put(12, value("on" + depth, 9)).put(12, value("w" + depth, 1, 1));
      body = outer;
    }
    var g = message();
    g.put(1, node("Loop", "turns go x", "y", message().put(1, "body").put(6, body)));
    g.put(5, ModelWriter.longs("turns", 1000)).put(5, ModelWriter.longs("go", 1));
    g.put(11, value("x", 1, 1)).put(12, value("y", 1, 1));
    assertThatThrownBy(() -> load(model(13, g)).compile())
        .isInstanceOf(UnsupportedNodesException.class)
        .hasMessageContaining("loops that come to more than 1000000 nodes");
  }

  @Test
  void cyclesAreRefused() {
    var g = message();
    g.put(1, node("Add", "x b", "a")).put(1, node("Relu", "a", "b"));
    g.put(11, value("x", 1, 1)).put(12, value("b", 1, 1));
    refused(
        g,
        "node Add \"the_a\" reads \"b\", which no input, constant or earlier node supplies: the"
            + " graph has a cycle, or its nodes are out of order");
  }

  @Test
  void aValueIsComputedOnce() {
    var g = message();
    g.put(1, node("Relu", "x", "y")).put(1, node("Neg", "x", "y"));
    g.put(11, value("x", 1, 1)).put(12, value("y", 1, 1));
    refused(g, "value \"y\" is computed twice");
  }

  @Test
  void deepNestingIsRefused() {
    ModelWriter g = message().put(12, value("y", 1, 1));
    for (int i = 0; i < 1000; i++) {
      ModelWriter branch = message().put(1, "then_branch").put(6, g);
      g = message().put(1, message().put(4, "If").put(5, branch));
    }
    refused(g, "expected messages nested at most 24 deep");
  }

  @Test
  void anythingElseIsNoModel() {
    assertThatThrownBy(() -> load(new byte[0])).hasMessageEndingWith("found an empty file");
    assertThatThrownBy(() -> load(new byte[] {0x08, 0x07}))
        .isInstanceOf(FormatException.class)
        .hasMessageEndingWith("byte 2: expected a model with a graph");
    assertThatThrownBy(
            () -> load("{\"json\": 1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isInstanceOf(FormatException.class);
  }
}
