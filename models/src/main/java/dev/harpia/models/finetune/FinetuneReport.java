package dev.harpia.models.finetune;

import dev.harpia.models.run.JsonLine;
import java.util.Locale;

/**
 * What a run of the fine-tuning lab amounts to; losses in nats per character of held-out answers.
 *
 * @param before of the base model
 * @param after with the adapters
 * @param merged the largest difference between the logits of the merged and of the adapted model
 * @param largest the largest of these logits, of either sign
 * @param baseUntouched whether the base's weights are what they were, bit for bit, after detaching
 * @param judgeAccuracy the judge's share of right answers on held-out sentences of both texts
 */
public record FinetuneReport(
    String data,
    String style,
    Figures before,
    Figures after,
    long parameters,
    long trainable,
    double share,
    int rank,
    double alpha,
    String optimizer,
    int pretraining,
    int steps,
    double merged,
    double largest,
    boolean baseUntouched,
    double judgeAccuracy,
    double seconds,
    long seed,
    int threads,
    String gemm,
    String out) {
  /**
   * Figures of one state of the model.
   *
   * @param styleLoss on held-out answers in the style
   * @param baseLoss on held-out answers of the base text
   * @param score the judge's mean probability that the model's answers are in the style
   */
  public record Figures(double styleLoss, double baseLoss, double score) {}

  /** The report on one line, for programs. */
  public JsonLine json() {
    return new JsonLine()
        .put("lab", "finetune")
        .put("data", data)
        .put("style", style)
        .put("style_loss_before", before.styleLoss)
        .put("style_loss_after", after.styleLoss)
        .put("base_loss_before", before.baseLoss)
        .put("base_loss_after", after.baseLoss)
        .put("judge_score_before", before.score)
        .put("judge_score_after", after.score)
        .put("judge_accuracy", judgeAccuracy)
        .put("parameters", parameters)
        .put("trainable", trainable)
        .put("trainable_share", share)
        .put("rank", rank)
        .put("alpha", alpha)
        .put("optimizer", optimizer)
        .put("pretraining_steps", pretraining)
        .put("steps", steps)
        .put("merged_difference", merged)
        .put("merged_largest_logit", largest)
        .put("base_untouched", baseUntouched)
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
        "held-out answers in the style: %.3f nats per character before, %.3f after (plain ones:"
            + " %.3f, %.3f)%njudge's score of the model's answers: %.2f before, %.2f after (the"
            + " judge is right on %.1f %%)%ntrained: %,d of %,d parameters (%.2f %%), rank %d,"
            + " alpha %s, %s, %d steps after %d of pretraining, %.1f s%nmerged and adapted model"
            + " differ by at most %.1e in logits of up to %.1f; base weights %s%nresults in %s",
        before.styleLoss,
        after.styleLoss,
        before.baseLoss,
        after.baseLoss,
        before.score,
        after.score,
        100 * judgeAccuracy,
        trainable,
        parameters + trainable,
        100 * share,
        rank,
        alpha,
        optimizer,
        steps,
        pretraining,
        seconds,
        merged,
        largest,
        baseUntouched ? "untouched, bit for bit" : "CHANGED",
        out);
  }
}
