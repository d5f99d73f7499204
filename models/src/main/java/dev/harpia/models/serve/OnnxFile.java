package dev.harpia.models.serve;

import dev.harpia.models.onnx.ModelRun;
import dev.harpia.nn.io.onnx.NeedsConstantException;
import dev.harpia.nn.io.onnx.OnnxInput;
import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.io.onnx.OnnxTensor;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model in ONNX format. */
record OnnxFile(OnnxModel model) implements ModelFile {
  static OnnxFile load(Path file) throws IOException {
    return new OnnxFile(OnnxModel.load(file));
  }

  @Override
  public List<Port> inputs() {
    return model.inputs().stream()
        .map(i -> new Port(i.name(), i.type().inside(), i.dims()))
        .toList();
  }

  @Override
  public Plan compile(Map<String, Shape> shapes, Map<String, Tensor> fixed) throws IOException {
    check(shapes.keySet());
    check(fixed.keySet());
    try {
      return model.compile(shapes, constants(fixed));
    } catch (NeedsConstantException e) {
      throw new IllegalArgumentException(e.getMessage() + " (--fix NAME=NUMBERS)", e);
    }
  }

  private void check(Set<String> names) {
    List<String> all = model.inputs().stream().map(OnnxInput::name).toList();
    for (String name : names) {
      if (!all.contains(name)) {
        throw new IllegalArgumentException(
            model.file().getFileName() + ": no input is called " + name + "; there are " + all);
      }
    }
  }

  @Override
  public Compiled compileFor(Map<String, Tensor> inputs) throws IOException {
    check(inputs.keySet());
    ModelRun run = ModelRun.compile(model, constants(inputs));
    return new Compiled(run.plan(), List.copyOf(run.fixed().keySet()));
  }

  private static Map<String, OnnxTensor> constants(Map<String, Tensor> tensors) {
    Map<String, OnnxTensor> constants = new LinkedHashMap<>();
    tensors.forEach((name, t) -> constants.put(name, OnnxTensor.of(name, t)));
    return constants;
  }

  @Override
  public String toString() {
    return model.toString();
  }
}
