package dev.harpia.nn.io.onnx;

import static dev.harpia.nn.io.onnx.ModelWriter.ints;
import static dev.harpia.nn.io.onnx.ModelWriter.message;
import static dev.harpia.nn.io.onnx.ModelWriter.model;
import static dev.harpia.nn.io.onnx.ModelWriter.node;
import static dev.harpia.nn.io.onnx.ModelWriter.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single operators against results worked out by hand. */
class OperatorsTest {
  @TempDir private Path folder = Path.of(".");

  /** Inputs of one node, by the order in which they were given. */
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();

  private final Map<String, OnnxTensor> fixed = new HashMap<>();

  private OperatorsTest x(Tensor t) {
    String name = "x" + inputs.size();
    inputs.put(name, OnnxTensor.of(name, t));
    return this;
  }

  private OperatorsTest x(float... v) {
    return x(Tensor.of(v));
  }

  private OperatorsTest x(int... v) {
    return x(Tensor.of(v));
  }

  /** An input that the operator needs to know when it is compiled. */
  private OperatorsTest known(int... v) {
    return known(Tensor.of(v));
  }

  private OperatorsTest known(Tensor t) {
    String name = "x" + inputs.size();
    fixed.put(name, OnnxTensor.of(name, t));
    return x(t);
  }

  private Map<String, Tensor> run(int opset, String op, int outputs, ModelWriter... attributes)
      throws IOException {
    StringBuilder out = new StringBuilder("y0");
    for (int i = 1; i < outputs; i++) {
      out.append(" y").append(i);
    }
    ModelWriter g =
        message().put(1, node(op, String.join(" ", inputs.keySet()), out.toString(), attributes));
    Map<String, Shape> shapes = new HashMap<>();
    inputs.forEach(
        (name, t) -> {
          g.put(11, value(name, t.type() == OnnxType.FLOAT ? 1 : 6, t.shape().dims()));
          shapes.put(name, t.shape());
        });
    for (int i = 0; i < outputs; i++) {
      g.put(12, value("y" + i, 1));
    }
    OnnxModel m = OnnxModel.load(Files.write(folder.resolve("m.onnx"), model(opset, g)));
    Plan plan = m.compile(shapes, fixed);
    Plan.Workspace w = plan.newWorkspace();
    for (String name : plan.inputs()) {
      w.input(name).copyFrom(inputs.get(name).tensor());
    }
    w.run();
    Map<String, Tensor> found = new HashMap<>();
    plan.outputs().forEach(name -> found.put(name, w.output(name).copy()));
    return found;
  }

  private Tensor one(int opset, String op, ModelWriter... attributes) throws IOException {
    return run(opset, op, 1, attributes).get("y0");
  }

  private static ModelWriter i(String name, long v) {
    return message().put(1, name).put(3, v);
  }

  private static ModelWriter s(String name, String v) {
    return message().put(1, name).put(4, v);
  }

  private static void same(Tensor found, float... expected) {
    float[] v = found.type() == DType.F32 ? found.toArray() : found.toFloat().toArray();
    assertThat(v).containsExactly(expected, within(1e-5f));
  }

  private static Tensor t(Shape shape, float... v) {
    return Tensor.of(v, shape);
  }

  @Test
  void topK() throws IOException {
    x(t(Shape.of(2, 3), 1, 3, 2, 6, 4, 5)).known(2);
    Map<String, Tensor> y = run(11, "TopK", 2);
    same(y.get("y0"), 3, 2, 6, 5);
    same(y.get("y1"), 1, 2, 0, 2);
  }

  @Test
  void topKOfIntegersAlongTheFirstAxis() throws IOException {
    x(Tensor.of(new int[] {16777217, 2, 16777216, 3}, Shape.of(2, 2))).known(1);
    Map<String, Tensor> y = run(11, "TopK", 2, i("axis", 0), i("largest", 0));
    assertThat(y.get("y0").toIntArray()).containsExactly(16777216, 2);
    same(y.get("y1"), 1, 0);
  }

  @Test
  void cumulativeSums() throws IOException {
    x(1f, 2, 3).known(0);
    same(one(14, "CumSum"), 1, 3, 6);
    same(one(14, "CumSum", i("exclusive", 1), i("reverse", 1)), 5, 3, 0);
  }

  @Test
  void scatteredElements() throws IOException {
    x(t(Shape.of(1, 3), 1, 2, 3)).x(Tensor.of(new int[] {1, -1, 1}, Shape.of(1, 3)));
    x(t(Shape.of(1, 3), 10, 20, 30));
    same(one(18, "ScatterElements", i("axis", 1)), 1, 30, 20);
    same(one(18, "ScatterElements", i("axis", 1), s("reduction", "add")), 1, 42, 23);
    same(one(18, "ScatterElements", i("axis", 1), s("reduction", "max")), 1, 30, 20);
  }

