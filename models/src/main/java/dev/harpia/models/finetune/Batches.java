package dev.harpia.models.finetune;

import dev.harpia.models.transformer.CharTokenizer;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.CrossEntropy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Exchanges as numbers: what is asked and answered, and which characters are to be learnt. */
final class Batches {
  private final CharTokenizer tokenizer;

  Batches(CharTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Inputs and targets, each [N, T]; targets that do not count are {@link CrossEntropy#IGNORE}.
   *
   * @param counted how many do count
   */
  record Batch(Tensor x, Tensor y, int counted) {}

  /** Exchanges at random. */
  Batch draw(List<Exchange> from, int count, boolean answersOnly, Rng rng) {
    List<Exchange> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add(from.get(rng.below(from.size())));
    }
    return of(drawn, answersOnly);
  }

  /** These exchanges, the shorter ones filled up at their ends. */
  Batch of(List<Exchange> exchanges, boolean answersOnly) {
    List<int[]> rows = new ArrayList<>();
    int longest = 0;
    for (Exchange e : exchanges) {
      int[] row = tokenizer.encode(e.prompt() + e.answer() + "\n");
      rows.add(row);
      longest = Math.max(longest, row.length - 1);
    }
    int[] x = new int[rows.size() * longest];
    int[] y = new int[x.length];
    Arrays.fill(y, CrossEntropy.IGNORE);
    int counted = 0;
    for (int i = 0; i < rows.size(); i++) {
      int[] row = rows.get(i);
      // the first character that is predicted is the second, or the first of the answer
      int from = answersOnly ? exchanges.get(i).prompt().length() - 1 : 0;
      System.arraycopy(row, 0, x, i * longest, row.length - 1);
      System.arraycopy(row, from + 1, y, i * longest + from, row.length - 1 - from);
      counted += row.length - 1 - from;
    }
    Shape shape = Shape.of(rows.size(), longest);
    return new Batch(Tensor.of(x, shape), Tensor.of(y, shape), counted);
  }
}
