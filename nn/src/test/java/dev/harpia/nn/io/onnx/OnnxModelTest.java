package dev.harpia.nn.io.onnx;

import static dev.harpia.nn.io.onnx.ModelWriter.floats;
import static dev.harpia.nn.io.onnx.ModelWriter.longs;
import static dev.harpia.nn.io.onnx.ModelWriter.message;
import static dev.harpia.nn.io.onnx.ModelWriter.model;
import static dev.harpia.nn.io.onnx.ModelWriter.node;
import static dev.harpia.nn.io.onnx.ModelWriter.value;
import static dev.harpia.nn.io.onnx.ModelWriter.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {
  @TempDir private Path folder = Path.of(".");

  private OnnxModel load(byte[] bytes) throws IOException {
    return OnnxModel.load(Files.write(folder.resolve("m.onnx"), bytes));
  }

  private static float[] run(Plan plan, float... x) {
    Plan.Workspace w = plan.newWorkspace();
    w.input().copyFrom(x);
    w.run();
    return w.output().toArray();
  }

  @Test
  void batchNormGoesIntoTheConvolution() throws IOException {
    OnnxModel m = load(ModelWriter.small());
    assertThat(m.operators()).containsEntry("Conv", 1).containsEntry("Shape", 1);
    assertThat(m.inputs()).hasToString("[x FLOAT [1, 1, 4, 4]]");
    Plan plan = m.compile();
    assertThat(plan.describe()).contains("conv2d+relu").contains("3 steps");
    float[] x = values(16);
    Tensor c = convolution(x);
    float[] expected = c.reshape(1, 32).matmul(Tensor.of(values(96), Shape.of(32, 3))).toArray();
    float[] found = run(plan, x);
    for (int i = 0; i < 3; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-5f * (1 + Math.abs(expected[i]))));
    }
  }

  /** The definition of conv, batch-norm and ReLU, in doubles. */
  private static Tensor convolution(float[] x) {
    float[] w = values(18);
    double[] b = {0.5, -0.25};
    double[] gamma = {1.5, 0.5};
    double[] beta = {0.1, 0.2};
    double[] mean = {0.3, -0.1};
    double[] var = {0.7, 1.3};
    float[] y = new float[32];
    for (int o = 0; o < 2; o++) {
      for (int i = 0; i < 16; i++) {
        double s = b[o];
        for (int k = 0; k < 9; k++) {
          int row = i / 4 + k / 3 - 1;
          int column = i % 4 + k % 3 - 1;
          if (row >= 0 && row < 4 && column >= 0 && column < 4) {
            s += (double) x[row * 4 + column] * w[o * 9 + k];
          }
        }
        double n = (s - mean[o]) / Math.sqrt(var[o] + 1e-5) * gamma[o] + beta[o];
        y[o * 16 + i] = (float) Math.max(0, n);
      }
    }
    return Tensor.of(y, Shape.of(1, 2, 4, 4));
  }

  @Test
  void anotherShapeIsAnotherPlan() throws IOException {
    Plan plan = load(ModelWriter.small()).compile(Map.of("x", Shape.of(2, 1, 4, 4)), Map.of());
    Plan.Workspace w = plan.newWorkspace();
    assertThat(w.output("y").shape()).isEqualTo(Shape.of(2, 3));
  }

  @Test
  void shapesAreComputedInSixtyFourBits() throws IOException {
    var g = message();
    g.put(1, node("Slice", "x from to", "y"));
    g.put(5, longs("from", 1)).put(5, longs("to", Long.MAX_VALUE));
    g.put(11, value("x", 1, 4)).put(12, value("y", 1, 3));
    assertThat(run(load(model(13, g)).compile(), 1, 2, 3, 4)).containsExactly(2, 3, 4);
  }

  @Test
  void oldSoftmaxNormalisesOverAllAxesFromOneOn() throws IOException {
    var g = message();
    g.put(1, node("Softmax", "x", "y")).put(11, value("x", 1, 1, 2, 2));
    g.put(12, value("y", 1, 1, 2, 2));
    assertThat(run(load(model(12, g)).compile(), 0, 0, 0, 0)).containsOnly(0.25f);
    assertThat(run(load(model(13, g)).compile(), 0, 0, 0, 0)).containsOnly(0.5f);
  }

  @Test
  void unsupportedNodesAreAllListed() throws IOException {
    var g = message();
    g.put(1, node("Frobnicate", "x", "a")).put(1, node("Relu", "a", "b"));
    g.put(1, node("Defenestrate", "b", "y"));
    g.put(11, value("x", 1, 4)).put(12, value("y", 1, 4));
    OnnxModel m = load(model(13, g));
    assertThatThrownBy(m::compile)
        .isInstanceOf(UnsupportedNodesException.class)
        .hasMessageEndingWith(
            "unsupported: Frobnicate \"the_a\" (opset 13)\n  Defenestrate \"the_y\" (opset 13)");
    assertThat(m.unsupported()).hasSize(2);
  }

  @Test
  void anUnknownOperatorSetIsUnsupported() throws IOException {
    var g = message();
    g.put(1, node("Relu", "x", "y")).put(11, value("x", 1, 4)).put(12, value("y", 1, 4));
    assertThatThrownBy(() -> load(model(99, g)).compile())
        .hasMessageEndingWith("unsupported: operator set 99; 6 to 22 are supported");
  }

  @Test
  void whatDecidesShapesMustBeFixed() throws IOException {
    var g = message();
    g.put(1, node("Reshape", "x to", "y"));
    g.put(11, value("x", 1, 4)).put(11, value("to", 7, 2)).put(12, value("y", 1, 2, 2));
    OnnxModel m = load(model(13, g));
    assertThatThrownBy(m::compile)
        .isInstanceOf(NeedsConstantException.class)
        .hasMessageContaining("node Reshape \"the_y\"")
        .hasMessageEndingWith("compile with that input fixed");
    OnnxTensor to = OnnxTensor.of("to", Tensor.of(2, 2));
    Plan plan = m.compile(Map.of(), Map.of("to", to));
    assertThat(plan.inputs()).containsExactly("x");
    assertThat(plan.newWorkspace().output().shape()).isEqualTo(Shape.of(2, 2));
  }

  @Test
  void branchesAreChosenWhenAPlanIsMade() throws IOException {
    var yes = message().put(1, node("Neg", "x", "p")).put(12, value("p", 1, 2));
    var no = message().put(1, node("Frobnicate", "x", "q")).put(12, value("q", 1, 2));
    var g = message();
    g.put(1, node("Equal", "rate k", "same"));
    g.put(
        1,
        node(
            "If",
            "same",
            "y",
            message().put(1, "then_branch").put(6, yes),
            message().put(1, "else_branch").put(6, no)));
    g.put(5, longs("k", 16000));
    g.put(11, value("x", 1, 2)).put(11, value("rate", 7, 1)).put(12, value("y", 1, 2));
    OnnxModel m = load(model(16, g));
    assertThat(m.unsupported()).hasSize(1);
    OnnxTensor rate = OnnxTensor.of("rate", Tensor.of(new int[] {16000}));
    assertThat(run(m.compile(Map.of(), Map.of("rate", rate)), 1, 2)).containsExactly(-1, -2);
  }

  @Test
  void aFaultInANodeNamesIt() throws IOException {
    var g = message();
    g.put(1, node("MatMul", "x w", "y")).put(5, floats("w", new long[] {3, 1}, 1, 2, 3));
    g.put(11, value("x", 1, 1, 2)).put(12, value("y", 1, 1, 1));
    assertThatThrownBy(() -> load(model(13, g)).compile())
        .isInstanceOf(dev.harpia.nn.io.FormatException.class)
        .hasMessageContaining("node MatMul \"the_y\": matmul: [1, 2] and [3, 1]:");
  }

  @Test
  void refreshingChangesNothing() throws IOException {
    Plan plan = load(ModelWriter.small()).compile();
    float[] before = run(plan, values(16));
    plan.refresh();
    assertThat(run(plan, values(16))).containsExactly(before);
  }
}
