package dev.harpia.models.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.run.Machine;
import dev.harpia.nn.Loss;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GptTest {
  /** The forms: GPT-2; Llama with one and with grouped key heads, of odd sizes. */
  private enum Form {
    GPT2(GptConfig.gpt2(31, 24, 2, 3, 30)),
    LLAMA(GptConfig.llama(31, 24, 2, 4, 4, 40)),
    GROUPED(GptConfig.llama(31, 24, 2, 4, 2, 40));

    private final GptConfig config;

    Form(GptConfig config) {
      this.config = config;
    }

    /** Weights so large that positions and attention matter. */
    Gpt model() {
      Rng.seed(7);
      Gpt m = new Gpt(config);
      m.parameters()
          .forEach(
              p -> {
                if (p.value().rank() == 2) {
                  p.value().copyFrom(p.value().mul(10f));
                }
              });
      return m;
    }
  }

  private static int[] tokens(int n) {
    Rng rng = new Rng(3);
    int[] t = new int[n];
    java.util.Arrays.setAll(t, i -> rng.below(31));
    return t;
  }

  private static float[] uncached(Gpt model, int... tokens) {
    try (var _ = Scope.inference()) {
      Tensor y = model.forward(Tensor.of(tokens).reshape(1, tokens.length));
      return y.slice(1, tokens.length - 1, tokens.length).toArray();
    }
  }

  private static double farthest(float[] a, float[] b) {
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
    }
    return worst;
  }

  @ParameterizedTest
  @EnumSource
  void cachedIsUncached(Form form) {
    Gpt model = form.model();
    Generator g = new Generator(model);
    int[] t = tokens(24);
    float[] first = uncached(model, t[0]);
    for (int prompt : new int[] {1, 2, 7, 23, 24}) {
      g.start(java.util.Arrays.copyOf(t, prompt));
      for (int n = prompt; n <= 24; n++) {
        float[] expected = uncached(model, java.util.Arrays.copyOf(t, n));
        assertThat(farthest(g.logits(), expected))
            .as("%d of prompt %d", n, prompt)
            .isLessThan(1e-4);
        if (n > 1) {
          assertThat(farthest(first, expected)).isGreaterThan(1e-2); // the past matters
        }
        if (n < 24) {
          g.append(t[n]);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFullContextGoesOnFromItsLaterHalf(Form form) {
    Gpt model = form.model();
    Generator g = new Generator(model);
    int[] t = tokens(25);
    g.start(java.util.Arrays.copyOf(t, 24));
    g.append(t[24]);
    float[] expected = uncached(model, java.util.Arrays.copyOfRange(t, 12, 25));
    assertThat(farthest(g.logits(), expected)).isLessThan(1e-4);
  }

  @ParameterizedTest
  @EnumSource
  void positionsSeeThePastAlone(Form form) {
    Gpt model = form.model();
    int[] a = tokens(10);
    int[] b = a.clone();
    b[9] = (b[9] + 1) % 31;
    try (var _ = Scope.inference()) {
      float[] ya = model.forward(Tensor.of(a).reshape(1, 10)).slice(1, 0, 9).toArray();
      float[] yb = model.forward(Tensor.of(b).reshape(1, 10)).slice(1, 0, 9).toArray();
      assertThat(yb).containsExactly(ya);
    }
  }

  @ParameterizedTest
  @EnumSource
  void learnsASequenceByHeartAndSaysIt(Form form) {
    Rng.seed(1);
    Gpt model = new Gpt(form.config);
    int[] t = tokens(21);
    Tensor x = Tensor.of(java.util.Arrays.copyOf(t, 20)).reshape(1, 20).copy();
    Tensor y = Tensor.of(java.util.Arrays.copyOfRange(t, 1, 21)).reshape(1, 20).copy();
    AdamW optimizer = new AdamW(model.parameters(), 1e-2);
    float loss = 0;
    for (int i = 0; i < 120; i++) {
      try (var _ = Scope.open()) {
        Tensor l = Loss.crossEntropy(model.forward(x), y);
        optimizer.step(l);
        loss = l.item();
      }
    }
    assertThat(loss).isLessThan(0.2f); // ln 31 = 3.43 at first
    List<Integer> heard = new ArrayList<>();
    Generator g = new Generator(model);
    int[] out =
        g.generate(
            new int[] {t[0], t[1]}, 19, new Sampler(Sampling.GREEDY, 31, new Rng(1)), heard::add);
    assertThat(out).containsExactly(java.util.Arrays.copyOfRange(t, 2, 21));
    assertThat(heard).hasSize(19);
  }

  @Test
  void generationAllocatesNothingPerToken() {
    Generator g = new Generator(new Gpt(GptConfig.llama(64, 256, 2, 4, 2, 32)));
    Sampler sampler = new Sampler(new Sampling(0.9f, 20, 0.9f, 1.1f), 64, new Rng(1));
    // Vector code boxes until it is compiled, which takes as long as the machine is busy.
    double least = Double.MAX_VALUE;
    for (int round = 0; round < 400 && least >= 16; round++) {
      g.start(1);
      long before = Machine.allocatedBytes();
      for (int i = 0; i < 250; i++) {
        g.next(sampler);
      }
      least = Math.min(least, (Machine.allocatedBytes() - before) / 250.0);
    }
    assertThat(least).isLessThan(16); // bytes: less than any object
  }

  @Test
  void startsNearEvenOdds() {
    Rng.seed(5);
    Gpt model = new Gpt(GptConfig.gpt2(65, 32, 2, 2, 32));
    assertThat(model.parameterCount())
        .isEqualTo(65 * 32 + 32 * 32 + 2 * (12 * 32 * 32 + 13 * 32) + 64);
    float[] z = uncached(model, 1, 2, 3);
    for (float v : z) {
      assertThat(v).isCloseTo(0, within(1.5f));
    }
  }

  @Test
  void textStopsWhereItIsToldTo() {
    CharTokenizer tokenizer = CharTokenizer.of("abcdefghijklmnopqrstuvwxyz .,!?");
    Gpt model = Form.GPT2.model();
    Generator g = new Generator(model);
    String all = g.complete(tokenizer, "abc", 60, Sampling.at(1), new Rng(4), s -> true);
    assertThat(all).hasSize(60);
    String stop = all.substring(20, 23);
    String cut =
        g.complete(tokenizer, "abc", 60, Sampling.at(1), new Rng(4), s -> true, stop, "\n");
    assertThat(cut).isEqualTo(all.substring(0, all.indexOf(stop)));
    assertThat(g.complete(tokenizer, "abc", 60, Sampling.at(1), new Rng(4), s -> s.length() < 5))
        .isEqualTo(all.substring(0, 5));
  }

  @Test
  void badArgumentsAreNamed() {
    Gpt model = Form.GPT2.model();
    Generator g = new Generator(model);
    assertThatThrownBy(() -> g.append(1)).hasMessageContaining("start with a prompt");
    assertThatThrownBy(() -> g.start(new int[25]))
        .hasMessage("generate: a prompt of 25 tokens: must be from 1 to the context's 24");
    assertThatThrownBy(() -> g.start(31))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("token 31");
    assertThatThrownBy(() -> model.forward(Tensor.of(tokens(25)).reshape(1, 25)))
        .hasMessageContaining("T at most 24");
    assertThatThrownBy(() -> GptConfig.gpt2(10, 10, 1, 3, 32)).hasMessageContaining("width 32");
    assertThatThrownBy(() -> GptConfig.llama(10, 10, 1, 4, 3, 32)).hasMessageContaining("3 key");
    assertThatThrownBy(() -> Sampling.at(-1)).hasMessageContaining("temperature -1.0");
  }
}
