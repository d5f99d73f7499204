package dev.harpia.bench.harpia;

import dev.harpia.bench.suite.Call;
import dev.harpia.nn.Layer;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.function.Supplier;

/** What the workloads share: random inputs and answers to single requests. */
final class Runs {
  private static final int SEED = 7;

  private Runs() {}

  /** One request: a heap array in, a heap array out, through a plan. */
  static Call request(Layer model, Shape input, int outputs) {
    Plan.Workspace w = Plan.compile(model, input).newWorkspace();
    float[] x = floats(Math.toIntExact(input.size()));
    float[] y = new float[outputs];
    return () -> {
      w.input().copyFrom(x);
      w.run();
      w.output().copyTo(y);
    };
  }

  static float[] floats(int n) {
    Rng rng = new Rng(SEED);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = rng.uniform();
    }
    return x;
  }

  static Tensor normal(int seed, int... dims) {
    return Tensor.normal(new Rng(seed), 0, 1, Shape.of(dims));
  }

  static Tensor below(int seed, int bound, int... dims) {
    Rng rng = new Rng(seed);
    Shape shape = Shape.of(dims);
    int[] v = new int[Math.toIntExact(shape.size())];
    for (int i = 0; i < v.length; i++) {
      v[i] = rng.below(bound);
    }
    return Tensor.of(v, shape);
  }

  static Tensor[] pool(int n, Supplier<Tensor> batch) {
    Tensor[] all = new Tensor[n];
    for (int i = 0; i < n; i++) {
      all[i] = batch.get();
    }
    return all;
  }

  static int argmax(float[] v) {
    int best = 0;
    for (int i = 1; i < v.length; i++) {
      if (v[i] > v[best]) {
        best = i;
      }
    }
    return best;
  }
}