  @Test
  void anIndexOutsideIsAnException() {
    x(t(Shape.of(1, 2), 1, 2)).x(Tensor.of(new int[] {2}, Shape.of(1, 1)));
    x(t(Shape.of(1, 1), 9));
    assertThatThrownBy(() -> one(18, "ScatterElements", i("axis", 1)))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("ScatterElements: index 2 into an axis of 2");
  }

  @Test
  void scatteredAndGatheredSlices() throws IOException {
    x(t(Shape.of(2, 2), 1, 2, 3, 4)).x(Tensor.of(new int[] {1}, Shape.of(1, 1)));
    x(t(Shape.of(1, 2), 8, 9));
    same(one(16, "ScatterND"), 1, 2, 8, 9);
    inputs.remove("x2");
    same(one(13, "GatherND"), 3, 4);
  }

  @Test
  void hotElements() throws IOException {
    x(0, -1, 7).known(3).x(5f, 9);
    Tensor y = one(11, "OneHot");
    assertThat(y.shape()).isEqualTo(Shape.of(3, 3));
    same(y, 9, 5, 5, 5, 5, 9, 5, 5, 5);
  }

  @Test
  void triangles() throws IOException {
    x(t(Shape.of(2, 2), 1, 2, 3, 4));
    same(one(14, "Trilu"), 1, 2, 0, 4);
    same(one(14, "Trilu", i("upper", 0)), 1, 0, 3, 4);
  }

  @Test
  void aFourierTransform() throws IOException {
    x(t(Shape.of(1, 4, 1), 1, 2, 3, 4));
    same(one(17, "DFT", i("axis", 1)), 10, 0, -2, 2, -2, 0, -2, -2);
    same(one(17, "DFT", i("axis", 1), i("onesided", 1)), 10, 0, -2, 2, -2, 0);
  }

  @Test
  void framesOfASignal() throws IOException {
    x(t(Shape.of(1, 6, 1), 1, 2, 3, 4, 5, 6)).known(Tensor.of(new int[] {2}, Shape.SCALAR));
    x(1f, 0, 0, 1);
    Tensor y = one(17, "STFT");
    assertThat(y.shape()).isEqualTo(Shape.of(1, 2, 3, 2));
    // frames 1 . . 4 and 3 . . 6: a + b·e^(−2πi·3k/4)
    same(y, 5, 0, 1, 4, -3, 0, 9, 0, 3, 6, -3, 0);
  }

  @Test
  void integersWrapRoundAsTheirTypeHasIt() throws IOException {
    x(200, 3).x(100, 4);
    ModelWriter g = message();
    g.put(1, node("Cast", "a", "p", i("to", 2))).put(1, node("Cast", "b", "q", i("to", 2)));
    g.put(1, node("Add", "p q", "y"));
    g.put(11, value("a", 6, 2)).put(11, value("b", 6, 2)).put(12, value("y", 2, 2));
    OnnxModel m = OnnxModel.load(Files.write(folder.resolve("w.onnx"), model(14, g)));
    Plan.Workspace w = m.compile().newWorkspace();
    w.input("a").copyFrom(new int[] {200, 3});
    w.input("b").copyFrom(new int[] {100, 4});
    w.run();
    assertThat(w.output().toIntArray()).containsExactly(44, 7);
  }

  @Test
  void castsRoundToNarrowFloats() throws IOException {
    x(1.01f, 300, 1e6f);
    same(one(19, "Cast", i("to", 16)), 1.0078125f, 300, 999424);
    same(one(19, "Cast", i("to", 17)), 1, 288, 448);
    assertThat(one(19, "Cast", i("to", 17), i("saturate", 0)).toArray()).endsWith(Float.NaN);
    assertThat(one(19, "Cast", i("to", 10)).toArray()).endsWith(Float.POSITIVE_INFINITY);
  }

