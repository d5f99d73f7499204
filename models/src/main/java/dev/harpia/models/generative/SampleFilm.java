package dev.harpia.models.generative;

import dev.harpia.models.picture.Fonts;
import dev.harpia.models.picture.ImageGrid;
import dev.harpia.models.picture.Pixels;
import dev.harpia.models.report.Report;
import dev.harpia.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The same samples again and again while a model learns, as an animated GIF. */
public final class SampleFilm {
  /** Samples in a frame. */
  public static final int SHOWN = 40;

  private static final int COLUMNS = 10;
  private static final int HUNDREDTHS = 45;
  private static final int LAST = 4; // the last frame stays so many times as long

  private final List<BufferedImage> frames = new ArrayList<>();

  /** A film without frames. */
  public SampleFilm() {}

  /**
   * Adds a frame.
   *
   * @param samples [N, 1 or 3, H, W]; one channel is drawn as ink on paper
   */
  public void add(String title, Tensor samples) {
    if (Fonts.problem().isPresent()) {
      return; // there will be no pictures
    }
    List<BufferedImage> pictures =
        Pixels.of(samples).stream().map(p -> samples.dim(1) == 1 ? Pixels.negative(p) : p).toList();
    frames.add(Pixels.halved(ImageGrid.draw(title, pictures, COLUMNS)));
  }

  /** Puts the film into a report, as the file {@code samples.gif}. */
  public void put(Report report) throws IOException {
    if (!frames.isEmpty()) {
      List<BufferedImage> all = new ArrayList<>(frames);
      all.addAll(Collections.nCopies(LAST - 1, frames.getLast()));
      report.film("samples.gif", "The same samples while the model learns", () -> all, HUNDREDTHS);
    }
  }
}
