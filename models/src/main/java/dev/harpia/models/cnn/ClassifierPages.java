package dev.harpia.models.cnn;

import dev.harpia.models.data.PictureSet;
import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.HeatMap;
import dev.harpia.models.picture.ImageGrid;
import dev.harpia.models.picture.Pixels;
import dev.harpia.models.picture.ProbabilityGrid;
import dev.harpia.models.report.Learning;
import dev.harpia.models.report.Report;
import dev.harpia.nn.train.History;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The common part of a classifier's report: curves, pictures with probabilities, mistakes, maps.
 */
final class ClassifierPages {
  private static final int SHOWN = 15;
  private static final int EXPLAINED = 8;
  private static final int LARGE = 96;

  private final Report page;
  private final ClassifierTask.Trained trained;

  ClassifierPages(Report page, ClassifierTask.Trained trained) {
    this.page = page;
    this.trained = trained;
  }

  /** Adds all, the lab's own findings in between, whose figures it returns. */
  Map<String, Double> add(History history, Learning learning, ClassifierTask.Findings findings)
      throws IOException {
    PictureSet test = trained.test();
    page.section("How it learned")
        .chart("loss.png", Learning.loss(history, "cross-entropy in nats"))
        .chart("accuracy.png", Learning.accuracy(history))
        .chart("steps.png", learning.steps("cross-entropy in nats"));
    int[] first = spread(SHOWN);
    int[] hardest = trained.verdict().hardest(test.labels(), SHOWN);
    page.section("What it says")
        .picture(
            "pictures.png",
            "Test pictures: predicted class, its probability, (true class); and the probability of"
                + " each class.",
            () -> probabilities("Test pictures", first))
        .picture(
            "hardest.png",
            "The test pictures whose true class got the least probability, worst first.",
            () -> probabilities("The hardest test pictures", hardest));
    Map<String, Double> figures = findings.add(page, trained);
    int[][] counts = trained.verdict().confusion(test.labels());
    page.section("What it mistakes for what")
        .confusion(
            "Test pictures by true class and by what the network says. Counts; shaded by their"
                + " share of the row.",
            test.classes(),
            counts)
        .chart("classes.png", byClass(test.classes(), counts));
    int[] some = spread(EXPLAINED);
    page.section("Where it looks")
        .picture(
            "maps.png",
            "Class-activation maps: red where features speak most for the predicted class; and how"
                + " much each pixel changes its logit.",
            () -> maps(some));
    return figures;
  }

  /** Files are often in order of their classes: takes pictures from all over the set. */
  private int[] spread(int most) {
    int n = trained.test().count();
    int shown = Math.min(most, n);
    return IntStream.range(0, shown).map(i -> (int) ((long) i * n / shown)).toArray();
  }

  private BufferedImage probabilities(String title, int[] indices) {
    List<ProbabilityGrid.Cell> cells = new ArrayList<>();
    for (int i : indices) {
      cells.add(
          new ProbabilityGrid.Cell(
              picture(i), trained.test().labels()[i], trained.verdict().probabilities()[i]));
    }
    return ProbabilityGrid.draw(title, cells, trained.test().classes(), 3);
  }

  private BufferedImage picture(int i) {
    PictureSet set = trained.test();
    return Pixels.of(set.values(i), 0, set.channels(), set.height(), set.width());
  }

  private static Chart byClass(List<String> classes, int[][] counts) {
    double[] right = new double[counts.length];
    for (int c = 0; c < right.length; c++) {
      int total = IntStream.of(counts[c]).sum();
      right[c] = total == 0 ? Double.NaN : 100.0 * counts[c][c] / total;
    }
    return Chart.bars(
        "Right by true class", "", "percent", classes, List.of(Chart.series("right", right)));
  }

  private BufferedImage maps(int[] indices) {
    List<BufferedImage> plain = new ArrayList<>();
    List<BufferedImage> cams = new ArrayList<>();
    List<BufferedImage> pixels = new ArrayList<>();
    for (int i : indices) {
      BufferedImage large = Pixels.enlarged(picture(i), LARGE);
      Tensor x = input(trained, i);
      int target = trained.verdict().best(i);
      plain.add(large);
      cams.add(HeatMap.over(large, Attribution.cam(trained.net(), x, target), 0.7));
      pixels.add(HeatMap.over(large, Attribution.saliency(trained.net(), x, target), 0.8));
    }
    return ImageGrid.rows(
        "What the prediction hangs on",
        List.of(
            new ImageGrid.Row("picture", plain),
            new ImageGrid.Row("activation", cams),
            new ImageGrid.Row("saliency", pixels)));
  }

  /** Test picture {@code i} as the network takes it: [1, C, H, W]. */
  static Tensor input(ClassifierTask.Trained trained, int i) {
    PictureSet set = trained.test();
    float[] values = set.values(i);
    int plane = set.height() * set.width();
    for (int k = 0; k < values.length; k++) {
      int c = k / plane;
      values[k] = (values[k] - trained.statistics()[0][c]) / trained.statistics()[1][c];
    }
    return Tensor.of(values, Shape.of(1, set.channels(), set.height(), set.width()));
  }
}
