package dev.harpia.nn.io.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Plans of single operators with static shapes allocate nothing on the Java heap. */
@Tag("full")
class OperatorsAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int RUNS = 200;

  @TempDir private Path folder = Path.of(".");

  private static OperatorCase op(int opset, String operator) {
    return new OperatorCase(opset, operator);
  }

  private static List<OperatorCase> cases() {
    List<OperatorCase> all = new ArrayList<>();
    for (String f :
        new String[] {
          "Asin",
          "Atanh",
          "Erf",
          "HardSwish",
          "Mish",
          "Selu",
          "Shrink",
          "Celu",
          "Softsign",
          "IsNaN",
          "IsInf",
          "Sign",
          "Round",
          "Hardmax",
          "LpNormalization",
          "MeanVarianceNormalization",
          "GlobalMaxPool",
          "GlobalLpPool",
          "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "ReduceMax",
          "ReduceMin",
          "ReduceProd",
          "ReduceSumSquare",
          "ArgMax",
          "ArgMin",
          "Softmax",
          "LogSoftmax",
          "Transpose",
          "Flatten"
        }) {
      all.add(op(17, f).x(2, 3, 4, 5));
    }
    for (String f : new String[] {"Add", "Div", "Max", "Min", "Mean", "Equal", "Less", "PRelu"}) {
      all.add(op(17, f).x(2, 3, 4, 5).x(5));
    }
    for (String f : new String[] {"Add", "Mul", "Mod", "Max", "Equal", "BitwiseXor"}) {
      all.add(op(18, f).ints32(3, 5).ints32(5));
    }
    long[] two = {2, 2};
    long[] cube = {2, 2, 2};
    all.add(op(17, "LpPool").x(1, 2, 6, 6).is("kernel_shape", two));
    all.add(op(17, "AveragePool").x(1, 2, 4, 4, 4).is("kernel_shape", cube));
    all.add(op(17, "MaxPool").x(1, 2, 4, 4, 4).is("kernel_shape", cube));
    all.add(op(17, "Conv").x(1, 2, 5, 5, 5).x(3, 2, 2, 2, 2));
    all.add(op(17, "ConvTranspose").x(1, 2, 4, 4).x(2, 3, 2, 2));
    all.add(op(17, "LRN").x(1, 5, 4, 4).i("size", 3));
    all.add(op(17, "InstanceNormalization").x(1, 3, 4, 4).x(3).x(3));
    all.add(op(21, "GroupNormalization").x(1, 4, 4, 4).x(4).x(4).i("num_groups", 2));
    all.add(op(17, "LayerNormalization").x(2, 3, 8).x(8).x(8).outputs(3));
    all.add(op(19, "DeformConv").x(1, 1, 4, 4).x(1, 1, 2, 2).x(1, 8, 3, 3));
    all.add(op(20, "GridSample").x(1, 2, 4, 4).x(1, 3, 3, 2));
    all.add(op(20, "AffineGrid").x(1, 2, 3).known(1, 1, 3, 4));
    all.add(op(18, "Col2Im").x(1, 8, 9).known(4, 4).known(2, 2));
    all.add(op(16, "RoiAlign").x(1, 2, 6, 6).x(2, 4).known(0, 0).i("output_height", 2));
    all.add(op(17, "DFT").x(1, 8, 1).i("axis", 1));
    all.add(op(17, "STFT").x(1, 16, 1).known(Tensor.of(new int[] {4}, Shape.SCALAR)).x(8));
    all.add(op(11, "TopK").x(3, 8).known(3).outputs(2));
    all.add(op(14, "CumSum").x(3, 8).known(Tensor.of(new int[] {1}, Shape.SCALAR)));
    all.add(op(14, "Trilu").x(2, 5, 5));
    all.add(op(13, "Tile").x(2, 3).known(2, 2));
    all.add(op(13, "Pad").x(2, 3).known(1, 0, 0, 2));
    all.add(op(13, "Pad").x(2, 5).known(1, 2, 1, 2).s("mode", "reflect"));
    all.add(op(13, "Expand").x(3, 1).known(2, 3, 4));
    all.add(op(13, "Slice").x(4, 6).known(0, 1).known(4, 6).known(0, 1).known(1, 2));
    all.add(op(13, "DepthToSpace").x(1, 8, 2, 3).i("blocksize", 2));
    all.add(op(13, "SpaceToDepth").x(1, 2, 4, 6).i("blocksize", 2));
    all.add(op(10, "ReverseSequence").x(4, 3, 2).known(1, 2, 4).i("time_axis", 0));
    all.add(op(18, "CenterCropPad").x(5, 4).known(3, 6));
    all.add(op(13, "Gather").x(5, 3).ints32(2, 2));
    all.add(op(13, "GatherElements").x(4, 3).ints32(2, 3));
    all.add(op(13, "GatherND").x(4, 4, 3).ints32(2, 2));
    all.add(op(18, "ScatterElements").x(4, 3).ints32(1, 3).x(1, 3).s("reduction", "add"));
    all.add(op(18, "ScatterElements").x(4, 3).ints32(1, 3).x(1, 3));
    all.add(op(18, "ScatterND").x(4, 3).ints32(2, 1).x(2, 3));
    all.add(op(17, "Where").ints32(3, 4).x(3, 4).x(4));
    all.add(op(17, "Einsum").x(2, 3, 4).x(2, 4, 5).s("equation", "bij,bjk->bik"));
    all.add(op(17, "Det").x(2, 3, 3));
    all.add(op(19, "Cast").x(3, 5).i("to", 16));
    all.add(op(19, "Cast").x(3, 5).i("to", 6));
    all.add(op(13, "QuantizeLinear").x(3, 5).x());
    all.add(op(13, "DequantizeLinear").ints32(3, 5).x());
    all.add(op(13, "DynamicQuantizeLinear").x(3, 5).outputs(3));
    all.add(op(13, "MatMulInteger").ints32(3, 5).ints32(5, 4));
    all.add(op(13, "NegativeLogLikelihoodLoss").x(3, 4).ints32(3));
    all.add(op(13, "SoftmaxCrossEntropyLoss").x(3, 4).ints32(3));
    all.add(op(14, "GRU").x(3, 1, 4).x(1, 15, 4).x(1, 15, 5).i("hidden_size", 5).outputs(2));
    all.add(op(14, "LSTM").x(3, 1, 4).x(1, 20, 4).x(1, 20, 5).i("hidden_size", 5).outputs(3));
    all.add(op(14, "RNN").x(3, 1, 4).x(1, 5, 4).x(1, 5, 5).i("hidden_size", 5).outputs(2));
    all.add(upsample("linear"));
    all.add(upsample("cubic"));
    all.add(upsample("nearest"));
    return all;
  }

  private static OperatorCase upsample(String mode) {
    Tensor none = Tensor.of(new float[0]);
    Tensor scales = Tensor.of(1, 1, 2.5f, 2);
    return op(13, "Resize").x(1, 2, 4, 4).known(none).known(scales).s("mode", mode);
  }

  @TestFactory
  Stream<DynamicTest> runs_allocate_nothing() {
    return cases().stream().map(c -> DynamicTest.dynamicTest(c.operator(), () -> check(c)));
  }

  private void check(OperatorCase c) throws IOException {
    Plan plan = c.plan(folder);
    Plan.Workspace w = c.start(plan);
    long last = -1;
    long start = System.nanoTime();
    while (System.nanoTime() - start < 20_000_000_000L) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < RUNS; i++) {
        w.run();
      }
      long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (bytes == 0 && last == 0) {
        return;
      }
      last = bytes;
    }
    assertThat(last).as("bytes of %d runs\n%s", RUNS, plan.describe()).isZero();
  }
}
