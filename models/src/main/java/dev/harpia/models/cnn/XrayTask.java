package dev.harpia.models.cnn;

import dev.harpia.models.data.Radiographs;
import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.HeatMap;
import dev.harpia.models.picture.ImageGrid;
import dev.harpia.models.picture.Pixels;
import dev.harpia.models.picture.Roc;
import dev.harpia.models.report.Report;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Screening of drawn radiographs: does a lung have a lesion? Adds the ROC curve, the histogram of
 * scores, and whether the class-activation map's peak lies in the lesion, whose place the network
 * was never told.
 */
public final class XrayTask {
  private static final int SHOWN = 8;
  private static final int LARGE = 128;
  private static final int POINTED = 200;

  private final Radiographs test;

  private XrayTask(Radiographs test) {
    this.test = test;
  }

  /** Drawn pictures of a seed. */
  public static ClassifierTask of(int train, int test, long seed) {
    Radiographs judged = Radiographs.test(test, seed);
    return new ClassifierTask(
        "xray",
        "Screening of drawn radiographs",
        "synthetic",
        Radiographs.train(train, seed).set(),
        judged.set(),
        new XrayTask(judged)::add);
  }

  private Map<String, Double> add(Report page, ClassifierTask.Trained trained) throws IOException {
    int n = trained.test().count();
    double[] score =
        IntStream.range(0, n).mapToDouble(i -> trained.verdict().probabilities()[i][1]).toArray();
    boolean[] sick = new boolean[n];
    for (int i = 0; i < n; i++) {
      sick[i] = trained.test().labels()[i] == 1;
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    page.section("How well it screens");
    int positives = (int) IntStream.range(0, n).filter(i -> sick[i]).count();
    if (positives == 0 || positives == n) {
      page.text("All test pictures are of one class: there is no ROC curve.");
      return figures;
    }
    Roc roc = Roc.of("network", score, sick);
    figures.put("auc", roc.area());
    page.chart("roc.png", Chart.roc("Receiver operating curve", List.of(roc)))
        .chart(
            "scores.png",
            Chart.histogram(
                "Probability of a lesion",
                "probability",
                20,
                List.of(
                    new Chart.Sample("healthy", values(score, sick, false)),
                    new Chart.Sample("lesion", values(score, sick, true)))));
    int[] cases = IntStream.range(0, n).filter(i -> sick[i]).limit(POINTED).toArray();
    double hits = 0;
    double chance = 0;
    float[][][] maps = new float[cases.length][][];
    for (int k = 0; k < cases.length; k++) {
      maps[k] = Attribution.cam(trained.net(), ClassifierPages.input(trained, cases[k]), 1);
      hits += points(maps[k], test.lesions()[cases[k]]) ? 1 : 0;
      chance += share(maps[k], test.lesions()[cases[k]]);
    }
    figures.put("pointing", hits / cases.length);
    figures.put("pointing_by_chance", chance / cases.length);
    page.text(
            String.format(
                Locale.ROOT,
                "In %.0f %% of %d pictures with a lesion the peak of the class-activation map lies"
                    + " in it; a peak anywhere in the picture would in %.1f %%.",
                100 * hits / cases.length,
                cases.length,
                100 * chance / cases.length))
        .picture(
            "lesions.png",
            "Pictures with a lesion, in a circle, and the class-activation map of \"lesion\".",
            () -> lesions(cases, maps, score));
    return figures;
  }

  private static double[] values(double[] score, boolean[] sick, boolean which) {
    return IntStream.range(0, score.length)
        .filter(i -> sick[i] == which)
        .mapToDouble(i -> score[i])
        .toArray();
  }

  /** Whether the cell with the peak reaches into the lesion. */
  private static boolean points(float[][] map, double[] lesion) {
    int row = 0;
    int column = 0;
    for (int r = 0; r < map.length; r++) {
      for (int c = 0; c < map[0].length; c++) {
        if (map[r][c] > map[row][column]) {
          row = r;
          column = c;
        }
      }
    }
    return map[row][column] > 0 && hit(map, row, column, lesion);
  }

  private static double share(float[][] map, double[] lesion) {
    int inside = 0;
    for (int r = 0; r < map.length; r++) {
      for (int c = 0; c < map[0].length; c++) {
        inside += hit(map, r, c, lesion) ? 1 : 0;
      }
    }
    return (double) inside / (map.length * map[0].length);
  }

  private static boolean hit(float[][] map, int row, int column, double[] lesion) {
    double cell = (double) Radiographs.SIDE / map.length;
    double x = (column + 0.5) * cell - 0.5;
    double y = (row + 0.5) * cell - 0.5;
    return Math.hypot(x - lesion[0], y - lesion[1]) <= lesion[2] + cell / 2;
  }

  private BufferedImage lesions(int[] cases, float[][][] maps, double[] score) {
    List<ImageGrid.Tile> tiles = new ArrayList<>();
    int shown = Math.min(SHOWN, cases.length);
    int zoom = LARGE / Radiographs.SIDE;
    for (int pass = 0; pass < 2; pass++) {
      for (int k = 0; k < shown; k++) {
        int i = cases[k];
        int side = Radiographs.SIDE;
        BufferedImage picture =
            Pixels.enlarged(Pixels.of(test.set().values(i), 0, 1, side, side), LARGE);
        if (pass == 1) {
          tiles.add(
              new ImageGrid.Tile(
                  HeatMap.over(picture, maps[k], 0.7),
                  String.format(Locale.ROOT, "lesion %.0f%%", 100 * score[i]),
                  score[i] > 0.5 ? ImageGrid.Verdict.RIGHT : ImageGrid.Verdict.WRONG));
        } else {
          circle(picture, test.lesions()[i], zoom);
          tiles.add(ImageGrid.Tile.of(picture));
        }
      }
    }
    return ImageGrid.captioned("Lesions, and where the network looks", tiles, shown);
  }

  private static void circle(BufferedImage picture, double[] lesion, int zoom) {
    Graphics2D pen = picture.createGraphics();
    pen.setColor(new Color(0xFBBF24));
    int r = (int) Math.round(zoom * (lesion[2] + 1.5));
    int x = (int) Math.round(zoom * (lesion[0] + 0.5));
    int y = (int) Math.round(zoom * (lesion[1] + 0.5));
    pen.drawOval(x - r, y - r, 2 * r, 2 * r);
    pen.dispose();
  }
}
