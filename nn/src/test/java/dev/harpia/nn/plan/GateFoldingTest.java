package dev.harpia.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.nn.Embedding;
import dev.harpia.nn.GRU;
import dev.harpia.nn.LSTM;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recurrent steps over an embedding: the bits of eager execution, without the input weights. */
class GateFoldingTest {
  private static final int CHARACTERS = 11;

  @ParameterizedTest
  @CsvSource({"true, 16, 48, 1, 1", "true, 13, 70, 2, 3", "false, 12, 37, 1, 2"})
  void bits_are_those_of_eager_execution(
      boolean lstm, int features, int hidden, int batch, int steps) {
    Rng.seed(1);
    Embedding embedding = new Embedding(CHARACTERS, features);
    LSTM cells = new LSTM(features, hidden);
    GRU units = new GRU(features, hidden);
    UnaryOperator<Tensor> net =
        lstm ? t -> cells.forward(embedding.forward(t)) : t -> units.forward(embedding.forward(t));
    Shape shape = Shape.of(batch, steps);
    Plan plan =
        Plan.compile(
            in -> Map.of("y", net.apply(Objects.requireNonNull(in.get("t")))),
            new Input("t", shape, DType.I32));
    assertThat(plan.describe()).contains("[" + batch + ", " + steps + ", " + gates(lstm) * hidden);
    Plan.Workspace w = plan.newWorkspace();
    for (int seed : List.of(2, 3)) {
      Tensor tokens = tokens(seed, shape);
      w.input().copyFrom(tokens);
      w.run();
      try (var _ = Scope.inference()) {
        assertThat(w.output().toArray()).containsExactly(net.apply(tokens).toArray());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 1", "1, 5"})
  void long_sequences_and_large_batches_keep_their_weights(int steps, int batch) {
    Embedding embedding = new Embedding(CHARACTERS, 16);
    LSTM cells = new LSTM(16, 20);
    Plan plan =
        Plan.compile(
            in ->
                Map.of("y", cells.forward(embedding.forward(Objects.requireNonNull(in.get("t"))))),
            new Input("t", Shape.of(batch, steps), DType.I32));
    assertThat(plan.describe()).contains("[" + batch + ", " + steps + ", 16]");
  }

  private static int gates(boolean lstm) {
    return lstm ? 4 : 3;
  }

  private static Tensor tokens(int seed, Shape shape) {
    Rng rng = new Rng(seed);
    int[] v = new int[Math.toIntExact(shape.size())];
    for (int i = 0; i < v.length; i++) {
      v[i] = rng.below(CHARACTERS);
    }
    return Tensor.of(v, shape);
  }
}
