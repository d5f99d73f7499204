package dev.harpia.models.seq2seq;

import dev.harpia.models.run.JsonLine;
import java.util.Locale;

/**
 * What a run of the sequence-to-sequence lab amounts to.
 *
 * @param exact share of held-out sequences that are written without a fault
 */
public record Seq2SeqReport(
    String task,
    double loss,
    double exact,
    int steps,
    long parameters,
    double seconds,
    long seed,
    int threads,
    String gemm,
    String samples,
    String out) {
  /** The report on one line, for programs. */
  public JsonLine json() {
    return new JsonLine()
        .put("lab", "seq2seq")
        .put("task", task)
        .put("validation_loss", loss)
        .put("exact", exact)
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
        "%s%nheld-out sequences without a fault: %.1f %% (%s, %d steps, %.1f s)%nresults in %s",
        samples,
        100 * exact,
        task,
        steps,
        seconds,
        out);
  }
}
