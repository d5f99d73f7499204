package dev.harpia.models.diffusion;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves.Line;
import dev.harpia.models.picture.ImageGrid;
import dev.harpia.models.picture.Pixels;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** What a trained diffusion model can draw. */
final class DiffusionPictures {
  private static final int PART = 250;
  private static final int STAGES = 12;
  private static final int WATCHED = 6;

  private DiffusionPictures() {}

  /** Samples from 0 to 1 by DDIM. */
  static Tensor samples(Diffusion diffusion, int count, int steps, Rng rng) {
    float[] pixels = new float[count * 784];
    for (int from = 0; from < count; from += PART) {
      int n = Math.min(PART, count - from);
      float[] part = diffusion.ddim(n, steps, rng, (t, x) -> {}).toArray();
      for (int i = 0; i < part.length; i++) {
        pixels[from * 784 + i] = Math.clamp((part[i] + 1) / 2, 0f, 1f);
      }
    }
    return Tensor.of(pixels, Shape.of(count, 1, 28, 28));
  }

  static BufferedImage samples(String title, Tensor samples) {
    int count = Math.min(80, samples.dim(0));
    return ImageGrid.draw(title, digits(samples.slice(0, 0, count)), 10);
  }

  private static List<BufferedImage> digits(Tensor pictures) {
    return Pixels.of(pictures).stream().map(Pixels::negative).toList();
  }

  /** From noise to digits by all T steps, seen at equal distances. */
  static BufferedImage denoising(Diffusion diffusion, int steps, Rng rng) {
    List<List<BufferedImage>> columns = new ArrayList<>();
    diffusion.ddpm(
        WATCHED,
        rng,
        (t, x) -> {
          boolean due = t == 0 || (steps - t) * STAGES / steps > (steps - t - 1) * STAGES / steps;
          if (due || t == steps) {
            columns.add(digits(x.add(1).mul(0.5f)));
          }
        });
    List<ImageGrid.Row> rows = new ArrayList<>();
    for (int i = 0; i < WATCHED; i++) {
      int row = i;
      rows.add(new ImageGrid.Row("", columns.stream().map(c -> c.get(row)).toList()));
    }
    return ImageGrid.rows("From noise to digits by all steps (DDPM)", rows);
  }

  static Chart curves(List<DiffusionTraining.Epoch> epochs) {
    return Chart.lines(
        "Squared error of the velocity",
        "epoch",
        "mean squared error",
        List.of(
            Line.over(
                "training", epochs.stream().mapToDouble(DiffusionTraining.Epoch::train).toArray()),
            Line.over(
                "test, averaged weights",
                epochs.stream().mapToDouble(DiffusionTraining.Epoch::test).toArray())));
  }
}
