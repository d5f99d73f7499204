package dev.harpia.models.picture;

import java.awt.image.BufferedImage;
import java.util.Optional;

/** Whether this JDK can write letters: on a bare Linux it finds neither fontconfig nor a font. */
public final class Fonts {
  private static final Optional<String> PROBLEM = probe();

  private Fonts() {}

  /** Why pictures cannot be drawn here, with the remedy; empty if they can. */
  public static Optional<String> problem() {
    return PROBLEM;
  }

  private static Optional<String> probe() {
    try {
      BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
      image.createGraphics().getFontMetrics(Canvas.plain(12)).stringWidth("0");
      return Optional.empty();
    } catch (LinkageError | InternalError | RuntimeException e) {
      // AWT reports a missing library or an empty font list with any of these
      return Optional.of(
          "no pictures: this JDK finds no fonts ("
              + e
              + "); install fontconfig and a font, such as Debian's fonts-dejavu-core");
    }
  }
}
