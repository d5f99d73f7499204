package dev.harpia.models.cnn;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.ConfusionMatrix;
import dev.harpia.models.picture.DigitGrid;
import dev.harpia.models.picture.Panels;
import dev.harpia.models.report.Learning;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.nn.train.History;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** The pictures of the digit lab. */
final class MnistPictures {
  private static final int SHOWN = 20;
  private static final int COLUMNS = 4;

  private MnistPictures() {}

  static void add(
      Report report, LabelledImages set, Evaluation test, History history, Learning learning)
      throws IOException {
    Chart loss = Learning.loss(history, "cross-entropy in nats");
    Chart accuracy = Learning.accuracy(history);
    report
        .section("How it learned")
        .chart("loss.png", loss)
        .chart("accuracy.png", accuracy)
        .chart("steps.png", learning.steps("cross-entropy in nats"));
    int[] first = IntStream.range(0, Math.min(SHOWN, set.count())).toArray();
    int[] hardest = test.hardest(set, SHOWN);
    List<String> names = Chart.numbered(0, 9);
    report
        .section("What it says")
        .picture(
            "digits.png",
            "The first test digits: predicted class, its probability, (true class); and the"
                + " probability of each class.",
            () -> grid("Test digits: predicted, probability (true)", set, test, first))
        .picture(
            "hardest.png",
            "The test digits whose true class got the least probability, worst first.",
            () ->
                grid("The hardest test digits: predicted, probability (true)", set, test, hardest))
        .section("What it mistakes for what")
        .confusion(
            "Test digits by true class and by what the network says. Counts; shaded by their share"
                + " of the row.",
            names,
            test.confusion(set));
  }

  /** Files that a report has a table and two charts in place of. */
  static void draw(RunDirectory run, LabelledImages set, Evaluation test, History history)
      throws IOException {
    run.picture(
        "curves.png",
        Panels.grid(
            List.of(
                Learning.loss(history, "cross-entropy in nats").draw(),
                Learning.accuracy(history).draw()),
            2));
    run.picture("confusion.png", ConfusionMatrix.draw("Confusion matrix", test.confusion(set)));
  }

  private static BufferedImage grid(
      String title, LabelledImages set, Evaluation test, int[] indices) {
    float[][] p = new float[indices.length][];
    for (int i = 0; i < indices.length; i++) {
      p[i] = test.probabilities()[indices[i]];
    }
    return DigitGrid.draw(title, set, indices, p, COLUMNS);
  }
}
