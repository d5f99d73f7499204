package dev.harpia.models.transformer;

import dev.harpia.models.transformer.Completion.End;
import dev.harpia.models.transformer.Completion.Until;
import dev.harpia.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Continues texts with a {@link Gpt}: the prompt is read at once, then each token costs one run of
 * a compiled plan over a cache of keys and values, with next to no allocation on the Java heap.
 * When the context is full, its later half is read anew and goes on as the beginning.
 *
 * <p>For one thread at a time. The model must not change while a generator is in use: the plan
 * holds a copy of its weights; make a new generator after training.
 */
public final class Generator {
  private final Decoder decoder;

  /** Compiles the model for one token. */
  public Generator(Gpt model) {
    decoder = new Decoder(model, 1);
  }

  /** Forgets everything and reads a prompt of 1 to C tokens. */
  public void start(int... prompt) {
    decoder.start(0, prompt);
  }

  /** The logits [V] of the next token. */
  public float[] logits() {
    return decoder.logits(0).clone();
  }

  /** Appends a token. */
  public void append(int t) {
    decoder.append(0, t);
    decoder.run();
  }

  /** Draws the next token and appends it. */
  public int next(Sampler sampler) {
    int t = sampler.draw(decoder.logits(0), decoder.tokens(0), decoder.length(0));
    append(t);
    return t;
  }

  /**
   * Continues a prompt.
   *
   * @param most how many tokens at most
   * @param onToken sees each new token as it comes, and says whether to go on
   * @return the new tokens
   */
  public int[] generate(int[] prompt, int most, Sampler sampler, IntPredicate onToken) {
    int[] out = new int[most];
    int n = 0;
    start(prompt);
    while (n < most) {
      out[n++] = next(sampler);
      if (!onToken.test(out[n - 1])) {
        break;
      }
    }
    return Arrays.copyOf(out, n);
  }

  /**
   * Continues a text, of which the model sees what fits its context.
   *
   * @param most how many tokens at most
   * @param onText sees the new text so far after each token, and says whether to go on; what might
   *     be the beginning of a stop, or of a character, is held back until that is clear
   * @param stops texts that end it; neither they nor what follows are returned
   * @return the new text
   */
  public String complete(
      Tokenizer tokenizer,
      String prompt,
      int most,
      Sampling sampling,
      Rng rng,
      Predicate<String> onText,
      String... stops) {
    int[] ids = tokenizer.encode(prompt);
    int[] seen = Arrays.copyOfRange(ids, Math.max(0, ids.length - decoder.context()), ids.length);
    Until until = new Until(most, t -> false, List.of(stops));
    return complete(tokenizer, seen, until, sampling, rng, onText).text();
  }

  /**
   * Continues the tokens of a text, 1 to C of them. Tokens that the model has and the tokenizer
   * does not, as in models whose vocabulary was filled up, are not drawn.
   *
   * @param onText sees the new text so far after each token, and says whether to go on; what might
   *     be the beginning of a stop, or of a character, is held back until that is clear
   */
  public Completion complete(
      Tokenizer tokenizer,
      int[] prompt,
      Until until,
      Sampling sampling,
      Rng rng,
      Predicate<String> onText) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("generate: the prompt has no token; give it a text");
    }
    int vocabulary = decoder.logits(0).length;
    if (tokenizer.size() > vocabulary) {
      throw new IllegalArgumentException(
          "generate: a tokenizer of %d tokens: the model has %d: it was made for another one"
              .formatted(tokenizer.size(), vocabulary));
    }
    TextStream text = new TextStream(tokenizer, until.stops().toArray(String[]::new));
    Sampler sampler = new Sampler(sampling, vocabulary, rng);
    start(prompt);
    for (int n = 1; n <= until.most(); n++) {
      Arrays.fill(decoder.logits(0), tokenizer.size(), vocabulary, Float.NEGATIVE_INFINITY);
      int t = next(sampler);
      if (until.tokens().test(t)) {
        return new Completion(text.all(), n, End.TOKEN);
      }
      text.add(t);
      boolean on = onText.test(text.shown());
      if (text.stopped() || !on) {
        return new Completion(text.all(), n, text.stopped() ? End.STOP : End.LISTENER);
      }
    }
    return new Completion(text.all(), until.most(), End.LENGTH);
  }
}
