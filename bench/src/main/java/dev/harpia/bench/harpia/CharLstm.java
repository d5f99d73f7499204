package dev.harpia.bench.harpia;

import dev.harpia.bench.suite.Call;
import dev.harpia.nn.Embedding;
import dev.harpia.nn.LSTM;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.plan.Input;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Workload 3: embedding 83×256, LSTM 256→1024, affine to 83 characters. */
final class CharLstm extends Layer {
  private static final int CHARACTERS = 83;
  private static final int HIDDEN = 1024;
  private static final int BATCHES = 4;

  private final Embedding embedding = layer("embedding", new Embedding(CHARACTERS, 256));
  private final LSTM lstm = layer("lstm", new LSTM(256, HIDDEN));
  private final Linear head = layer("head", new Linear(HIDDEN, CHARACTERS));

  private CharLstm() {}

  /** Shapes: tokens [N, T] to logits [N, T, 83]. */
  @Override
  public Tensor forward(Tensor tokens) {
    return head.forward(lstm.forward(embedding.forward(tokens)));
  }

  private Map<String, Tensor> step(Map<String, Tensor> in) {
    LSTM.State state = new LSTM.State(input(in, "h"), input(in, "c"));
    LSTM.Output out = lstm.forward(embedding.forward(input(in, "token")), state);
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put("p", head.forward(out.y()).softmax(-1));
    all.put("h", out.state().h());
    all.put("c", out.state().c());
    return all;
  }

  private static Tensor input(Map<String, Tensor> in, String name) {
    return java.util.Objects.requireNonNull(in.get(name), name);
  }

  static Call steps() {
    CharLstm model = new CharLstm();
    Adam adam = new Adam(model.parameters(), 1e-3);
    Tensor[] x = Runs.pool(BATCHES, () -> Runs.below(1, CHARACTERS, 8, 100));
    Tensor[] y = Runs.pool(BATCHES, () -> Runs.below(2, CHARACTERS, 8, 100));
    int[] step = {0};
    float[] last = {0};
    return () -> {
      int b = step[0]++ % BATCHES;
      try (var _ = Scope.open()) {
        Tensor loss = Loss.crossEntropy(model.forward(x[b]), y[b]);
        adam.step(loss);
        last[0] = loss.item();
      }
    };
  }

  static Call generation() {
    CharLstm model = new CharLstm();
    Plan plan =
        Plan.compile(
            model::step,
            new Input("token", Shape.of(1, 1), DType.I32),
            Input.f32("h", 1, 1, HIDDEN),
            Input.f32("c", 1, 1, HIDDEN));
    Plan.Workspace w = plan.newWorkspace();
    float[] p = new float[CHARACTERS];
    int[] token = {1};
    return () -> {
      w.input("token").copyFrom(token);
      w.run();
      w.output("p").copyTo(p);
      w.input("h").copyFrom(w.output("h"));
      w.input("c").copyFrom(w.output("c"));
      token[0] = (token[0] + 1) % CHARACTERS;
    };
  }
}
