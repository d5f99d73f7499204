package dev.harpia.nn.io.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators whose form changed between operator sets 7 and 22, in the old one and the new one. */
class OperatorFormsTest {
  @TempDir private Path folder = Path.of(".");

  private static OperatorCase op(int opset, String operator, Tensor x) {
    return new OperatorCase(opset, operator).input(x);
  }

  private void check(OperatorCase c, Shape shape, float... expected) throws IOException {
    Tensor y = c.run(folder);
    assertThat(y.shape()).as(c.operator()).isEqualTo(shape);
    assertThat(y.toArray()).as(c.operator()).containsExactly(expected, within(1e-6f));
  }

  private static Tensor t(Shape s, float... v) {
    return Tensor.of(v, s);
  }

  @Test
  void reshape() throws IOException {
    Tensor x = t(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    float[] same = {1, 2, 3, 4, 5, 6};
    for (int opset : new int[] {7, 13, 14, 19, 21, 22}) {
      check(op(opset, "Reshape", x).known(3, -1), Shape.of(3, 2), same);
      check(op(opset, "Reshape", x).known(0, 1, 3), Shape.of(2, 1, 3), same); // 0: as it was
    }
    Tensor none = Tensor.zeros(0, 3);
    check(op(14, "Reshape", none).known(3, 0).i("allowzero", 1), Shape.of(3, 0));
  }

  @Test
  void squeezeAndUnsqueeze() throws IOException {
    Tensor x = t(Shape.of(1, 2, 1), 5, 6);
    for (int opset : new int[] {7, 11, 12}) { // axes are an attribute
      check(op(opset, "Squeeze", x).is("axes", 0), Shape.of(2, 1), 5, 6);
      check(op(opset, "Unsqueeze", x).is("axes", 0, 4), Shape.of(1, 1, 2, 1, 1), 5, 6);
    }
    check(op(11, "Squeeze", x).is("axes", -1), Shape.of(1, 2), 5, 6);
    for (int opset : new int[] {13, 21, 22}) { // and an input
      check(op(opset, "Squeeze", x).known(-1), Shape.of(1, 2), 5, 6);
      check(op(opset, "Unsqueeze", x).known(-1), Shape.of(1, 2, 1, 1), 5, 6);
    }
    for (int opset : new int[] {7, 13, 22}) {
      check(op(opset, "Squeeze", x), Shape.of(2), 5, 6);
    }
  }

  @Test
  void reductions() throws IOException {
    Tensor x = t(Shape.of(2, 2), 1, 2, 3, 4);
    for (int opset : new int[] {7, 11, 12}) {
      check(op(opset, "ReduceSum", x).is("axes", 1), Shape.of(2, 1), 3, 7);
    }
    for (int opset : new int[] {13, 18, 22}) {
      check(op(opset, "ReduceSum", x).known(1), Shape.of(2, 1), 3, 7);
      check(op(opset, "ReduceSum", x).i("noop_with_empty_axes", 1), Shape.of(2, 2), 1, 2, 3, 4);
    }
    for (int opset : new int[] {7, 13, 17}) { // the others changed later
      check(op(opset, "ReduceMean", x).is("axes", 0).i("keepdims", 0), Shape.of(2), 2, 3);
      check(op(opset, "ReduceMax", x).is("axes", 0).i("keepdims", 0), Shape.of(2), 3, 4);
    }
    for (int opset : new int[] {18, 20, 22}) {
      check(op(opset, "ReduceMean", x).known(0).i("keepdims", 0), Shape.of(2), 2, 3);
      check(op(opset, "ReduceMax", x).known(-2).i("keepdims", 0), Shape.of(2), 3, 4);
    }
    for (int opset : new int[] {7, 12, 13, 22}) {
      check(op(opset, "ReduceSum", x), Shape.of(1, 1), 10);
    }
  }

  @Test
  void softmax() throws IOException {
    Tensor x = Tensor.zeros(2, 2, 2);
    for (int opset : new int[] {7, 11, 12}) { // over all axes from the first on
      check(op(opset, "Softmax", x), Shape.of(2, 2, 2), fill(0.25f));
      check(op(opset, "Softmax", x).i("axis", 2), Shape.of(2, 2, 2), fill(0.5f));
      check(op(opset, "LogSoftmax", x), Shape.of(2, 2, 2), fill((float) Math.log(0.25)));
    }
    for (int opset : new int[] {13, 22}) { // over the last
      check(op(opset, "Softmax", x), Shape.of(2, 2, 2), fill(0.5f));
      check(op(opset, "Softmax", x).i("axis", 0), Shape.of(2, 2, 2), fill(0.5f));
    }
  }

  private static float[] fill(float v) {
    float[] all = new float[8];
    java.util.Arrays.fill(all, v);
    return all;
  }

  @Test
  void resize() throws IOException {
    Tensor x = t(Shape.of(1, 1, 1, 2), 1, 3);
    Tensor none = Tensor.of(new float[0]);
    Tensor scales = Tensor.of(new float[] {1, 1, 1, 2});
    float[] nearest = {1, 1, 3, 3};
    Shape y = Shape.of(1, 1, 1, 4);
    check(op(9, "Upsample", x).known(scales), y, nearest);
    check(op(10, "Resize", x).known(scales), y, nearest);
    // linear: places by their left edges in set 10, by their centres from 11 on
    check(op(10, "Resize", x).known(scales).s("mode", "linear"), y, 1, 2, 3, 3);
    for (int opset : new int[] {11, 13, 18, 19, 22}) {
      check(op(opset, "Resize", x).known(none).known(scales), y, nearest);
      OperatorCase linear = op(opset, "Resize", x).known(none).known(scales).s("mode", "linear");
      check(linear, y, 1, 1.5f, 2.5f, 3);
      check(op(opset, "Resize", x).known(none).known(none).known(1, 1, 1, 4), y, nearest);
    }
    OperatorCase axes = op(18, "Resize", x).known(none).known(none).known(4).is("axes", 3);
    check(axes, y, nearest);
  }
}
