package dev.harpia.models.generative;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.picture.Chart;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.io.Npy;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Judges a run's samples, and those of other runs beside them; the same judge looks at all. */
public final class SampleJury {
  /** How many samples a lab draws to be judged. */
  public static final int SAMPLES = 1000;

  private static final String FILE = "samples.npy";

  /** Another run's samples. */
  private record Others(String name, Tensor samples) {}

  private final DigitJudge judge;
  private final List<Others> others = new ArrayList<>();
  private final PrintWriter log;

  /**
   * A jury with the judge that the input names, or with one trained on the digits; and the samples
   * of the runs to compare with.
   */
  public SampleJury(LabInput input, DigitData digits, PrintWriter log) throws IOException {
    this.log = log;
    for (Path other : input.compare()) {
      Tensor theirs = Npy.load(other.resolve(FILE));
      Shape s = theirs.shape();
      if (s.rank() != 4 || s.dim(0) < 2 || !s.without(0).equals(Shape.of(1, 28, 28))) {
        throw new ShapeException("compare", other + ": samples must be [N, 1, 28, 28], N ≥ 2", s);
      }
      others.add(new Others(String.valueOf(other.getFileName()), theirs));
    }
    long start = System.nanoTime();
    judge =
        input.judge().isPresent()
            ? DigitJudge.load(input.judge().get(), digits)
            : DigitJudge.train(digits);
    log.printf(
        Locale.ROOT,
        "judge: a classifier, %.2f %% right on the test digits (%s, %.0f s)%n",
        100 * judge.accuracy(),
        input.judge().isPresent() ? "from a file" : "trained now",
        (System.nanoTime() - start) / 1e9);
    log.flush();
  }

  /**
   * Scores the run's samples [N, 1, 28, 28] first, then those of the runs to compare with.
   *
   * @param told how many classes the model was told in turn, else 0
   */
  public List<SampleScore> scores(String name, Tensor samples, int told) {
    List<SampleScore> scores = new ArrayList<>();
    scores.add(judge.score(name, samples, told));
    others.forEach(other -> scores.add(judge.score(other.name(), other.samples(), 0)));
    scores.forEach(score -> log.println(score.text()));
    log.flush();
    return scores;
  }

  /** Leaves samples and judge in a run's directory, for other runs. */
  public void leave(RunDirectory run, Tensor samples) throws IOException {
    run.save(FILE, file -> Npy.save(samples, file));
    run.save("judge.safetensors", judge::save);
  }

  /** Puts what the jury says into a report. */
  public void put(Report report, List<SampleScore> scores) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (SampleScore s : scores) {
      rows.add(
          List.of(
              s.name(),
              Integer.toString(s.count()),
              String.format(Locale.ROOT, "%.1f %%", 100 * s.confidence()),
              Integer.toString(s.classes()),
              String.format(Locale.ROOT, "%.1f %%", 100 * s.largest()),
              String.format(Locale.ROOT, "%.2f", s.frechet())));
    }
    SampleScore own = scores.getFirst();
    report
        .section("What a classifier says of the samples")
        .text(
            String.format(
                Locale.ROOT,
                "A convolutional network that reads %.2f %% of the test digits correctly looks at"
                    + " %,d samples: how sure it is of them, for which digits it takes them, and"
                    + " how far its features of them are from those of the test digits (Fréchet"
                    + " distance). A class missing, or one with more than a quarter of the samples,"
                    + " would count as mode collapse.",
                100 * judge.accuracy(),
                own.count()))
        .text(
            own.asked().isEmpty()
                ? ""
                : String.format(
                    Locale.ROOT,
                    "The model was asked for the ten digits in turn: %.1f %% of its samples are"
                        + " taken for the digit that was asked for.",
                    100 * own.asked().getAsDouble()))
        .table(
            "Samples side by side",
            List.of("model", "samples", "confidence", "classes", "commonest", "Fréchet distance"),
            rows)
        .chart(
            "classes.png",
            Chart.bars(
                "Digits for which the samples are taken",
                "digit",
                "percent of the samples",
                Chart.numbered(0, 9),
                scores.stream()
                    .map(
                        s ->
                            Chart.series(
                                s.name(),
                                Arrays.stream(s.shares()).map(share -> 100 * share).toArray()))
                    .toList()));
  }

  /** Puts what the jury says of the run's samples into its summary. */
  public JsonLine put(JsonLine json, List<SampleScore> scores) {
    SampleScore own = scores.getFirst();
    json.put("sample_confidence", own.confidence())
        .put("sample_classes", own.classes())
        .put("largest_share", own.largest())
        .put("collapsed", own.collapsed())
        .put("frechet", own.frechet())
        .put("judge_accuracy", judge.accuracy());
    own.asked().ifPresent(share -> json.put("drawn_as_asked", share));
    for (SampleScore other : scores.subList(1, scores.size())) {
      json.put("compared_" + other.name(), other.json());
    }
    return json;
  }
}
