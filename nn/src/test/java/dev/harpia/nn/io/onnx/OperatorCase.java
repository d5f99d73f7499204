package dev.harpia.nn.io.onnx;

import static dev.harpia.nn.io.onnx.ModelWriter.ints;
import static dev.harpia.nn.io.onnx.ModelWriter.message;
import static dev.harpia.nn.io.onnx.ModelWriter.model;
import static dev.harpia.nn.io.onnx.ModelWriter.node;
import static dev.harpia.nn.io.onnx.ModelWriter.value;
import static dev.harpia.nn.io.onnx.ModelWriter.values;

import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An operator on inputs, some of which are known when it is compiled. */
final class OperatorCase {
  private final int opset;
  private final String operator;
  private final List<ModelWriter> attributes = new ArrayList<>();
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> fixed = new HashMap<>();
  private int outputs = 1;

  OperatorCase(int opset, String operator) {
    this.opset = opset;
    this.operator = operator;
  }

  OperatorCase x(int... dims) {
    Shape s = Shape.of(dims);
    return input(Tensor.of(values(Math.toIntExact(s.size())), s));
  }

  /** Whole numbers from 0 to 3. */
  OperatorCase ints32(int... dims) {
    Shape s = Shape.of(dims);
    int[] v = new int[Math.toIntExact(s.size())];
    for (int i = 0; i < v.length; i++) {
      v[i] = i * 7 % 4;
    }
    return input(Tensor.of(v, s));
  }

  OperatorCase input(Tensor t) {
    String name = "x" + inputs.size();
    inputs.put(name, OnnxTensor.of(name, t.copy()));
    return this;
  }

  OperatorCase known(int... v) {
    return known(Tensor.of(v));
  }

  OperatorCase known(Tensor t) {
    String name = "x" + inputs.size();
    fixed.put(name, OnnxTensor.of(name, t.copy()));
    return input(t);
  }

  OperatorCase i(String name, long v) {
    attributes.add(message().put(1, name).put(3, v));
    return this;
  }

  OperatorCase s(String name, String v) {
    attributes.add(message().put(1, name).put(4, v));
    return this;
  }

  OperatorCase is(String name, long... v) {
    attributes.add(ints(name, v));
    return this;
  }

  OperatorCase outputs(int n) {
    outputs = n;
    return this;
  }

  Plan plan(Path folder) throws IOException {
    StringBuilder out = new StringBuilder("y0");
    for (int i = 1; i < outputs; i++) {
      out.append(" y").append(i);
    }
    ModelWriter[] a = attributes.toArray(ModelWriter[]::new);
    ModelWriter n = node(operator, String.join(" ", inputs.keySet()), out.toString(), a);
    ModelWriter g = message().put(1, n);
    Map<String, Shape> shapes = new HashMap<>();
    inputs.forEach(
        (name, t) -> {
          g.put(11, value(name, t.type() == OnnxType.FLOAT ? 1 : 6, t.shape().dims()));
          shapes.put(name, t.shape());
        });
    for (int i = 0; i < outputs; i++) {
      g.put(12, value("y" + i, 1));
    }
    Path file = Files.write(folder.resolve("m.onnx"), model(opset, g));
    return OnnxModel.load(file).compile(shapes, fixed);
  }

  String operator() {
    return operator;
  }

  Tensor input(String name) {
    OnnxTensor t = inputs.get(name);
    if (t == null) {
      throw new IllegalArgumentException(name);
    }
    return t.tensor();
  }

  /** The only output. */
  Tensor run(Path folder) throws IOException {
    Plan.Workspace w = start(plan(folder));
    w.run();
    return w.output().copy();
  }

  /** With the inputs' values. */
  Plan.Workspace start(Plan plan) {
    Plan.Workspace w = plan.newWorkspace();
    for (String name : plan.inputs()) {
      w.input(name).copyFrom(input(name));
    }
    return w;
  }
}
