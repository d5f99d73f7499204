package dev.harpia.models.bert;

import dev.harpia.tensor.Rng;
import dev.harpia.tensor.op.CrossEntropy;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * What a masked language model learns from (Devlin et al. 2019): some tokens are chosen to be
 * guessed; of those, eight in ten are hidden behind a mask, one is replaced at random, and one is
 * left as it is.
 *
 * @param tokens what the model sees
 * @param targets the original tokens where they are to be guessed, elsewhere {@link
 *     CrossEntropy#IGNORE}
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier
public record Masking(int[] tokens, int[] targets) {
  /**
   * Chooses tokens.
   *
   * @param share of tokens to guess; at least one is
   * @param mask the token that hides others
   * @param vocabulary V
   * @param fixed tokens that are neither guessed nor put in another's place
   */
  public static Masking of(
      int[] tokens, double share, int mask, int vocabulary, IntPredicate fixed, Rng rng) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "masking: share " + share + ": must be above 0 and at most 1");
    }
    int[] seen = tokens.clone();
    int[] targets = new int[tokens.length];
    Arrays.fill(targets, CrossEntropy.IGNORE);
    int[] free = new int[tokens.length];
    int n = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (!fixed.test(tokens[i])) {
        free[n++] = i;
      }
    }
    int count = n == 0 ? 0 : Math.max(1, (int) Math.round(share * n));
    int[] order = rng.permutation(n);
    for (int k = 0; k < count; k++) {
      int i = free[order[k]];
      targets[i] = tokens[i];
      int dice = rng.below(10);
      if (dice < 8) {
        seen[i] = mask;
      } else if (dice == 8) {
        int other = rng.below(vocabulary);
        seen[i] = fixed.test(other) ? tokens[i] : other;
      }
    }
    return new Masking(seen, targets);
  }
}
