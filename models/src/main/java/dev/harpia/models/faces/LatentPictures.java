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
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What the latent variables stand for, in pictures. */
final class LatentPictures {
  private static final int WALKS = 8;
  private static final int STEPS = 9;
  private static final int FRAMES = 24;
  private static final int BINS = 15;
  private static final int COLUMNS = 8;

  private final FaceData data;
  private final DbVae model;
  private final FaceLatents latents;
  private final int[] widest;

  LatentPictures(FaceData data, DbVae model) {
    this.data = data;
    this.model = model;
    model.eval();
    latents = FaceLatents.of(model, data.faces());
    widest = latents.widest(WALKS);
  }

  private List<BufferedImage> decoded(float[][] z) {
    try (var _ = Scope.inference()) {
      return Pixels.of(model.decode(Tensor.of(z)));
    }
  }

  /** The mean face with one variable moved from its least (0) to its greatest value (1). */
  private float[] moved(int variable, double share) {
    double[] values = latents.sorted(variable);
    float[] z = latents.centre();
    z[variable] = (float) (values[0] + share * (values[values.length - 1] - values[0]));
    return z;
  }

  /** One variable at a time goes from its least to its greatest value among the faces. */
  BufferedImage walk() {
    List<ImageGrid.Row> rows = new ArrayList<>();
    for (int variable : widest) {
      float[][] z = new float[STEPS][];
      Arrays.setAll(z, s -> moved(variable, s / (STEPS - 1.0)));
      rows.add(new ImageGrid.Row("z" + (variable + 1), decoded(z)));
    }
    return ImageGrid.rows("One latent variable from least to greatest, the others mean", rows);
  }

  /** The same as frames: there and back. */
  List<BufferedImage> film() {
    List<BufferedImage> frames = new ArrayList<>();
    for (int f = 0; f < FRAMES; f++) {
      double share = (1 - Math.cos(2 * Math.PI * f / FRAMES)) / 2;
      float[][] z = new float[widest.length][];
      Arrays.setAll(z, i -> moved(widest[i], share));
      List<BufferedImage> faces = decoded(z);
      List<ImageGrid.Tile> tiles = new ArrayList<>();
      for (int i = 0; i < faces.size(); i++) {
        tiles.add(new ImageGrid.Tile(faces.get(i), "z" + (widest[i] + 1), ImageGrid.Verdict.NONE));
      }
      frames.add(ImageGrid.captioned("", tiles, COLUMNS / 2));
    }
    return frames;
  }

  /** From a test face of each group to one of the next, the originals at the ends. */
  BufferedImage interpolation() {
    List<ImageGrid.Row> rows = new ArrayList<>();
    int groups = data.groups().size();
    for (int g = 0; g < groups; g++) {
      int next = (g + 1) % groups;
      int[] ends = {first(g), first(next)};
      if (ends[0] < 0 || ends[1] < 0 || g == next) {
        continue;
      }
      try (var _ = Scope.inference()) {
        Tensor x = data.testFaces().pictures(ends);
        List<BufferedImage> originals = Pixels.of(x);
        float[] mu = model.encode(x).encoding().mu().toArray();
        int d = model.latent();
        float[][] z = new float[STEPS - 2][d];
        for (int s = 0; s < z.length; s++) {
          float t = s / (z.length - 1f);
          for (int k = 0; k < d; k++) {
            z[s][k] = (1 - t) * mu[k] + t * mu[d + k];
          }
        }
        List<BufferedImage> row = new ArrayList<>(decoded(z));
        row.addFirst(originals.get(0));
        row.addLast(originals.get(1));
        rows.add(new ImageGrid.Row(data.groups().get(g) + " → " + data.groups().get(next), row));
      }
    }
    return ImageGrid.rows("From one test face to another; the originals at the ends", rows);
  }

  private int first(int group) {
    int[] groups = data.testFaces().groups();
    return IntStream.range(0, groups.length).filter(i -> groups[i] == group).findFirst().orElse(-1);
  }

  /** The training faces that the model reconstructs best and worst. */
  BufferedImage extremes() {
    int[] order = latents.byLoss();
    int n = Math.min(2 * COLUMNS, order.length / 2);
    int[] best = Arrays.copyOf(order, n);
    int[] worst = Arrays.copyOfRange(order, order.length - n, order.length);
    List<ImageGrid.Row> rows = new ArrayList<>();
    add(rows, "smallest loss", best);
    add(rows, "greatest loss", worst);
    return ImageGrid.rows(
        String.format(
            Locale.ROOT,
            "Training faces by the loss of the autoencoder: mean %.3f above, %.3f below",
            mean(best),
            mean(worst)),
        rows);
  }

  private void add(List<ImageGrid.Row> rows, String name, int[] indices) {
    for (int from = 0; from < indices.length; from += COLUMNS) {
      int[] part = Arrays.copyOfRange(indices, from, Math.min(indices.length, from + COLUMNS));
      rows.add(new ImageGrid.Row(from == 0 ? name : "", Pixels.of(data.faces().pictures(part))));
    }
  }

  private double mean(int[] indices) {
    return Arrays.stream(indices).mapToDouble(i -> latents.losses()[i]).average().orElse(0);
  }

  /** How the training faces lie along the variables in which they differ most. */
  Chart densities() {
    List<Chart.Sample> samples =
        Arrays.stream(widest)
            .limit(3)
            .mapToObj(k -> new Chart.Sample("z" + (k + 1), latents.sorted(k)))
            .toList();
    return Chart.histogram(
        "Training faces along the latent variables in which they differ most",
        "mean of the encoding",
        BINS,
        samples);
  }

  /** How sure the model is of faces with rare and with usual values. */
  Chart certainty() {
    return Chart.lines(
        "How sure it is of training faces along the latent variables",
        "step from the 5th to the 95th percentile",
        "mean logit of a face",
        List.of(Line.over("mean over the variables", latents.certainty())));
  }
}
