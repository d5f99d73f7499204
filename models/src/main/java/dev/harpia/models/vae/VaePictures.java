package dev.harpia.models.vae;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves.Line;
import dev.harpia.models.picture.ImageGrid;
import dev.harpia.models.picture.Pixels;
import dev.harpia.nn.data.Batch;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What a trained {@link Vae} can draw. */
final class VaePictures {
  private static final int SHOWN = 12;
  private static final int STEPS = 11;
  private static final float REACH = 3; // standard deviations of the prior
  private static final int WALKS = 8;
  private static final int PLANE = 15; // digits along each side
  private static final int EXAMPLE = 3; // what a conditional model is asked for

  private final Vae model;
  private final LatentSpace space;

  VaePictures(Vae model, LatentSpace space) {
    this.model = model;
    this.space = space;
  }

  /** Pixels' probabilities for latent variables [N, D] and classes [N]. */
  static Tensor decode(Vae model, Tensor z, Tensor classes) {
    try (var scope = Scope.inference()) {
      return scope.keep(model.decode(z, classes).sigmoid());
    }
  }

  /** Samples from the prior; a conditional model draws the classes in turn. */
  static Tensor samples(Vae model, int count, Rng rng) {
    int[] classes = new int[count];
    Arrays.setAll(classes, i -> i % Math.max(1, model.classes()));
    Tensor z = Tensor.normal(rng, 0, 1, Shape.of(count, model.latent()));
    return decode(model, z, Tensor.of(classes));
  }

  private static List<BufferedImage> digits(Tensor pictures) {
    return Pixels.of(pictures).stream().map(Pixels::negative).toList();
  }

  /** A conditional model shows its classes in columns. */
  static BufferedImage samples(Vae model, Tensor samples) {
    int columns = model.classes() > 0 ? model.classes() : 10;
    int count = Math.min(samples.dim(0), 8 * columns);
    return ImageGrid.draw("Samples", digits(samples.slice(0, 0, count)), columns);
  }

  /** Test digits above what the model makes of them. */
  static BufferedImage reconstructions(Vae model, LabelledImages test) {
    List<ImageGrid.Row> rows = new ArrayList<>();
    int n = Math.min(2 * SHOWN, test.count());
    for (Batch batch : DataLoader.of(test.dataset().first(n), SHOWN)) {
      try (var _ = Scope.inference()) {
        Tensor mu = model.encode(batch.x(), batch.y()).mu();
        rows.add(new ImageGrid.Row("original", digits(batch.x())));
        rows.add(new ImageGrid.Row("decoded", digits(model.decode(mu, batch.y()).sigmoid())));
      }
    }
    return ImageGrid.rows("Test digits and their reconstructions", rows);
  }

  /** A cloud of test digits for each class. */
  Chart map() {
    double[][] points = space.map();
    List<Line> clouds = new ArrayList<>();
    for (int c = 0; c < 10; c++) {
      int label = c;
      int[] mine =
          IntStream.range(0, points.length).filter(i -> space.labels()[i] == label).toArray();
      clouds.add(
          new Line(
              Integer.toString(c),
              Arrays.stream(mine).mapToDouble(i -> points[i][0]).toArray(),
              Arrays.stream(mine).mapToDouble(i -> points[i][1]).toArray()));
    }
    boolean plane = model.latent() <= 2;
    return Chart.points(
        "Where test digits lie among the latent variables",
        plane ? "first latent variable" : "first principal component",
        plane ? "second latent variable" : "second principal component",
        clouds);
  }

  /** One latent variable at a time goes from −3 to 3; the others stay at zero. */
  BufferedImage walk() {
    List<ImageGrid.Row> rows = new ArrayList<>();
    for (int axis : space.busiest(Math.min(WALKS, model.latent()))) {
      float[][] z = new float[STEPS][model.latent()];
      for (int s = 0; s < STEPS; s++) {
        z[s][axis] = REACH * (2f * s / (STEPS - 1) - 1);
      }
      Tensor pictures = decode(model, Tensor.of(z), repeated(EXAMPLE, STEPS));
      rows.add(
          new ImageGrid.Row(
              "z%d, %.2f nats".formatted(axis + 1, space.information()[axis]), digits(pictures)));
    }
    return ImageGrid.rows("One latent variable from −3 to 3, the others zero", rows);
  }

  /** The plane of two latent variables, decoded point by point, as it lies below the map. */
  BufferedImage plane() {
    List<ImageGrid.Row> rows = new ArrayList<>();
    for (int r = 0; r < PLANE; r++) {
      float[][] z = new float[PLANE][2];
      for (int c = 0; c < PLANE; c++) {
        z[c][0] = REACH * (2f * c / (PLANE - 1) - 1);
        z[c][1] = REACH * (1 - 2f * r / (PLANE - 1));
      }
      Tensor pictures = decode(model, Tensor.of(z), repeated(EXAMPLE, PLANE));
      rows.add(new ImageGrid.Row(String.format(Locale.ROOT, "%.1f", z[0][1]), digits(pictures)));
    }
    return ImageGrid.rows(
        "Decoded: first variable from −3 (left) to 3 (right), second at the left of its row", rows);
  }

  private static Tensor repeated(int label, int count) {
    int[] classes = new int[count];
    Arrays.fill(classes, label);
    return Tensor.of(classes);
  }

  /** From one test digit to another in equal steps. */
  BufferedImage interpolation() {
    List<ImageGrid.Row> rows = new ArrayList<>();
    int pairs = Math.min(6, space.means().length / 2);
    for (int pair = 0; pair < pairs; pair++) {
      int from = 2 * pair;
      int to = from + 1;
      float[][] z = new float[STEPS][model.latent()];
      for (int s = 0; s < STEPS; s++) {
        float t = (float) s / (STEPS - 1);
        for (int k = 0; k < model.latent(); k++) {
          z[s][k] = (1 - t) * space.means()[from][k] + t * space.means()[to][k];
        }
      }
      Tensor pictures = decode(model, Tensor.of(z), repeated(space.labels()[from], STEPS));
      String name =
          model.classes() > 0
              ? "drawn as " + space.labels()[from]
              : space.labels()[from] + " to " + space.labels()[to];
      rows.add(new ImageGrid.Row(name, digits(pictures)));
    }
    return ImageGrid.rows("From one test digit to another", rows);
  }

  /** The bound after each epoch. */
  static Chart curves(List<VaeEpoch> epochs) {
    return Chart.lines(
        "Negative evidence lower bound",
        "epoch",
        "nats per picture",
        List.of(
            Line.over("training", epochs.stream().mapToDouble(VaeEpoch::train).toArray()),
            Line.over("test", epochs.stream().mapToDouble(VaeEpoch::test).toArray()),
            Line.over(
                "test: reconstruction",
                epochs.stream().mapToDouble(VaeEpoch::reconstruction).toArray()),
            Line.over("test: divergence", epochs.stream().mapToDouble(VaeEpoch::kl).toArray())));
  }
}
