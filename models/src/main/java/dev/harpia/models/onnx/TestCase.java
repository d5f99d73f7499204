package dev.harpia.models.onnx;

import dev.harpia.nn.io.FormatException;
import dev.harpia.nn.io.onnx.OnnxInput;
import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.io.onnx.OnnxTensor;
import dev.harpia.nn.io.onnx.OnnxType;
import dev.harpia.nn.io.onnx.UnsupportedNodesException;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A directory in the layout of ONNX's backend tests: {@code model.onnx}, and {@code
 * test_data_set_*} with {@code input_*.pb} and {@code output_*.pb}.
 *
 * @param detail what is wrong or unsupported; empty where it passed
 */
public record TestCase(Path directory, Outcome outcome, String detail) {
  private static final String MODEL = "model.onnx";

  /** What came of it. */
  public enum Outcome {
    PASSED,
    FAILED,
    UNSUPPORTED
  }

  /** All such directories in or under these, in order of their names. */
  public static List<Path> find(List<Path> roots) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path root : roots) {
      try (Stream<Path> files = Files.walk(root)) {
        files
            .filter(f -> f.endsWith(MODEL))
            .map(f -> f.resolveSibling("."))
            .map(Path::normalize)
            .sorted()
            .forEach(found::add);
      }
    }
    return found;
  }

  /** Runs a directory. */
  public static TestCase run(Path directory) {
    try {
      OnnxModel model = OnnxModel.load(directory.resolve(MODEL));
      int sets = 0;
      try (Stream<Path> parts = Files.list(directory)) {
        for (Path set : parts.filter(Files::isDirectory).sorted().toList()) {
          if (set.getFileName().toString().startsWith("test_data_set_")) {
            sets++;
            String fault = run(model, set);
            if (!fault.isEmpty()) {
              return new TestCase(directory, Outcome.FAILED, set.getFileName() + ": " + fault);
            }
          }
        }
      }
      return sets == 0
          ? new TestCase(directory, Outcome.FAILED, "no test_data_set_*")
          : new TestCase(directory, Outcome.PASSED, "");
    } catch (UnsupportedNodesException e) {
      return new TestCase(directory, Outcome.UNSUPPORTED, String.join("; ", e.nodes()));
    } catch (IOException | RuntimeException e) {
      String text = e instanceof FormatException ? "" : e.getClass().getSimpleName() + ": ";
      return new TestCase(directory, Outcome.FAILED, text + e.getMessage());
    }
  }

  private static OnnxTensor load(Path file, OnnxInput as) throws IOException {
    OnnxTensor t = OnnxTensor.load(file);
    return as.type() == OnnxType.BFLOAT16 ? t.bfloat16() : t;
  }

  private static String run(OnnxModel model, Path set) throws IOException {
    for (OnnxInput v : Stream.concat(model.inputs().stream(), model.outputs().stream()).toList()) {
      if (v.type() == OnnxType.OTHER) {
        throw new UnsupportedNodesException(
            model.file(), List.of("\"" + v.name() + "\" is no tensor of numbers"));
      }
    }
    Map<String, OnnxTensor> inputs = new HashMap<>();
    int i = 0;
    for (OnnxInput input : model.inputs()) {
      Path file = set.resolve("input_" + i++ + ".pb");
      if (Files.exists(file)) {
        inputs.put(input.name(), load(file, input));
      }
    }
    Map<String, Tensor> found = ModelRun.compile(model, inputs).run(inputs);
    int k = 0;
    for (OnnxInput output : model.outputs()) {
      Path file = set.resolve("output_" + k++ + ".pb");
      Tensor a = found.get(output.name());
      if (Files.exists(file) && a != null) {
        Tensor b = load(file, output).tensor();
        Difference d = Difference.ofElements(a, b);
        if (!d.passed()) {
          return output.name() + " " + a.shape() + ", expected " + b.shape() + ", " + d;
        }
      }
    }
    return "";
  }
}
