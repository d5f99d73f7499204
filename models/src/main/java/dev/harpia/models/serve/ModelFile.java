package dev.harpia.models.serve;

import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A model in a file, to be compiled for shapes of its inputs. */
public sealed interface ModelFile permits OnnxFile, SavedNetwork {
  /** Reads a model: ONNX, or the weights of one of our own networks, which tell which it is. */
  static ModelFile load(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".onnx")) {
      return OnnxFile.load(file);
    }
    if (name.endsWith(".safetensors")) {
      return SavedNetwork.load(file);
    }
    throw new IllegalArgumentException(
        file + ": the name of a model must end in .onnx or .safetensors");
  }

  /** Its inputs. */
  List<Port> inputs();

  /**
   * Compiles it.
   *
   * @param shapes the shapes of inputs; where one is missing, the file's, with 1 for what it leaves
   *     open
   * @param fixed inputs that become constants
   */
  Plan compile(Map<String, Shape> shapes, Map<String, Tensor> fixed) throws IOException;

  /** Compiles it for these inputs, fixing those whose values decide shapes or branches. */
  Compiled compileFor(Map<String, Tensor> inputs) throws IOException;

  /**
   * A plan, and the inputs that are constants of it.
   *
   * @param fixed the names of those inputs
   */
  record Compiled(Plan plan, List<String> fixed) {
    /** Takes a copy of the list. */
    public Compiled {
      fixed = List.copyOf(fixed);
    }
  }
}
