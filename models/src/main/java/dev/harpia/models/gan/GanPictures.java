package dev.harpia.models.gan;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves.Line;
import dev.harpia.models.picture.ImageGrid;
import dev.harpia.models.picture.Pixels;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a trained generator can draw. */
final class GanPictures {
  private static final int PART = 250;
  private static final int STEPS = 11;
  private static final int PAIRS = 6;

  private GanPictures() {}

  /** Samples; a conditional generator draws the classes in turn. */
  static Tensor samples(Generator generator, int count, Rng rng) {
    boolean training = generator.training();
    generator.eval();
    float[] pixels = new float[count * 784];
    for (int from = 0; from < count; from += PART) {
      int n = Math.min(PART, count - from);
      try (var _ = Scope.inference()) {
        Tensor z = Tensor.normal(rng, 0, 1, Shape.of(n, generator.noise()));
        float[] part = generator.draw(z, classes(generator, from, n)).toArray();
        System.arraycopy(part, 0, pixels, from * 784, part.length);
      }
    }
    generator.train(training);
    return Tensor.of(pixels, Shape.of(count, 1, 28, 28));
  }

  private static Tensor classes(Generator generator, int from, int count) {
    int[] classes = new int[count];
    Arrays.setAll(classes, i -> (from + i) % Math.max(1, generator.classes()));
    return Tensor.of(classes);
  }

  static BufferedImage samples(Generator generator, Tensor samples) {
    int columns = generator.classes() > 0 ? generator.classes() : 10;
    return ImageGrid.draw("Samples", digits(samples.slice(0, 0, 8 * columns)), columns);
  }

  private static List<BufferedImage> digits(Tensor pictures) {
    return Pixels.of(pictures).stream().map(Pixels::negative).toList();
  }

  /** Along great circles: noise of many dimensions lies near a sphere. */
  static BufferedImage interpolation(Generator generator, Rng rng) {
    generator.eval();
    List<ImageGrid.Row> rows = new ArrayList<>();
    for (int pair = 0; pair < PAIRS; pair++) {
      try (var _ = Scope.inference()) {
        Tensor a = Tensor.normal(rng, 0, 1, Shape.of(1, generator.noise()));
        Tensor b = Tensor.normal(rng, 0, 1, Shape.of(1, generator.noise()));
        Tensor[] points = new Tensor[STEPS];
        for (int s = 0; s < STEPS; s++) {
          double angle = Math.PI / 2 * s / (STEPS - 1);
          points[s] = a.mul((float) Math.cos(angle)).add(b.mul((float) Math.sin(angle)));
        }
        int[] classes = new int[STEPS];
        Arrays.fill(classes, pair % Math.max(1, generator.classes()));
        rows.add(
            new ImageGrid.Row(
                "", digits(generator.draw(Tensor.concat(0, points), Tensor.of(classes)))));
      }
    }
    return ImageGrid.rows("From one point of noise to another", rows);
  }

  static Chart curves(List<GanTraining.Loss> losses) {
    double[] steps = losses.stream().mapToDouble(GanTraining.Loss::step).toArray();
    return Chart.lines(
        "Losses",
        "step",
        "loss",
        List.of(
            new Line(
                "discriminator",
                steps,
                losses.stream().mapToDouble(GanTraining.Loss::discriminator).toArray()),
            new Line(
                "generator",
                steps,
                losses.stream().mapToDouble(GanTraining.Loss::generator).toArray())));
  }
}
