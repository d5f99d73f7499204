package dev.harpia.models.finetune;

import dev.harpia.models.run.JsonLine;
import java.util.Locale;

/**
 * What a run of the fine-tuning lab amounts to; losses in nats per character of held-out answers.
 *
 * @param before of the base model
 * @param after with the adapters
 * @param merging how far the merged model is from that with adapters
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
    Merging merging,
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

  /**
   * The largest differences between the logits of the merged model and of that with adapters.
   *
   * @param evaluation as the model is used: 0 if merging changes no bit
   * @param training as the adapters are learnt, where their products are rounded apart
   * @param largest the largest of these logits, of either sign
   */
  public record Merging(double evaluation, double training, double largest) {}

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
        .put("merged_difference", merging.evaluation)
        .put("merged_difference_training", merging.training)
        .put("merged_largest_logit", merging.largest)
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
            + " alpha %s, %s, %d steps after %d of pretraining, %.1f s%nlogits of the merged"
            + " model and with adapters, of up to %.1f: %s apart in evaluation, %.1e in the form"
            + " that is learnt; base weights %s%nresults in %s",
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
        merging.largest,
        merging.evaluation == 0 ? "no bit" : String.format(Locale.ROOT, "%.1e", merging.evaluation),
        merging.training,
        baseUntouched ? "untouched, bit for bit" : "CHANGED",
        out);
  }
}
