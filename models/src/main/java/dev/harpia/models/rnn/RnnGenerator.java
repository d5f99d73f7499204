package dev.harpia.models.rnn;

import dev.harpia.models.transformer.Sampler;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Continues sequences with a {@link CharRnn}: the state carries all of the past, so that each token
 * costs one step however long the sequence is. For one thread at a time.
 */
public final class RnnGenerator {
  private final CharRnn model;
  private final float[] logits;

  /** A generator of a model, which is used as it is at each call. */
  public RnnGenerator(CharRnn model) {
    this.model = model;
    this.logits = new float[model.vocabulary()];
  }

  /**
   * Continues a prompt.
   *
   * @param prompt at least one token
   * @param most how many new tokens at most
   * @param onToken sees each new token as it comes, and says whether to go on
   * @return the new tokens
   */
  public int[] generate(int[] prompt, int most, Sampler sampler, IntPredicate onToken) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("generate: the prompt must have a token");
    }
    int[] all = Arrays.copyOf(prompt, prompt.length + most);
    int n = prompt.length;
    CharRnn.State state = read(prompt);
    while (n < all.length) {
      all[n] = sampler.draw(logits, all, n);
      n++;
      if (!onToken.test(all[n - 1])) {
        break;
      }
      if (n < all.length) {
        state = step(all[n - 1], state);
      }
    }
    return Arrays.copyOfRange(all, prompt.length, n);
  }

  private CharRnn.State read(int[] prompt) {
    try (var scope = Scope.inference()) {
      Tensor x = Tensor.of(prompt).reshape(1, prompt.length);
      CharRnn.Output y = model.forward(x, null);
      y.logits().slice(1, prompt.length - 1, prompt.length).copyTo(logits);
      return keep(scope, y.state());
    }
  }

  private CharRnn.State step(int token, CharRnn.State from) {
    try (var scope = Scope.inference()) {
      CharRnn.Output y = model.forward(Tensor.of(new int[] {token}).reshape(1, 1), from);
      y.logits().copyTo(logits);
      return keep(scope, y.state());
    }
  }

  private static CharRnn.State keep(Scope scope, CharRnn.State s) {
    Tensor h = scope.keep(s.h());
    return new CharRnn.State(h, s.c() == s.h() ? h : scope.keep(s.c()));
  }
}
