package dev.harpia.models.bert;

import dev.harpia.models.transformer.WordTokenizer;
import dev.harpia.nn.data.TextVocabulary;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Sentences as tokens: nine tenths to learn from, the last tenth to be judged by. */
record Sentences(String name, WordTokenizer words, List<int[]> train, List<int[]> held) {
  private static final int COMPOSED = 6000;
  private static final int LONGEST = 20;
  private static final int SHORTEST = 3;
  private static final int LEAST = 50;
  private static final int VOCABULARY = 2000;
  private static final String PAD = "[PAD]";
  private static final String MASK = "[MASK]";

  /** Inputs, targets and padding, each [N, T]. */
  record Batch(Tensor tokens, Tensor targets, Tensor padding) {}

  /** The sentences of a file that are not too long, or composed ones. */
  static Sentences load(Optional<Path> file, long seed) throws IOException {
    List<String> all =
        file.isPresent()
            ? List.of(TextVocabulary.read(file.get()).split("(?<=[.!?])\\s+|\\R\\s*\\R"))
            : SentenceGrammar.compose(COMPOSED, new Rng(seed));
    WordTokenizer words =
        WordTokenizer.train(String.join(" ", all), VOCABULARY, file.isPresent(), PAD, MASK);
    List<int[]> fitting = new ArrayList<>();
    for (String s : all) {
      int[] ids = words.encode(s);
      if (ids.length >= SHORTEST && ids.length <= LONGEST) {
        fitting.add(ids);
      }
    }
    String name = file.map(Path::toString).orElse("composed");
    if (fitting.size() < LEAST) {
      throw new IllegalArgumentException(
          "%s: %d sentences of %d to %d words: there must be at least %d"
              .formatted(name, fitting.size(), SHORTEST, LONGEST, LEAST));
    }
    int cut = fitting.size() * 9 / 10;
    return new Sentences(
        name, words, fitting.subList(0, cut), fitting.subList(cut, fitting.size()));
  }

  static int longest() {
    return LONGEST;
  }

  int mask() {
    return words.id(MASK);
  }

  private boolean fixed(int token) {
    return token <= mask(); // unknown words, padding and the mask
  }

  /** Sentences with hidden words, padded to the longest. */
  Batch batch(List<int[]> sentences, double share, Rng rng) {
    int width = sentences.stream().mapToInt(s -> s.length).max().orElse(1);
    Shape shape = Shape.of(sentences.size(), width);
    int[] tokens = new int[sentences.size() * width];
    int[] targets = new int[tokens.length];
    int[] padding = new int[tokens.length];
    Arrays.fill(tokens, words.id(PAD));
    Arrays.fill(targets, dev.harpia.tensor.op.CrossEntropy.IGNORE);
    Arrays.fill(padding, 1);
    for (int i = 0; i < sentences.size(); i++) {
      int[] s = sentences.get(i);
      Masking m = Masking.of(s, share, mask(), words.size(), this::fixed, rng);
      System.arraycopy(m.tokens(), 0, tokens, i * width, s.length);
      System.arraycopy(m.targets(), 0, targets, i * width, s.length);
      Arrays.fill(padding, i * width, i * width + s.length, 0);
    }
    return new Batch(
        Tensor.of(tokens, shape), Tensor.of(targets, shape), Tensor.of(padding, shape));
  }

  Batch draw(int count, double share, Rng rng) {
    List<int[]> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      some.add(train.get(rng.below(train.size())));
    }
    return batch(some, share, rng);
  }

  /** The share of the most frequent word. */
  double chance() {
    int[] counts = new int[words.size()];
    long all = 0;
    for (int[] s : held) {
      for (int t : s) {
        if (!fixed(t)) {
          counts[t]++;
          all++;
        }
      }
    }
    return all == 0 ? 0 : Arrays.stream(counts).max().orElse(0) / (double) all;
  }
}
