package dev.harpia.bench.harpia;

import dev.harpia.bench.suite.Call;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.LayerNorm;
import dev.harpia.tensor.op.MatMul;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Reduce;
import dev.harpia.tensor.op.Softmax;
import dev.harpia.tensor.op.Unary;
import java.lang.ref.Reference;
import java.util.Optional;

/** Workload 8: single operations into preallocated outputs. */
final class SingleOps {
  private static final int ROW = 1024;
  private static final int LARGE = 1 << 24;

  private SingleOps() {}

  static Optional<Call> open(String workload) {
    String[] words = workload.split("-");
    int n =
        words.length < 3
            ? 0
            : words[2].endsWith("M")
                ? Integer.parseInt(words[2].replace("M", "")) << 20
                : Integer.parseInt(words[2]);
    return switch (words.length < 2 ? "" : words[1]) {
      case "sgemm" -> call(new MatMul(false, false), empty(n, n), uniform(n, n), uniform(n, n));
      case "exp" -> call(new Pointwise(Unary.EXP), empty(n), uniform(n));
      case "tanh" -> call(new Pointwise(Unary.TANH), empty(n), uniform(n));
      case "gelu" -> call(new Pointwise(Unary.GELU), empty(n), uniform(n));
      case "add" -> call(Binary.ADD, empty(n), uniform(n), uniform(n));
      case "softmax" -> call(new Softmax(1, false), empty(ROW, ROW), uniform(ROW, ROW));
      case "layernorm" ->
          call(
              new LayerNorm(ROW, 1e-5f, false),
              empty(ROW, ROW),
              uniform(ROW, ROW),
              uniform(ROW),
              uniform(ROW));
      case "sum" -> call(Reduce.sum(0), Tensor.zeros(Shape.SCALAR), uniform(LARGE));
      default -> Optional.empty();
    };
  }

  private static Optional<Call> call(Op op, Tensor out, Tensor... in) {
    Runnable run = op.bind(in, new Tensor[] {out});
    return Optional.of(
        () -> {
          run.run();
          Reference.reachabilityFence(in); // a bound operation may know addresses only
          Reference.reachabilityFence(out);
        });
  }

  private static Tensor empty(int... dims) {
    return Tensor.empty(Shape.of(dims), DType.F32);
  }

  private static Tensor uniform(int... dims) {
    return Tensor.uniform(dims);
  }
}
