package dev.harpia.models.transformer;

import dev.harpia.models.run.JsonLine;
import java.util.Locale;

/**
 * What a run of the GPT lab amounts to; losses in nats per character.
 *
 * @param unigramLoss what a model reaches that only knows how frequent each character is
 */
public record GptReport(
    String preset,
    String data,
    double trainLoss,
    double validationLoss,
    double unigramLoss,
    int steps,
    long parameters,
    double tokensPerSecond,
    double generatedPerSecond,
    double seconds,
    long seed,
    int threads,
    String gemm,
    String sample,
    String out) {
  /** The report on one line, for programs. */
  public JsonLine json() {
    return new JsonLine()
        .put("lab", "gpt")
        .put("preset", preset)
        .put("data", data)
        .put("train_loss", trainLoss)
        .put("validation_loss", validationLoss)
        .put("unigram_loss", unigramLoss)
        .put("steps", steps)
        .put("parameters", parameters)
        .put("train_tokens_per_second", tokensPerSecond)
        .put("generated_tokens_per_second", generatedPerSecond)
        .put("seconds", seconds)
        .put("seed", seed)
        .put("threads", threads)
        .put("gemm", gemm)
        .put("sample", sample)
        .put("out", out);
  }

  /** The report for people. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%s%nvalidation loss %.3f nats per character (unigrams: %.3f), training %.3f (%s, %d steps,"
            + " %.1f s; training %,.0f tokens/s, generating %,.0f tokens/s, %d threads,"
            + " %s)%nresults in %s",
        sample,
        validationLoss,
        unigramLoss,
        trainLoss,
        preset,
        steps,
        seconds,
        tokensPerSecond,
        generatedPerSecond,
        threads,
        gemm,
        out);
  }
}
