package dev.harpia.models.transformer;

import dev.harpia.models.transformer.Completion.End;
import dev.harpia.models.transformer.Completion.Until;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Looks for a probable continuation as a whole, where {@link Generator} chooses token by token: at
 * each step the {@code size} most probable beginnings are kept. The score of a continuation of n
 * tokens is its log-probability divided by n^α; α = 0 favours short ones, 1 the mean per token.
 *
 * <p>For one thread at a time. The model must not change while a search is in use.
 */
public final class BeamSearch {
  /**
   * A continuation.
   *
   * @param tokens with the one that ended it, if one did
   * @param logProbability of all its tokens, in nats
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier
  public record Beam(int[] tokens, double logProbability, double score) {}

  private record Step(int row, int token, double logProbability) {}

  private static final Comparator<Step> MOST_PROBABLE =
      Comparator.comparingDouble((Step s) -> -s.logProbability)
          .thenComparingInt(Step::row)
          .thenComparingInt(Step::token);

  private final Decoder decoder;
  private final double alpha;
  private final Largest ending; // of a sequence's next tokens
  private final Largest going;

  /** A search that keeps {@code size} beginnings. */
  public BeamSearch(Gpt model, int size, double alpha) {
    if (!(alpha >= 0) || alpha > 10) {
      throw new IllegalArgumentException("beam search: alpha " + alpha + ": must be from 0 to 10");
    }
    decoder = new Decoder(model, size);
    this.alpha = alpha;
    int most = Math.min(size, model.config().vocabulary());
    ending = new Largest(most);
    going = new Largest(most);
  }

  /**
   * The best continuations of a prompt, the best one first: as many as beginnings are kept, or
   * fewer where there are not so many.
   *
   * @param most how many new tokens at most; with the prompt they must fit the context
   * @param ends tokens that end a continuation
   */
  public List<Beam> search(int[] prompt, int most, IntPredicate ends) {
    int size = decoder.rows();
    if (most < 1 || prompt.length + most > decoder.context() + 1) {
      throw new IllegalArgumentException(
          "beam search: a prompt of %d tokens and %d more: there must be room in the context's %d"
              .formatted(prompt.length, most, decoder.context()));
    }
    decoder.start(0, prompt);
    decoder.reorder(new int[size]);
    List<Beam> done = new ArrayList<>();
    List<int[]> texts = new ArrayList<>(List.of(new int[0]));
    double[] sums = {0};
    for (int n = 1; n <= most && !texts.isEmpty(); n++) {
      List<Step> steps = new ArrayList<>();
      for (int row = 0; row < texts.size(); row++) {
        best(row, sums[row], ends, steps);
      }
      steps.sort(MOST_PROBABLE);
      List<Step> kept = new ArrayList<>();
      for (Step s : steps) {
        if (ends.test(s.token) || n == most) {
          done.add(beam(append(texts.get(s.row), s.token), s.logProbability));
        } else if (kept.size() < size) {
          kept.add(s);
        }
      }
      done.sort(Comparator.comparingDouble((Beam b) -> -b.score));
      done = new ArrayList<>(done.subList(0, Math.min(size, done.size())));
      boolean hopeless =
          !kept.isEmpty()
              && done.size() == size
              && bound(kept.getFirst().logProbability, most) <= done.getLast().score;
      if (kept.isEmpty() || hopeless) {
        break;
      }
      List<int[]> next = new ArrayList<>();
      int[] parents = new int[size];
      sums = new double[kept.size()];
      for (int i = 0; i < kept.size(); i++) {
        parents[i] = kept.get(i).row;
        sums[i] = kept.get(i).logProbability;
        next.add(append(texts.get(parents[i]), kept.get(i).token));
      }
      decoder.reorder(parents);
      for (int i = 0; i < size; i++) {
        decoder.append(i, kept.get(Math.min(i, kept.size() - 1)).token);
      }
      decoder.run();
      texts = next;
    }
    return done;
  }

  /**
   * The best continuation of the tokens of a text. Texts that end it play no part in the search:
   * they cut what was found.
   */
  public Completion complete(Tokenizer tokenizer, int[] prompt, Until until) {
    int[] found = search(prompt, until.most(), until.tokens()).getFirst().tokens();
    boolean ended = until.tokens().test(found[found.length - 1]);
    TextStream text = new TextStream(tokenizer, until.stops().toArray(String[]::new));
    for (int i = 0; i < found.length - (ended ? 1 : 0); i++) {
      text.add(found[i]);
    }
    End end = text.stopped() ? End.STOP : ended ? End.TOKEN : End.LENGTH;
    return new Completion(text.all(), found.length, end);
  }

  /** The best score that a beginning can still come to: its probability can only fall. */
  private double bound(double logProbability, int most) {
    return logProbability / Math.pow(most, alpha);
  }

  private Beam beam(int[] tokens, double logProbability) {
    return new Beam(tokens, logProbability, logProbability / Math.pow(tokens.length, alpha));
  }

  private static int[] append(int[] tokens, int t) {
    int[] all = Arrays.copyOf(tokens, tokens.length + 1);
    all[tokens.length] = t;
    return all;
  }

  /**
   * The most probable ways to go on from a sequence: as many that end it as beginnings are kept,
   * and as many others.
   */
  private void best(int row, double sum, IntPredicate ends, List<Step> to) {
    float[] z = decoder.logits(row);
    double max = Double.NEGATIVE_INFINITY;
    for (float v : z) {
      if (Float.isNaN(v)) {
        throw new IllegalStateException("beam search: a logit is not a number");
      }
      max = Math.max(max, v);
    }
    double total = 0;
    ending.clear();
    going.clear();
    for (int t = 0; t < z.length; t++) {
      total += Math.exp(z[t] - max);
      (ends.test(t) ? ending : going).offer(z[t], t);
    }
    double norm = max + Math.log(total);
    for (Largest found : List.of(ending, going)) {
      for (int i = 0; i < found.size(); i++) {
        int t = found.place(i);
        to.add(new Step(row, t, sum + z[t] - norm));
      }
    }
  }
}
