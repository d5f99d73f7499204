package dev.harpia.models.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several sequences at once, search by beams, texts as they come. */
class GenerationTest {
  private static Gpt model(GptConfig c) {
    Rng.seed(7);
    Gpt m = new Gpt(c);
    m.parameters()
        .forEach(
            p -> {
              if (p.value().rank() == 2) {
                p.value().copyFrom(p.value().mul(10f));
              }
            });
    return m;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void promptsOfDifferentLengthsGoOnAsTheyWouldAlone(boolean llama) {
    Gpt model =
        model(llama ? GptConfig.llama(31, 20, 2, 4, 2, 40) : GptConfig.gpt2(31, 20, 2, 3, 30));
    int[][] prompts = {{3}, {1, 2, 3, 4, 5, 6, 7}, new int[20], {30, 0, 30}, {9, 9}};
    Sampling how = new Sampling(1, 12, 0.95f, 1.1f);
    BatchGenerator batch = new BatchGenerator(model, 6);
    assertThat(batch.size()).isEqualTo(6);
    List<Sampler> samplers = new ArrayList<>();
    for (int i = 0; i < prompts.length; i++) {
      samplers.add(new Sampler(how, 31, new Rng(i)));
    }
    List<List<Integer>> heard =
        List.of(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    int[][] out =
        batch.generate(
            prompts,
            26, // beyond the context of the longer ones
            samplers,
            (row, t) -> {
              heard.get(row).add(t);
              return row != 3 || heard.get(3).size() < 5;
            });
    Generator alone = new Generator(model);
    for (int i = 0; i < prompts.length; i++) {
      int most = i == 3 ? 5 : 26;
      int[] expected =
          alone.generate(prompts[i], most, new Sampler(how, 31, new Rng(i)), t -> true);
      assertThat(out[i]).as("prompt %d", i).isEqualTo(expected);
      assertThat(heard.get(i)).hasSize(most).last().isEqualTo(expected[most - 1]);
    }
    assertThat(out[0]).isNotEqualTo(out[4]);
    assertThatThrownBy(() -> batch.generate(new int[7][1], 3, List.of(), (r, t) -> true))
        .hasMessage("generate: 7 prompts and 0 samplers: there must be as many, from 1 to 6");
    assertThatThrownBy(
            () -> batch.generate(new int[1][0], 3, samplers.subList(0, 1), (r, t) -> true))
        .hasMessageContaining("a prompt of 0 tokens");
    assertThatThrownBy(() -> new BatchGenerator(model, 0)).hasMessageContaining("0 sequences");
  }

  /** The log-probability of each next token after each place, uncached. */
  private static double[][] logSoftmax(Gpt model, int... tokens) {
    try (var _ = Scope.inference()) {
      float[] z = model.forward(Tensor.of(tokens).reshape(1, tokens.length)).toArray();
      int v = z.length / tokens.length;
      double[][] p = new double[tokens.length][v];
      for (int t = 0; t < tokens.length; t++) {
        double sum = 0;
        for (int i = 0; i < v; i++) {
          sum += Math.exp(z[t * v + i]);
        }
        for (int i = 0; i < v; i++) {
          p[t][i] = z[t * v + i] - Math.log(sum);
        }
      }
      return p;
    }
  }

  /** All continuations of at most 4 tokens where token 0 ends one, the best first. */
  private static List<BeamSearch.Beam> all(Gpt model, int[] prompt, double alpha) {
    List<BeamSearch.Beam> found = new ArrayList<>();
    for (int code = 0; code < 625; code++) {
      int[] t = {code / 125, code / 25 % 5, code / 5 % 5, code % 5};
      int n = 1;
      while (n < 4 && t[n - 1] != 0) {
        n++;
      }
      int[] text = Arrays.copyOf(t, n);
      if (found.stream().noneMatch(b -> Arrays.equals(b.tokens(), text))) {
        int[] whole = Arrays.copyOf(prompt, prompt.length + n);
        System.arraycopy(text, 0, whole, prompt.length, n);
        double[][] p = logSoftmax(model, whole);
        double sum = 0;
        for (int i = 0; i < n; i++) {
          sum += p[prompt.length + i - 1][text[i]];
        }
        found.add(new BeamSearch.Beam(text, sum, sum / Math.pow(n, alpha)));
      }
    }
    found.sort(Comparator.comparingDouble((BeamSearch.Beam b) -> -b.score()));
    return found;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.7, 1})
  void wideBeamsFindTheBestOfAll(double alpha) {
    Gpt model = model(GptConfig.llama(5, 12, 2, 2, 1, 16));
    int[] prompt = {3, 1};
    List<BeamSearch.Beam> best = all(model, prompt, alpha);
    List<BeamSearch.Beam> found = new BeamSearch(model, 130, alpha).search(prompt, 4, t -> t == 0);
    assertThat(found).hasSizeGreaterThan(100);
    for (int i = 0; i < 30; i++) {
      assertThat(found.get(i).score())
          .as("beam %d", i)
          .isCloseTo(best.get(i).score(), within(1e-4));
    }
    assertThat(found.getFirst().tokens()).isEqualTo(best.getFirst().tokens());
  }

  @Test
  void oneBeamIsGreedyAndMoreAreNoWorse() {
    Gpt model = model(GptConfig.gpt2(23, 16, 2, 2, 24));
    int[] prompt = {5, 6, 7};
    int[] greedy =
        new Generator(model)
            .generate(prompt, 10, new Sampler(Sampling.GREEDY, 23, new Rng(1)), t -> true);
    BeamSearch.Beam one = new BeamSearch(model, 1, 0).search(prompt, 10, t -> false).getFirst();
    assertThat(one.tokens()).isEqualTo(greedy);
    List<BeamSearch.Beam> eight = new BeamSearch(model, 8, 0).search(prompt, 10, t -> false);
    assertThat(eight).hasSize(8);
    assertThat(eight.getFirst().score()).isGreaterThanOrEqualTo(one.score() - 1e-6);
    BeamSearch search = new BeamSearch(model, 2, 1);
    assertThatThrownBy(() -> search.search(prompt, 15, t -> false))
        .hasMessage(
            "beam search: a prompt of 3 tokens and 15 more: there must be room in the context's"
                + " 16");
    assertThatThrownBy(() -> new BeamSearch(model, 2, -1)).hasMessageContaining("alpha -1.0");
  }

  @Test
  void whatMightBeAStopIsHeldBack() {
    CharTokenizer letters = CharTokenizer.of("abcdefgh \n");
    TextStream s = new TextStream(letters, "\n\na", "efg");
    List<String> shown = new ArrayList<>();
    for (int t : letters.encode("ab\nc\n\nb efh ef")) {
      s.add(t);
      shown.add(s.shown());
    }
    assertThat(shown)
        .containsExactly(
            "a",
            "ab",
            "ab",
            "ab\nc",
            "ab\nc",
            "ab\nc",
            "ab\nc\n\nb",
            "ab\nc\n\nb ",
            "ab\nc\n\nb ",
            "ab\nc\n\nb ",
            "ab\nc\n\nb efh",
            "ab\nc\n\nb efh ",
            "ab\nc\n\nb efh ",
            "ab\nc\n\nb efh ");
    assertThat(s.all()).isEqualTo("ab\nc\n\nb efh ef");
    assertThat(s.stopped()).isFalse();
    s.add(letters.encode("g")[0]);
    assertThat(s.stopped()).isTrue();
    assertThat(s.all()).isEqualTo("ab\nc\n\nb efh ").isEqualTo(s.shown());
  }

  @Test
  void halfACharacterIsHeldBack() {
    BpeTokenizer bytes = BpeTokenizer.train("x", 256);
    TextStream s = new TextStream(bytes);
    List<String> shown = new ArrayList<>();
    for (int t : bytes.encode("é🦉!")) {
      s.add(t);
      shown.add(s.shown());
    }
    assertThat(shown).containsExactly("", "é", "é", "é", "é", "é🦉", "é🦉!");
  }

  @Test
  void promptsThatDoNotFit() {
    Gpt model = model(GptConfig.gpt2(4, 8, 1, 1, 4));
    Generator g = new Generator(model);
    CharTokenizer abc = CharTokenizer.of("abcd");
    assertThatThrownBy(() -> g.complete(abc, "abz", 3, Sampling.GREEDY, new Rng(1), s -> true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("z");
    assertThatThrownBy(() -> g.complete(abc, "", 3, Sampling.GREEDY, new Rng(1), s -> true))
        .hasMessage("generate: the prompt has no token; give it a text");
    CharTokenizer more = CharTokenizer.of("abcdef");
    assertThatThrownBy(() -> g.complete(more, "f", 3, Sampling.GREEDY, new Rng(1), s -> true))
        .hasMessageContaining("a tokenizer of 6 tokens: the model has 4");
    String sixteen = "abcd".repeat(4); // longer than the context: its end is what counts
    assertThat(g.complete(abc, sixteen, 20, Sampling.GREEDY, new Rng(1), s -> true)).hasSize(20);
  }
}
