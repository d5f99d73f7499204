package dev.harpia.models.transformer;

import java.util.Arrays;
import java.util.List;

/**
 * Continues several prompts of different lengths at once, each as {@link Generator} would alone:
 * the weights, which are what a token costs, are read once for all of them. No prompt is padded.
 *
 * <p>For one thread at a time. The model must not change while a generator is in use.
 */
public final class BatchGenerator {
  /** Told of each new token. */
  @FunctionalInterface
  public interface Listener {
    /** Sequence {@code row} goes on with a token; returns whether it is to go on further. */
    boolean on(int row, int token);
  }

  private final Decoder decoder;

  /** Compiles the model for one token of each of {@code size} sequences. */
  public BatchGenerator(Gpt model, int size) {
    decoder = new Decoder(model, size);
  }

  /** How many sequences there can be. */
  public int size() {
    return decoder.rows();
  }

  /**
   * Continues prompts.
   *
   * @param prompts at most {@link #size} of 1 to C tokens
   * @param most new tokens of each at most
   * @param samplers one for each prompt
   * @param listener sees each new token as it comes; sequences that it ends are left alone
   * @return the new tokens of each
   */
  public int[][] generate(int[][] prompts, int most, List<Sampler> samplers, Listener listener) {
    if (prompts.length < 1 || prompts.length > size() || samplers.size() != prompts.length) {
      throw new IllegalArgumentException(
          "generate: %d prompts and %d samplers: there must be as many, from 1 to %d"
              .formatted(prompts.length, samplers.size(), size()));
    }
    int[][] out = new int[prompts.length][most];
    int[] count = new int[prompts.length];
    boolean[] done = new boolean[prompts.length];
    for (int row = 0; row < size(); row++) {
      // rows without a prompt compute something, too, which nobody looks at
      decoder.start(row, row < prompts.length ? prompts[row] : new int[] {0});
    }
    boolean going = most > 0;
    while (going) {
      going = false;
      for (int row = 0; row < prompts.length; row++) {
        if (!done[row]) {
          int t =
              samplers.get(row).draw(decoder.logits(row), decoder.tokens(row), decoder.length(row));
          out[row][count[row]++] = t;
          done[row] = !listener.on(row, t) || count[row] == most;
          if (!done[row]) {
            decoder.append(row, t);
            going = true;
          }
        }
      }
      if (going) {
        decoder.run();
      }
    }
    for (int row = 0; row < out.length; row++) {
      out[row] = Arrays.copyOf(out[row], count[row]);
    }
    return out;
  }
}