  @Test
  void whatDoesNotFitThirtyTwoBitsIsAnException() {
    x(3e9f);
    assertThatThrownBy(() -> one(13, "Cast", i("to", 7)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("does not fit the 32 bits");
  }

  @Test
  void quantizedNumbers() throws IOException {
    x(-1f, 0.5f, 1.5f, 1000).x(0.5f);
    same(one(13, "QuantizeLinear"), 0, 1, 3, 255);
    inputs.clear();
    x(-0.5f, 0, 2.05f);
    Map<String, Tensor> y = run(13, "DynamicQuantizeLinear", 3);
    same(y.get("y0"), 0, 50, 255);
    same(y.get("y1"), 0.01f);
    same(y.get("y2"), 50);
  }

  @Test
  void lossOfClasses() throws IOException {
    x(t(Shape.of(2, 2), -1, -2, -3, -4)).x(0, 1);
    same(one(13, "NegativeLogLikelihoodLoss"), 2.5f);
    same(one(13, "NegativeLogLikelihoodLoss", s("reduction", "none")), 1, 4);
    same(one(13, "NegativeLogLikelihoodLoss", i("ignore_index", 1)), 1);
  }

  @Test
  void boxesThatOverlapAreSuppressed() throws IOException {
    known(t(Shape.of(1, 3, 4), 0, 0, 1, 1, 0, 0, 1, 0.9f, 2, 2, 3, 3));
    known(t(Shape.of(1, 1, 3), 0.5f, 0.9f, 0.3f)).known(3).known(Tensor.of(0.5f));
    same(one(11, "NonMaxSuppression"), 0, 0, 1, 0, 0, 2);
  }

  @Test
  void picturesAtPlaces() throws IOException {
    x(t(Shape.of(1, 1, 2, 2), 1, 2, 3, 4)).x(t(Shape.of(1, 1, 2, 2), 0, 0, 1, 1));
    same(one(20, "GridSample", i("align_corners", 1)), 2.5f, 4);
    same(one(20, "GridSample", i("align_corners", 1), s("mode", "nearest")), 1, 4);
    same(one(20, "GridSample"), 2.5f, 1);
  }

  @Test
  void threeDimensionalWindows() throws IOException {
    x(t(Shape.of(1, 1, 2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8));
    ModelWriter kernel = ints("kernel_shape", 2, 2, 2);
    same(one(12, "MaxPool", kernel), 8);
    same(one(12, "AveragePool", kernel), 4.5f);
    x(t(Shape.of(1, 1, 1, 1, 2), 1, -1));
    same(one(12, "Conv"), -1, -1, -1, -1);
  }

  @Test
  void meansCountPaddingButNotWhatLiesBeyondIt() throws IOException {
    x(t(Shape.of(1, 1, 3), 1, 2, 3));
    ModelWriter kernel = ints("kernel_shape", 2);
    // windows 1 2 and 3: the second one's other element lies beyond the end
    same(
        one(
            19,
            "AveragePool",
            kernel,
            ints("strides", 2),
            i("ceil_mode", 1),
            i("count_include_pad", 1)),
        1.5f,
        3);
  }

  @Test
  void aLoopIsUnrolled() throws IOException {
    ModelWriter body = message().put(2, "body");
    body.put(1, node("Identity", "go", "on")).put(1, node("Add", "v v", "w"));
    body.put(1, node("Identity", "w", "scan"));
    body.put(11, value("n", 7)).put(11, value("go", 9)).put(11, value("v", 1, 1));
    body.put(12, value("on", 9)).put(12, value("w", 1, 1)).put(12, value("scan", 1, 1));
    known(Tensor.of(new int[] {3}, Shape.SCALAR)).known(Tensor.of(new int[] {1}, Shape.SCALAR));
    x(1.5f);
    Map<String, Tensor> y = run(13, "Loop", 2, message().put(1, "body").put(6, body));
    same(y.get("y0"), 12);
    same(y.get("y1"), 3, 6, 12);
  }

  @Test
  void aScanAddsUp() throws IOException {
    ModelWriter body = message().put(2, "body");
    body.put(1, node("Add", "s e", "t")).put(1, node("Identity", "t", "u"));
    body.put(11, value("s", 1, 1)).put(11, value("e", 1, 1));
    body.put(12, value("t", 1, 1)).put(12, value("u", 1, 1));
    x(0f).x(t(Shape.of(3, 1), 1, 2, 3));
    Map<String, Tensor> y =
        run(9, "Scan", 2, message().put(1, "body").put(6, body), i("num_scan_inputs", 1));
    same(y.get("y0"), 6);
    same(y.get("y1"), 1, 3, 6);
  }

  @Test
  void theResetGateBeforeTheProduct() throws IOException {
    // H = 1: z = σ(x + h), r = σ(x + h), n = tanh(x + r·h), h' = (1 − z)·n + z·h
    x(t(Shape.of(1, 1, 1), 0.5f)).x(t(Shape.of(1, 3, 1), 1, 1, 1)).x(t(Shape.of(1, 3, 1), 1, 1, 1));
    x(t(Shape.of(1, 6), 0, 0, 0, 0, 0, 0));
    known(1).x(t(Shape.of(1, 1, 1), 0.25f));
    double z = 1 / (1 + Math.exp(-0.75));
    double n = Math.tanh(0.5 + z * 0.25);
    same(one(14, "GRU", i("hidden_size", 1)), (float) ((1 - z) * n + z * 0.25));
  }

  @Test
  void bitsOfIntegers() throws IOException {
    x(6, 12).x(3, 10);
    same(one(18, "BitwiseAnd"), 2, 8);
    same(one(18, "BitwiseXor"), 5, 6);
  }

  @Test
  void distinctElements() throws IOException {
    known(Tensor.of(2f, 1, 1, 3, 4, 3));
    Map<String, Tensor> y = run(11, "Unique", 4);
    same(y.get("y0"), 1, 2, 3, 4);
    same(y.get("y1"), 1, 0, 3, 4);
    same(y.get("y2"), 1, 0, 0, 2, 3, 2);
    same(y.get("y3"), 2, 1, 2, 1);
  }
}
