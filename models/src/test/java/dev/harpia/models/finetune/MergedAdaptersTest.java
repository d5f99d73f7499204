package dev.harpia.models.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.models.transformer.Generator;
import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.GptConfig;
import dev.harpia.nn.LoRA;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Parameter;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Adapters that have learnt something, in a model that has: logits around 10, as in practice. */
class MergedAdaptersTest {
  private static final int LENGTH = 24;
  private static final int VOCABULARY = 16;

  /** Sequences t → (a·t + b) mod V from random beginnings. */
  private static void learn(Gpt model, List<Parameter> what, int a, int b, int steps) {
    AdamW adam = new AdamW(what, 5e-3);
    Rng rng = new Rng(3);
    for (int step = 0; step < steps; step++) {
      int[] x = new int[8 * LENGTH];
      int[] y = new int[x.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = i % LENGTH == 0 ? rng.below(VOCABULARY) : y[i - 1];
        y[i] = (a * x[i] + b) % VOCABULARY;
      }
      try (var _ = Scope.open("step")) {
        Shape shape = Shape.of(8, LENGTH);
        adam.step(Loss.crossEntropy(model.forward(Tensor.of(x, shape)), Tensor.of(y, shape)));
      }
    }
  }

  private static float[] logits(Gpt model) {
    int[] all = new Rng(7).permutation(LENGTH);
    for (int i = 0; i < all.length; i++) {
      all[i] %= VOCABULARY;
    }
    try (var _ = Scope.inference()) {
      return model.forward(Tensor.of(all, Shape.of(1, LENGTH))).toArray();
    }
  }

  private static float[] generated(Gpt model) {
    Generator generator = new Generator(model);
    generator.start(1, 2, 3);
    generator.append(4);
    return generator.logits();
  }

  @Test
  void mergingChangesNoBitOfALearntModel() {
    Rng.seed(1);
    Gpt model = new Gpt(GptConfig.gpt2(VOCABULARY, LENGTH, 2, 2, 48));
    learn(model, model.parameters(), 5, 3, 150);
    LoRA lora = LoRA.attach(model, new LoRA.Config(4, 8, java.util.Set.of("qkv", "fc", "out")));
    learn(model, lora.parameters(), 3, 1, 150);
    float[] learning = logits(model);
    model.eval();
    float[] beside = logits(model);
    float[] besideOneByOne = generated(model);
    lora.merge();
    float[] merged = logits(model);
    float largest = 0;
    for (int i = 0; i < merged.length; i++) {
      largest = Math.max(largest, Math.abs(merged[i]));
      assertThat((double) Math.abs(learning[i] - merged[i]))
          .isLessThan(1e-5 + 1e-5 * Math.abs(merged[i])); // two products, rounded apart
    }
    assertThat(largest).isGreaterThan(5);
    assertThat(learning).isNotEqualTo(merged);
    assertThat(beside).isEqualTo(merged);
    assertThat(generated(model)).isEqualTo(besideOneByOne);
  }
}
