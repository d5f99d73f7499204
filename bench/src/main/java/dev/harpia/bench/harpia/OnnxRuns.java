package dev.harpia.bench.harpia;

import dev.harpia.bench.suite.Call;
import dev.harpia.bench.suite.OnnxFiles;
import dev.harpia.nn.io.onnx.OnnxInput;
import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.io.onnx.OnnxTensor;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Model files as services run them: heap arrays in, heap arrays out. */
final class OnnxRuns {
  private OnnxRuns() {}

  static Optional<Call> open(String workload) throws IOException {
    Optional<Path> file = OnnxFiles.of(workload);
    return file.isEmpty() ? Optional.empty() : Optional.of(open(workload, file.get()));
  }

  private static Call open(String workload, Path file) throws IOException {
    OnnxModel model = OnnxModel.load(file);
    Map<String, Shape> shapes = new HashMap<>();
    Map<String, OnnxTensor> fixed = new HashMap<>();
    for (OnnxInput i : model.inputs()) {
      int[] dims = OnnxFiles.dims(workload, i.name());
      if (dims.length == 0) {
        Tensor rate = Tensor.of(new int[] {(int) OnnxFiles.RATE}, Shape.SCALAR);
        fixed.put(i.name(), OnnxTensor.of(i.name(), rate));
      } else {
        shapes.put(i.name(), Shape.of(dims));
      }
    }
    Plan plan = model.compile(shapes, fixed);
    Plan.Workspace w = plan.newWorkspace();
    List<Runnable> before = new ArrayList<>();
    for (String name : plan.inputs()) {
      Tensor t = w.input(name);
      if (t.type() == DType.F32) {
        float[] v = OnnxFiles.values((int) t.size());
        before.add(() -> t.copyFrom(v));
      } else {
        int[] v = OnnxFiles.integers((int) t.size());
        before.add(() -> t.copyFrom(v));
      }
    }
    List<Runnable> after = new ArrayList<>();
    for (String name : plan.outputs()) {
      Tensor t = w.output(name);
      float[] y = new float[(int) t.size()];
      after.add(() -> t.copyTo(y));
    }
    Runnable[] in = before.toArray(Runnable[]::new);
    Runnable[] out = after.toArray(Runnable[]::new);
    return () -> {
      for (Runnable r : in) {
        r.run();
      }
      w.run();
      for (Runnable r : out) {
        r.run();
      }
    };
  }
}
