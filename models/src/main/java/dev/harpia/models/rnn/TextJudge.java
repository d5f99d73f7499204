package dev.harpia.models.rnn;

import dev.harpia.nn.Loss;
import dev.harpia.nn.data.TextVocabulary;
import dev.harpia.nn.optim.Adam;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells kinds of text apart, character by character, after having learnt from examples of each.
 *
 * <pre>{@code
 * TextJudge judge = TextJudge.learn(List.of(plainLines, styledLines), 300, new Rng(1));
 * double styled = judge.probabilities("Strong with music, it is.")[1];
 * }</pre>
 */
public final class TextJudge {
  private static final int WIDTH = 24;
  private static final int HIDDEN = 32;
  private static final int BATCH = 32;
  private static final int LONGEST = 120; // characters of a text that count
  private static final double RATE = 4e-3;

  private final String characters;
  private final TextClassifier model;
  private final int classes;

  private TextJudge(String characters, TextClassifier model, int classes) {
    this.characters = characters;
    this.model = model;
    this.classes = classes;
  }

  /**
   * Learns from texts of two or more kinds, as often of each.
   *
   * @param kinds the texts of each kind, at least one
   * @param steps of 32 texts
   */
  public static TextJudge learn(List<List<String>> kinds, int steps, Rng rng) {
    if (kinds.size() < 2 || kinds.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException(
          "judge: texts of at least two kinds are needed, not "
              + kinds.stream().map(List::size).toList());
    }
    StringBuilder all = new StringBuilder();
    kinds.forEach(texts -> texts.forEach(all::append));
    TextVocabulary vocabulary = TextVocabulary.of(all.toString());
    int[] numbers = new int[vocabulary.size()];
    java.util.Arrays.setAll(numbers, i -> i);
    String characters = vocabulary.decode(numbers);
    TextClassifier model = new TextClassifier(characters.length() + 1, kinds.size(), WIDTH, HIDDEN);
    TextJudge judge = new TextJudge(characters, model, kinds.size());
    Adam adam = new Adam(model.parameters(), RATE);
    adam.clipNorm(1);
    for (int step = 0; step < steps; step++) {
      List<String> texts = new ArrayList<>();
      int[] labels = new int[BATCH];
      for (int i = 0; i < BATCH; i++) {
        labels[i] = rng.below(kinds.size());
        List<String> kind = kinds.get(labels[i]);
        texts.add(kind.get(rng.below(kind.size())));
      }
      try (var _ = Scope.open("judge")) {
        adam.step(Loss.crossEntropy(judge.logits(texts), Tensor.of(labels)));
      }
    }
    model.eval();
    return judge;
  }

  /** [N, K]. Characters that no example had share a token. */
  private Tensor logits(List<String> texts) {
    int longest = 1;
    for (String text : texts) {
      longest = Math.max(longest, Math.min(LONGEST, text.length()));
    }
    int[] tokens = new int[texts.size() * longest];
    int[] lengths = new int[texts.size()];
    for (int i = 0; i < lengths.length; i++) {
      String text = texts.get(i);
      lengths[i] = Math.clamp(text.length(), 1, longest);
      for (int j = 0; j < longest; j++) {
        int at = j < text.length() ? characters.indexOf(text.charAt(j)) : -1;
        tokens[i * longest + j] = at < 0 ? characters.length() : at;
      }
    }
    return model.forward(Tensor.of(tokens, Shape.of(lengths.length, longest)), Tensor.of(lengths));
  }

  /** The probability of each kind. */
  public double[] probabilities(String text) {
    try (var _ = Scope.inference()) {
      float[] p = logits(List.of(text)).softmax(1).toArray();
      double[] all = new double[classes];
      java.util.Arrays.setAll(all, i -> p[i]);
      return all;
    }
  }

  /** The share of texts of one kind that are taken for it. */
  public double accuracy(List<String> texts, int kind) {
    long right =
        texts.stream()
            .filter(
                text -> {
                  double[] p = probabilities(text);
                  int best = 0;
                  for (int i = 1; i < p.length; i++) {
                    best = p[i] > p[best] ? i : best;
                  }
                  return best == kind;
                })
            .count();
    return texts.isEmpty() ? Double.NaN : (double) right / texts.size();
  }
}
