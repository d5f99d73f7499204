package dev.harpia.nn.train;

import dev.harpia.nn.Layer;
import dev.harpia.nn.data.Batch;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.util.List;
import java.util.function.IntConsumer;

/** What was counted over some batches: the loss, and metrics. */
public final class Scores {
  private final List<Metric> metrics;
  private double lossSum;
  private long examples;

  Scores(List<Metric> kinds) {
    metrics = kinds.stream().map(Metric::fresh).toList();
  }

  static Scores of(
      Layer model, Objective objective, DataLoader loader, List<Metric> kinds, IntConsumer told) {
    Scores scores = new Scores(kinds);
    int done = 0;
    for (Batch batch : loader) {
      try (var _ = Scope.inference()) {
        Tensor output = model.forward(batch.x());
        scores.add(objective.of(output, batch.y()).item(), output, batch);
      }
      told.accept(++done);
    }
    return scores;
  }

  void add(float loss, Tensor output, Batch batch) {
    lossSum += (double) loss * batch.size();
    examples += batch.size();
    for (int i = 0; i < metrics.size(); i++) {
      metrics.get(i).add(output, batch.y());
    }
  }

  double lossSum() {
    return lossSum;
  }

  void restore(double lossSum, long examples) {
    this.lossSum = lossSum;
    this.examples = examples;
  }

  /** The mean loss of the examples; NaN if there were none. */
  public double loss() {
    return lossSum / examples;
  }

  /** How many examples there were. */
  public long examples() {
    return examples;
  }

  /** The metrics. */
  public List<Metric> metrics() {
    return metrics;
  }

  /** A metric's value, by name. */
  public double metric(String name) {
    for (Metric m : metrics) {
      if (m.name().equals(name)) {
        return m.value();
      }
    }
    throw new IllegalArgumentException(
        "no metric " + name + "; there are " + metrics.stream().map(Metric::name).toList());
  }
}
