package dev.harpia.bench.suite;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Flatten;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.io.onnx.OnnxExport;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The model files of the workloads {@code onnx-…}, the same for every engine: two that are written
 * here with fixed weights, and published ones from {@code ../shared/data/models}, where that is
 * there.
 */
public final class OnnxFiles {
  /** A sampling rate, which decides a branch of the speech model. */
  public static final long RATE = 16_000;

  private static final Map<String, String> PUBLISHED =
      Map.of(
          "onnx-silero", "silero-vad/silero_vad.onnx",
          "onnx-magika", "magika/model.onnx",
          "onnx-ultraface", "ultraface/version-RFB-320.onnx");

  private static final Map<String, List<Integer>> SHAPES =
      Map.of(
          "x:onnx-mlp", List.of(1, 784),
          "x:onnx-cnn", List.of(1, 1, 28, 28),
          "input:onnx-silero", List.of(1, 576),
          "state:onnx-silero", List.of(2, 1, 128),
          "bytes:onnx-magika", List.of(1, 2048),
          "input:onnx-ultraface", List.of(1, 3, 240, 320));

  private OnnxFiles() {}

  /** The file of a workload; empty where it is not one of these, or its file is missing. */
  public static Optional<Path> of(String workload) throws IOException {
    return switch (workload) {
      case "onnx-mlp" -> Optional.of(written(mlp(), 1, 784));
      case "onnx-cnn" -> Optional.of(written(cnn(), 1, 1, 28, 28));
      default -> published(PUBLISHED.getOrDefault(workload, ""));
    };
  }

  /** The dimensions of a workload's input; none for a single number. */
  public static int[] dims(String workload, String input) {
    List<Integer> dims = SHAPES.getOrDefault(input + ":" + workload, List.of());
    return dims.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Values for an input: from 0 to 1, the same for every engine. */
  public static float[] values(int n) {
    Random random = new Random(1);
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = random.nextFloat();
    }
    return v;
  }

  /** Integers for an input, bytes. */
  public static int[] integers(int n) {
    return new Random(1).ints(n, 0, 256).toArray();
  }

  private static Layer mlp() {
    Rng.seed(1);
    return new Sequential(new Linear(784, 128), Activation.relu(), new Linear(128, 10));
  }

  private static Layer cnn() {
    Rng.seed(1);
    return new Sequential(
        new Conv2d(1, 24, 3),
        Activation.relu(),
        new MaxPool2d(2),
        new Conv2d(24, 36, 3),
        Activation.relu(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(900, 128),
        Activation.relu(),
        new Linear(128, 10));
  }

  private static Path written(Layer model, int... dims) throws IOException {
    Path file = Files.createTempFile("harpia", ".onnx");
    file.toFile().deleteOnExit();
    OnnxExport.save(model, Shape.of(dims), file);
    return file;
  }

  private static Optional<Path> published(String name) {
    Path root = Path.of(System.getProperty("harpia.root", ".")).toAbsolutePath();
    for (Path p = root; p != null && !name.isEmpty(); p = p.getParent()) {
      Path file = p.resolve("shared/data/models").resolve(name);
      if (Files.exists(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
