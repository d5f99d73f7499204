package dev.harpia.bench.harpia;

import dev.harpia.bench.suite.Call;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Parameter;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.plan.Input;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** GPT-mini trained, run and made to write. */
final class GptRuns {
  private static final int BATCHES = 4;
  private static final int BATCH = 8;

  private GptRuns() {}

  /** Forward, backward and, if wanted, AdamW. */
  static Call training(boolean update) {
    Gpt model = new Gpt();
    AdamW adam = new AdamW(model.parameters(), 1e-3);
    List<Tensor> parameters = model.parameters().stream().map(Parameter::value).toList();
    Tensor[] x = Runs.pool(BATCHES, () -> Runs.below(1, Gpt.VOCABULARY, BATCH, Gpt.LENGTH));
    Tensor[] y = Runs.pool(BATCHES, () -> Runs.below(2, Gpt.VOCABULARY, BATCH, Gpt.LENGTH));
    int[] step = {0};
    float[] last = {0};
    return () -> {
      int b = step[0]++ % BATCHES;
      try (var _ = Scope.open()) {
        Tensor loss = Loss.crossEntropy(model.forward(x[b]), y[b]);
        if (update) {
          adam.step(loss);
        } else {
          Gradients.of(loss, parameters);
        }
        last[0] = loss.item();
      }
    };
  }

  static Call forward() {
    Shape input = Shape.of(1, Gpt.LENGTH);
    Plan.Workspace w = Plan.compile(new Gpt(), input, DType.I32).newWorkspace();
    w.input().copyFrom(Runs.below(1, Gpt.VOCABULARY, 1, Gpt.LENGTH));
    float[] logits = new float[Gpt.LENGTH * Gpt.VOCABULARY];
    return () -> {
      w.run();
      w.output().copyTo(logits);
    };
  }

  /** Greedy: the most probable token is the next input. */
  static Call decode() {
    Gpt model = new Gpt();
    List<CachedAttention> caches = Stream.generate(CachedAttention::new).limit(Gpt.LAYERS).toList();
    Plan plan =
        Plan.compile(
            in -> Map.of("logits", model.decode(input(in, "token"), input(in, "position"), caches)),
            Input.i32("token", 1),
            Input.i32("position", 1));
    Plan.Workspace w = plan.newWorkspace();
    float[] logits = new float[Gpt.VOCABULARY];
    int[] token = new int[1];
    int[] position = new int[1];
    return () -> {
      token[0] = 0;
      for (int t = 0; t < Gpt.LENGTH - 1; t++) {
        position[0] = t;
        w.input("token").copyFrom(token);
        w.input("position").copyFrom(position);
        w.run();
        w.output().copyTo(logits);
        token[0] = Runs.argmax(logits);
      }
    };
  }

  private static Tensor input(Map<String, Tensor> in, String name) {
    return Objects.requireNonNull(in.get(name), name);
  }
}
