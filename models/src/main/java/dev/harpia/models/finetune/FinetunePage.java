package dev.harpia.models.finetune;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The fine-tuning lab's report page, with the losses and the judge's scores. */
final class FinetunePage {
  private static final int BINS = 6;

  private FinetunePage() {}

  static void write(
      RunDirectory run,
      FinetuneSettings settings,
      FinetuneReport result,
      List<double[]> points,
      String samples,
      List<double[]> scores)
      throws IOException {
    Report page =
        new Report(
                run,
                "A style, learnt through low-rank adapters",
                String.format(
                    Locale.ROOT,
                    "Held-out answers in the style cost %.3f nats per character before and %.3f"
                        + " after; %.2f %% of the parameters were trained.",
                    result.before().styleLoss(),
                    result.after().styleLoss(),
                    100 * result.share()),
                settings.seed())
            .fact("data", result.data() + ", style " + result.style())
            .fact(
                "adapters",
                "rank %d, alpha %s, of %s"
                    .formatted(result.rank(), result.alpha(), settings.lora().targets()))
            .fact(
                "settings",
                "%d steps of pretraining, %d of adapting with %s at %s, %d exchanges a step"
                    .formatted(
                        settings.pretraining(),
                        settings.steps(),
                        settings.rule(),
                        settings.rate(),
                        settings.batch()))
            .fact("base weights", result.baseUntouched() ? "untouched, bit for bit" : "changed")
            .section("How it learned");
    List<Curves.Line> lines = new ArrayList<>();
    for (int phase = 0; phase < 2; phase++) {
      double which = phase;
      List<double[]> own = points.stream().filter(p -> p[0] == which).toList();
      lines.add(
          new Curves.Line(
              phase == 0 ? "pretraining" : "adapting (answers only)",
              own.stream().mapToDouble(p -> p[1]).toArray(),
              own.stream().mapToDouble(p -> p[2]).toArray()));
    }
    if (!points.isEmpty()) {
      page.chart("curves.png", Chart.lines("Loss", "step", "nats per character", lines));
    }
    page.section("What came out")
        .chart(
            "scores.png",
            Chart.histogram(
                "The judge's scores: probability that an answer is in the style",
                "score",
                BINS,
                List.of(
                    new Chart.Sample("before", scores.get(0)),
                    new Chart.Sample("after", scores.get(1)),
                    new Chart.Sample("the style's own", scores.get(2)))))
        .code("Answers before and after", samples)
        .write();
  }
}
