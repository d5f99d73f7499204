package dev.harpia.models.rnn;

import dev.harpia.models.music.Verdicts;
import dev.harpia.models.run.JsonLine;
import java.util.Locale;

/**
 * What a run of the music lab amounts to; losses in nats per character.
 *
 * @param trainLoss of the last full epoch of a hundred steps
 * @param validationLoss of the weights that were kept, those with the lowest
 * @param finalValidationLoss of the last full epoch's weights
 * @param bestStep after which step the kept weights were learnt
 * @param composed what the judges say of the tunes that were ended; shares are of all {@code begun}
 * @param corpus what they say of the tunes that were learnt from
 * @param longestCopy the most bars in a row that a tune shares with one of the corpus
 * @param meanCopy the mean share of a tune that its longest such run makes up
 * @param soundbank whether recorded instruments play the sound files
 */
public record MusicReport(
    String preset,
    String cell,
    String data,
    double trainLoss,
    double validationLoss,
    double finalValidationLoss,
    long bestStep,
    int steps,
    long parameters,
    double trainedPerSecond,
    double drawnPerSecond,
    int begun,
    Verdicts composed,
    Verdicts corpus,
    int longestCopy,
    double meanCopy,
    boolean soundbank,
    double seconds,
    long seed,
    int threads,
    String gemm,
    String out) {

  /** The report on one line, for programs. */
  public JsonLine json() {
    return new JsonLine()
        .put("lab", "music")
        .put("preset", preset)
        .put("cell", cell)
        .put("data", data)
        .put("train_loss", trainLoss)
        .put("validation_loss", validationLoss)
        .put("final_validation_loss", finalValidationLoss)
        .put("best_step", bestStep)
        .put("steps", steps)
        .put("parameters", parameters)
        .put("train_characters_per_second", trainedPerSecond)
        .put("generated_characters_per_second", drawnPerSecond)
        .put("tunes", begun)
        .put("complete", Verdicts.share(composed.tunes(), begun))
        .put("valid", Verdicts.share(composed.valid(), begun))
        .put("right_bars", Verdicts.share(composed.rightBars(), begun))
        .put("abc2midi_accepted", Verdicts.share(composed.accepted(), begun))
        .put("abc2midi_right_bars", Verdicts.share(composed.acceptedBars(), begun))
        .put("corpus_tunes", corpus.tunes())
        .put("corpus_valid", Verdicts.share(corpus.valid(), corpus.tunes()))
        .put("corpus_right_bars", Verdicts.share(corpus.rightBars(), corpus.tunes()))
        .put("corpus_abc2midi_accepted", Verdicts.share(corpus.accepted(), corpus.tunes()))
        .put("corpus_abc2midi_right_bars", Verdicts.share(corpus.acceptedBars(), corpus.tunes()))
        .put("longest_copy_bars", longestCopy)
        .put("mean_copy_share", meanCopy)
        .put("sound", soundbank ? "soundbank" : "additive")
        .put("seconds", seconds)
        .put("seed", seed)
        .put("threads", threads)
        .put("gemm", gemm)
        .put("out", out);
  }

  /** The report for people. */
  public String text() {
    String judge =
        composed.accepted() < 0
            ? "abc2midi is not installed: no independent judge"
            : "abc2midi accepts %s (corpus %s), finds the bars right in %s (corpus %s)"
                .formatted(
                    percent(composed.accepted(), begun),
                    percent(corpus.accepted(), corpus.tunes()),
                    percent(composed.acceptedBars(), begun),
                    percent(corpus.acceptedBars(), corpus.tunes()));
    return String.format(
        Locale.ROOT,
        "training loss %.3f nats per character, validation %.3f; kept are the weights after step %d"
            + " of %d, with the lowest: %.3f (%s %s, %.1f s; training %,.0f characters/s,"
            + " composing %,.0f characters/s, %d threads, %s)%n"
            + "%d tunes: %s complete, %s valid (corpus %s), %s with right bars (corpus %s)%n%s%n"
            + "copied from the corpus: at most %d bars in a row, on average %.0f %% of a"
            + " tune%nresults in %s",
        trainLoss,
        finalValidationLoss,
        bestStep,
        steps,
        validationLoss,
        preset,
        cell,
        seconds,
        trainedPerSecond,
        drawnPerSecond,
        threads,
        gemm,
        begun,
        percent(composed.tunes(), begun),
        percent(composed.valid(), begun),
        percent(corpus.valid(), corpus.tunes()),
        percent(composed.rightBars(), begun),
        percent(corpus.rightBars(), corpus.tunes()),
        judge,
        longestCopy,
        100 * meanCopy,
        out);
  }

  static String percent(int count, int of) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * Verdicts.share(count, of));
  }
}
