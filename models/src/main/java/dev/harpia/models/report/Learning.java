package dev.harpia.models.report;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import dev.harpia.nn.train.Callback;
import dev.harpia.nn.train.EpochResult;
import dev.harpia.nn.train.Event;
import dev.harpia.nn.train.History;
import dev.harpia.nn.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Curves of how training went. As a callback it keeps the loss of each step. */
public final class Learning implements Callback {
  private static final double SMOOTHING = 0.95;

  private final List<Float> losses = new ArrayList<>();

  /** Has seen no step yet. */
  public Learning() {}

  @Override
  public void on(Event event, Training training) {
    if (event instanceof Event.StepDone step) {
      losses.add(step.loss());
    }
  }

  /** The loss of each step so far, smoothed (factor 0.95), on a logarithmic scale. */
  public Chart steps(String unit) {
    double[] y = losses.stream().mapToDouble(Float::doubleValue).toArray();
    return Chart.lines(
            "Training loss by step, smoothed",
            "step",
            unit,
            List.of(Curves.Line.over("training", y).smoothed(SMOOTHING)))
        .withLogY();
  }

  /** Training's and the held-out set's loss after each epoch. */
  public static Chart loss(History history, String unit) {
    List<Curves.Line> lines = new ArrayList<>();
    lines.add(line("training", history, EpochResult::trainLoss));
    if (history.epochs().stream().anyMatch(e -> e.validLoss().isPresent())) {
      lines.add(line("test", history, e -> e.validLoss().orElse(Double.NaN)));
    }
    return Chart.lines("Loss", "epoch", unit, lines);
  }

  /** A metric of training and of the held-out set after each epoch, times 100. */
  public static Chart percent(History history, String metric, String title, String yTitle) {
    List<Curves.Line> lines = new ArrayList<>();
    lines.add(line("training", history, e -> 100 * e.train().getOrDefault(metric, Double.NaN)));
    if (history.epochs().stream().anyMatch(e -> e.valid().containsKey(metric))) {
      lines.add(line("test", history, e -> 100 * e.valid().getOrDefault(metric, Double.NaN)));
    }
    return Chart.lines(title, "epoch", yTitle, lines);
  }

  /** Accuracy after each epoch, in percent. */
  public static Chart accuracy(History history) {
    return percent(history, "accuracy", "Accuracy", "percent right");
  }

  private static Curves.Line line(
      String name, History history, ToDoubleFunction<EpochResult> value) {
    return Curves.Line.over(name, history.epochs().stream().mapToDouble(value).toArray());
  }

  /** A share as a text, such as {@code 99.17 %}. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
