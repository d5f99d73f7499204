package dev.harpia.models.rnn;

import dev.harpia.models.music.AbcReader;
import dev.harpia.models.music.AbcTune;
import dev.harpia.models.music.AbcTune.Metre;
import dev.harpia.models.music.Performance;
import dev.harpia.models.music.Verdicts;
import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import dev.harpia.models.picture.PianoRoll;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.train.EpochResult;
import dev.harpia.nn.train.History;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The music lab's report page, with the loss curves, the judgement and a tune as a picture. */
final class MusicPage {
  private MusicPage() {}

  static void write(
      RunDirectory run,
      MusicSettings settings,
      MusicReport result,
      History history,
      CharRnn model,
      Optional<String> tune)
      throws IOException {
    Report page =
        new Report(
                run,
                "A recurrent network that writes tunes",
                "%s of %d tunes are valid ABC notation, %s have bars of the right length."
                    .formatted(
                        MusicReport.percent(result.composed().valid(), result.begun()),
                        result.begun(),
                        MusicReport.percent(result.composed().rightBars(), result.begun())),
                settings.seed())
            .fact("data", "%s: %,d tunes".formatted(result.data(), result.corpus().tunes()))
            .fact(
                "settings",
                "%s %s: %d steps of %d windows of %d characters, learning rate %s"
                    .formatted(
                        settings.name(),
                        settings.cell().label(),
                        settings.steps(),
                        settings.batch(),
                        settings.length(),
                        settings.rate()))
            .fact(
                "weights",
                String.format(
                    Locale.ROOT,
                    "those after step %d of %d, with the lowest validation loss: %.3f; the last"
                        + " have %.3f",
                    result.bestStep(),
                    result.steps(),
                    result.validationLoss(),
                    result.finalValidationLoss()))
            .fact("sampling", settings.sampling())
            .fact(
                "speed",
                String.format(Locale.ROOT, "%,.0f characters a second", result.trainedPerSecond()))
            .section("How it learned");
    if (!history.epochs().isEmpty()) {
      page.chart(
          "curves.png",
          Chart.lines(
              "Loss",
              "step",
              "nats per character",
              List.of(
                  line("training", history, "train_loss"),
                  line("validation", history, "valid_loss"))));
    }
    page.code("The network", model.summary(Shape.of(1, settings.length()), DType.I32));
    page.section("What it composes").chart("verdicts.png", verdicts(result));
    page.text(
        String.format(
            Locale.ROOT,
            "At most %d bars in a row are those of a tune that was learnt from; on average the"
                + " longest such sequence is %.0f %% of a tune.",
            result.longestCopy(),
            100 * result.meanCopy()));
    if (tune.isPresent()) {
      String text = tune.get();
      page.code("The first valid tune", text);
      page.picture("pianoroll.png", "The same tune, with its repeats", () -> picture(text));
    }
    page.write();
  }

  private static Curves.Line line(String name, History history, String figure) {
    return new Curves.Line(
        name,
        history.epochs().stream().mapToDouble(EpochResult::steps).toArray(),
        history.epochs().stream().mapToDouble(e -> e.figure(figure)).toArray());
  }

  private static Chart verdicts(MusicReport r) {
    List<String> names = new ArrayList<>(List.of("valid", "right bars"));
    boolean judged = r.composed().accepted() >= 0;
    if (judged) {
      names.addAll(List.of("abc2midi accepts", "abc2midi: right bars"));
    }
    return Chart.bars(
        "Share of tunes",
        "",
        "percent",
        names,
        List.of(
            Chart.series("composed", shares(r.composed(), r.begun(), judged)),
            Chart.series("corpus", shares(r.corpus(), r.corpus().tunes(), judged))));
  }

  private static double[] shares(Verdicts v, int of, boolean judged) {
    double[] all = {
      100 * Verdicts.share(v.valid(), of),
      100 * Verdicts.share(v.rightBars(), of),
      100 * Verdicts.share(v.accepted(), of),
      100 * Verdicts.share(v.acceptedBars(), of)
    };
    return java.util.Arrays.copyOf(all, judged ? 4 : 2);
  }

  private static BufferedImage picture(String text) {
    AbcTune tune = AbcReader.read(text);
    Performance performance = Performance.of(tune);
    double bar =
        tune.body().stream()
            .filter(Metre.class::isInstance)
            .findFirst()
            .flatMap(m -> ((Metre) m).bar())
            .map(b -> b.value())
            .orElse(0.0);
    return PianoRoll.draw(
        tune.title(),
        performance.notes().stream()
            .map(n -> new PianoRoll.Block(n.pitch(), n.start().value(), n.length().value()))
            .toList(),
        performance.length().value(),
        bar,
        performance.pickup().value());
  }
}
