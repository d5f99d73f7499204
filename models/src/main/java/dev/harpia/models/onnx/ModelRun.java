package dev.harpia.models.onnx;

import dev.harpia.nn.io.onnx.NeedsConstantException;
import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.io.onnx.OnnxTensor;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model compiled for the shapes of some inputs.
 *
 * @param fixed the inputs that are constants of the plan, because they decide shapes or branches
 */
public record ModelRun(Plan plan, Map<String, OnnxTensor> fixed) {
  /** Takes a copy of the map. */
  public ModelRun {
    fixed = Map.copyOf(fixed);
  }

  /**
   * Compiles for the shapes of these inputs; where shapes or branches depend on an input's values,
   * integers are fixed, and if that is not enough, everything.
   */
  public static ModelRun compile(OnnxModel model, Map<String, OnnxTensor> inputs)
      throws IOException {
    Map<String, Shape> shapes = new HashMap<>();
    Map<String, OnnxTensor> integers = new HashMap<>();
    Map<String, OnnxTensor> wide = new HashMap<>(); // 64-bit integers are known or not at all
    inputs.forEach(
        (name, t) -> {
          shapes.put(name, t.shape());
          if (!t.type().isFloat()) {
            integers.put(name, t);
            if (Arrays.stream(t.longs()).anyMatch(v -> (int) v != v)) {
              wide.put(name, t);
            }
          }
        });
    try {
      return new ModelRun(model.compile(shapes, wide), wide);
    } catch (NeedsConstantException e) {
      try {
        return new ModelRun(model.compile(shapes, integers), integers);
      } catch (NeedsConstantException again) {
        return new ModelRun(model.compile(shapes, inputs), inputs);
      }
    }
  }

  /** The outputs for inputs of the shapes that this was compiled for, copied. */
  public Map<String, Tensor> run(Map<String, OnnxTensor> inputs) {
    Plan.Workspace w = plan.newWorkspace();
    for (String name : plan.inputs()) {
      OnnxTensor t = inputs.get(name);
      if (t == null) {
        throw new IllegalArgumentException("run: no value for the input " + name);
      }
      w.input(name).copyFrom(t.tensor());
    }
    w.run();
    Map<String, Tensor> out = new LinkedHashMap<>();
    for (String name : plan.outputs()) {
      out.put(name, w.output(name).copy());
    }
    return out;
  }
}
