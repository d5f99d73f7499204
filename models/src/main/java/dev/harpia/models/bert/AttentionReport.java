package dev.harpia.models.bert;

import dev.harpia.models.run.JsonLine;
import java.util.Locale;

/**
 * What a run of the attention lab amounts to.
 *
 * @param guessed share of hidden words of held-out sentences that are guessed right
 * @param chance the share that always guessing the most frequent word would have
 */
public record AttentionReport(
    String data,
    double loss,
    double guessed,
    double chance,
    int steps,
    long parameters,
    double seconds,
    long seed,
    int threads,
    String gemm,
    String out) {
  /** The report on one line, for programs. */
  public JsonLine json() {
    return new JsonLine()
        .put("lab", "attention")
        .put("data", data)
        .put("validation_loss", loss)
        .put("guessed", guessed)
        .put("chance", chance)
        .put("steps", steps)
        .put("parameters", parameters)
        .put("seconds", seconds)
        .put("seed", seed)
        .put("threads", threads)
        .put("gemm", gemm)
        .put("out", out);
  }

  /** The report for people. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "hidden words guessed right: %.1f %% (always the most frequent: %.1f %%; %s, %d steps,"
            + " %.1f s)%nwhich words look at which: attention-1.png and following, in %s",
        100 * guessed,
        100 * chance,
        data,
        steps,
        seconds,
        out);
  }
}
