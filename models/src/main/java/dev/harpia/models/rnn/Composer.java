package dev.harpia.models.rnn;

import dev.harpia.models.transformer.CharTokenizer;
import dev.harpia.models.transformer.Sampler;
import dev.harpia.models.transformer.Sampling;
import dev.harpia.tensor.Rng;

/** Has a {@link CharRnn} write tunes, each from an empty past to the blank line behind it. */
final class Composer {
  /** The lab's: so many characters are drawn at most. */
  private static final int LIMIT = 1000;

  private final RnnGenerator generator;
  private final CharTokenizer tokenizer;
  private final Sampler sampler;
  private final String start;
  private final int[] prompt;
  private long drawn;

  /**
   * A tune as it was written.
   *
   * @param complete whether it ended before the limit
   */
  record Written(String text, boolean complete) {}

  Composer(CharRnn model, CharTokenizer tokenizer, Sampling how, String start, Rng rng) {
    this.tokenizer = tokenizer;
    this.start = start;
    generator = new RnnGenerator(model);
    sampler = new Sampler(how, model.vocabulary(), rng);
    prompt = prompt(tokenizer, start);
  }

  /** What a tune begins with, behind the blank line of the one before. */
  static int[] prompt(CharTokenizer tokenizer, String start) {
    return tokenizer.encode(MusicData.BLANK + start);
  }

  /** Characters drawn so far. */
  long drawn() {
    return drawn;
  }

  Written tune() {
    int newline = tokenizer.encode("\n")[0];
    boolean[] blank = {false};
    int[] last = {prompt[prompt.length - 1]};
    int[] tokens =
        generator.generate(
            prompt,
            LIMIT,
            sampler,
            t -> {
              blank[0] = t == newline && last[0] == newline;
              last[0] = t;
              return !blank[0];
            });
    drawn += tokens.length;
    return new Written((start + tokenizer.decode(tokens)).stripTrailing(), blank[0]);
  }
}
