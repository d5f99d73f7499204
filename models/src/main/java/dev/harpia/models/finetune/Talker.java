package dev.harpia.models.finetune;

import dev.harpia.models.transformer.Generator;
import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.Sampling;
import dev.harpia.nn.Loss;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import java.util.ArrayList;
import java.util.List;

/** A model in use: its answers, and what held-out ones cost it. */
final class Talker {
  private static final int MOST = 110; // characters of an answer
  private static final int TOGETHER = 32;

  private final Gpt model;
  private final StyleData data;
  private final Batches batches;
  private final long seed;

  Talker(Gpt model, StyleData data, long seed) {
    this.model = model;
    this.data = data;
    this.seed = seed;
    batches = new Batches(data.tokenizer());
  }

  /** The answers to the questions of some exchanges, at temperature 0.7 as in the course. */
  List<String> answers(List<Exchange> exchanges) {
    Generator generator = new Generator(model);
    Rng rng = new Rng(seed);
    List<String> answers = new ArrayList<>();
    for (Exchange e : exchanges) {
      answers.add(
          generator.complete(
              data.tokenizer(), e.prompt(), MOST, Sampling.at(0.7f), rng, text -> true, "\n"));
    }
    return answers;
  }

  /** The mean cross entropy of the answers' characters. */
  double loss(List<Exchange> exchanges) {
    boolean training = model.training();
    model.eval();
    double sum = 0;
    long count = 0;
    for (int i = 0; i < exchanges.size(); i += TOGETHER) {
      try (var _ = Scope.inference()) {
        Batches.Batch b =
            batches.of(exchanges.subList(i, Math.min(exchanges.size(), i + TOGETHER)), true);
        sum += (double) Loss.crossEntropy(model.forward(b.x()), b.y()).item() * b.counted();
        count += b.counted();
      }
    }
    model.train(training);
    return sum / count;
  }
}
