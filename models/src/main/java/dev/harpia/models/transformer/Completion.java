package dev.harpia.models.transformer;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * A text that a model went on with.
 *
 * @param text without what ended it
 * @param tokens how many were generated, with one that ended it
 */
public record Completion(String text, int tokens, End end) {
  /** Why a text ended. */
  public enum End {
    /** It has as many tokens as were wanted. */
    LENGTH,
    /** A token came that stands for the end. */
    TOKEN,
    /** A text came that was to end it. */
    STOP,
    /** The listener had enough. */
    LISTENER
  }

  /**
   * What ends a text.
   *
   * @param most how many tokens at most
   * @param tokens those that stand for the end
   * @param stops texts that end it
   */
  public record Until(int most, IntPredicate tokens, List<String> stops) {
    /** Checks the number, and that no text is empty. */
    public Until {
      stops = List.copyOf(stops);
      if (most < 0 || stops.contains("")) {
        throw new IllegalArgumentException(
            "generate: at most %d tokens, stops %s: the number must not be negative, no stop empty"
                .formatted(most, stops));
      }
    }
  }
}
