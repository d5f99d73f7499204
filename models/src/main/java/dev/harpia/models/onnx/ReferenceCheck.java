package dev.harpia.models.onnx;

import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.io.onnx.OnnxTensor;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model beside the outputs that another program computed with it. */
public final class ReferenceCheck {
  private static final String IN = "in.";
  private static final String OUT = "out.";

  private ReferenceCheck() {}

  /**
   * Runs a model on the tensors {@code in.<input>} of a file and compares its outputs with {@code
   * out.<output>}.
   *
   * @return the difference of each output
   */
  public static Map<String, Difference> run(Path model, Path reference) throws IOException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    Map<String, Tensor> expected = new LinkedHashMap<>();
    SafeTensors.load(reference)
        .forEach(
            (name, t) -> {
              if (name.startsWith(IN)) {
                String input = name.substring(IN.length());
                inputs.put(input, OnnxTensor.of(input, t));
              } else if (name.startsWith(OUT)) {
                expected.put(name.substring(OUT.length()), t);
              }
            });
    if (expected.isEmpty()) {
      throw new IllegalArgumentException(
          reference + ": no tensor is called " + OUT + "<output>: nothing to compare");
    }
    Map<String, Tensor> found = ModelRun.compile(OnnxModel.load(model), inputs).run(inputs);
    Map<String, Difference> result = new LinkedHashMap<>();
    expected.forEach(
        (name, b) -> {
          Tensor a = found.get(name);
          if (a == null) {
            throw new IllegalArgumentException(
                reference + ": the model has no output " + name + "; it has " + found.keySet());
          }
          result.put(name, Difference.ofWhole(a, b));
        });
    return result;
  }
}
