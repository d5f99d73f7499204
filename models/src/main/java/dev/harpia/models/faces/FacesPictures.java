package dev.harpia.models.faces;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves.Line;
import dev.harpia.models.picture.ImageGrid;
import dev.harpia.models.picture.Pixels;
import dev.harpia.models.vae.DbVae;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The pictures of the faces lab. */
final class FacesPictures {
  private static final int COLUMNS = 8;

  private FacesPictures() {}

  /** Training pictures: a row for each group, and two of non-faces. */
  static BufferedImage examples(FaceData data) {
    List<ImageGrid.Row> rows = new ArrayList<>();
    for (int g = 0; g < data.groups().size(); g++) {
      int group = g;
      int[] first =
          IntStream.range(0, data.faces().count())
              .filter(i -> data.faces().groups()[i] == group)
              .limit(COLUMNS)
              .toArray();
      rows.add(row(data.groups().get(g), data.faces(), first));
    }
    int n = data.others().count();
    for (int r = 0; r < 2; r++) {
      int from = r * COLUMNS;
      int[] some =
          IntStream.range(from, from + COLUMNS).map(i -> (int) ((long) i * n / 16)).toArray();
      rows.add(row("no face", data.others(), some));
    }
    return ImageGrid.rows("Training pictures", rows);
  }

  private static ImageGrid.Row row(String name, FaceSet set, int[] indices) {
    return new ImageGrid.Row(
        name, indices.length == 0 ? List.of() : Pixels.of(set.pictures(indices)));
  }

  /** The training faces that were drawn most and least often at the end. */
  static BufferedImage weights(FaceData data, double[] probabilities) {
    int[] order =
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -probabilities[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int n = order.length;
    return ImageGrid.rows(
        "Training faces by the probability of being drawn",
        List.of(
            row("highest", data.faces(), Arrays.copyOf(order, COLUMNS)),
            row("", data.faces(), Arrays.copyOfRange(order, COLUMNS, 2 * COLUMNS)),
            row("", data.faces(), Arrays.copyOfRange(order, n - 2 * COLUMNS, n - COLUMNS)),
            row("lowest", data.faces(), Arrays.copyOfRange(order, n - COLUMNS, n))));
  }

  /** Test faces of all groups above what the model draws of them. */
  static BufferedImage reconstructions(FaceData data, DbVae model) {
    List<ImageGrid.Row> rows = new ArrayList<>();
    model.eval();
    for (int part = 0; part < 2; part++) {
      int from = part * COLUMNS;
      int n = data.testFaces().count();
      int[] some =
          IntStream.range(from, from + COLUMNS).map(i -> (int) ((long) i * n / 16)).toArray();
      try (var _ = Scope.inference()) {
        Tensor x = data.testFaces().pictures(some);
        Tensor drawn = model.decode(model.encode(x).encoding().mu());
        rows.add(new ImageGrid.Row("test face", Pixels.of(x)));
        rows.add(new ImageGrid.Row("decoded", Pixels.of(drawn)));
      }
    }
    return ImageGrid.rows("Test faces and their reconstructions", rows);
  }

  /** A bar for each model and group. */
  static Chart bars(
      String title,
      String yTitle,
      List<String> groups,
      List<ModelResult> results,
      Function<ModelResult, double[]> values) {
    List<Line> series =
        results.stream()
            .map(
                r ->
                    Chart.series(
                        r.name(), Arrays.stream(values.apply(r)).map(v -> 100 * v).toArray()))
            .toList();
    return Chart.bars(title, "group", yTitle, groups, series);
  }

  /** The share of each group among the faces drawn, by epoch. */
  static Chart drawn(FaceData data, List<double[]> shares) {
    List<Line> lines = new ArrayList<>();
    for (int g = 0; g < data.groups().size(); g++) {
      int group = g;
      lines.add(
          Line.over(
              data.groups().get(g), shares.stream().mapToDouble(s -> 100 * s[group]).toArray()));
    }
    return Chart.lines(
        "Groups among the faces drawn by the debiasing model", "epoch", "percent", lines);
  }
}
