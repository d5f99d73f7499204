package dev.harpia.bench.scaling;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.LSTM;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.MatMul;
import java.lang.ref.Reference;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One quantity that grows while everything else stays.
 *
 * @param work floating-point operations of one call at a size
 */
record Axis(String name, int[] sizes, IntFunction<Runnable> call, IntFunction<Double> work) {
  static List<Axis> all() {
    return List.of(
        new Axis(
            "MLP 784-512-10, batch",
            new int[] {1, 4, 16, 64, 256, 1024},
            n -> plan(mlp(512), Shape.of(n, 784)),
            n -> 2.0 * n * 512 * (784 + 10)),
        new Axis(
            "MLP, batch 64, width",
            new int[] {32, 64, 128, 256, 512, 1024, 2048},
            n -> plan(mlp(n), Shape.of(64, 784)),
            n -> 2.0 * 64 * n * (784 + 10)),
        new Axis(
            "conv 3×3, 32→32 channels, batch 4, picture side",
            new int[] {8, 16, 32, 64, 128},
            n -> plan(new Conv2d(32, 32, 3, 1, 1), Shape.of(4, 32, n, n)),
            n -> 2.0 * 9 * 4 * 32 * 32 * n * n),
        new Axis(
            "LSTM 128→256, batch 8, length",
            new int[] {4, 16, 64, 256},
            n -> plan(new LSTM(128, 256), Shape.of(8, n, 128)),
            n -> 2.0 * 8 * n * 4 * 256 * (128 + 256)),
        new Axis(
            "matmul, n",
            new int[] {32, 64, 128, 256, 512, 1024},
            Axis::product,
            n -> 2.0 * n * n * n));
  }

  private static Layer mlp(int width) {
    return new Sequential(new Linear(784, width), Activation.relu(), new Linear(width, 10));
  }

  private static Runnable plan(Layer model, Shape input) {
    Plan.Workspace w = Plan.compile(model, input).newWorkspace();
    w.input().copyFrom(Tensor.normal(new Rng(1), 0, 1, input));
    return w::run;
  }

  private static Runnable product(int n) {
    Tensor a = Tensor.normal(new Rng(1), 0, 1, Shape.of(n, n));
    Tensor b = Tensor.normal(new Rng(2), 0, 1, Shape.of(n, n));
    Tensor[] in = {a, b};
    Tensor[] out = {Tensor.zeros(n, n)};
    Runnable run = new MatMul(false, false).bind(in, out);
    return () -> {
      run.run();
      Reference.reachabilityFence(in); // a bound operation may know addresses only
      Reference.reachabilityFence(out);
    };
  }
}
