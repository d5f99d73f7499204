package dev.harpia.models.data;

import dev.harpia.nn.data.Idx;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.nn.io.FormatException;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Letters A … J, 28 × 28, light on dark: notMNIST's glyphs from files, or glyphs of this machine's
 * fonts, which differ from machine to machine.
 *
 * @param name where they come from
 */
public record LetterData(String name, PictureSet train, PictureSet test) {
  private static final List<String> CLASSES =
      List.of("A", "B", "C", "D", "E", "F", "G", "H", "I", "J");
  private static final int SIDE = 28;
  private static final int DRAWN_TRAIN = 6000;
  private static final int DRAWN_TEST = 1000;
  private static final RandomGeneratorFactory<RandomGenerator> RANDOM =
      RandomGeneratorFactory.of("L64X128MixRandom");

  /**
   * Letters from where the user says.
   *
   * @param directory with IDX files named as MNIST's; where it has no training files, four fifths
   *     of the test files are learned from. Nothing: letters are drawn
   * @param seed of drawn letters
   */
  public static LetterData load(Optional<Path> directory, long seed) throws IOException {
    if (directory.isEmpty()) {
      return new LetterData(
          "fonts", drawn(DRAWN_TRAIN, seed), drawn(DRAWN_TEST, seed + 0x7E57_0000L));
    }
    Path path = directory.get();
    PictureSet test = checked(path, Idx.test(path));
    if (hasTraining(path)) {
      return new LetterData(path.toString(), checked(path, Idx.train(path)), test);
    }
    int cut = test.count() * 4 / 5;
    return new LetterData(path.toString(), test.range(0, cut), test.range(cut, test.count()));
  }

  private static boolean hasTraining(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.anyMatch(f -> f.getFileName().toString().startsWith("train-images"));
    }
  }

  private static PictureSet checked(Path directory, LabelledImages set) throws IOException {
    if (set.height() != SIDE || set.width() != SIDE) {
      throw new FormatException(
          directory,
          0,
          "expected pictures of 28 × 28, found %d × %d".formatted(set.height(), set.width()));
    }
    if (set.count() < 10) {
      throw new FormatException(
          directory, 0, "expected at least 10 pictures, found " + set.count());
    }
    int first = set.label(0);
    boolean one = true;
    for (int i = 0; i < set.count(); i++) {
      if (set.label(i) > 9) {
        throw new FormatException(
            directory,
            0,
            "expected labels 0 … 9, found %d at picture %d".formatted(set.label(i), i));
      }
      one &= set.label(i) == first;
    }
    if (one) {
      throw new FormatException(
          directory,
          0,
          "one class only, " + CLASSES.get(first) + ": there must be 2 to tell apart");
    }
    return PictureSet.of(set, CLASSES);
  }

  /** Glyphs of the JDK's three families, plain, bold and italic, sheared, turned and stretched. */
  private static PictureSet drawn(int count, long seed) {
    RandomGenerator random = RANDOM.create(seed);
    String[] families = {Font.SERIF, Font.SANS_SERIF, Font.MONOSPACED};
    byte[] pixels = new byte[count * SIDE * SIDE];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(10);
      Font font = new Font(families[random.nextInt(3)], random.nextInt(4), 40);
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
      Graphics2D pen = image.createGraphics();
      pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      GlyphVector glyph =
          font.createGlyphVector(pen.getFontRenderContext(), CLASSES.get(labels[i]));
      Rectangle2D box = glyph.getOutline().getBounds2D();
      AffineTransform place = new AffineTransform();
      place.translate(SIDE / 2.0 + random.nextGaussian(), SIDE / 2.0 + random.nextGaussian());
      place.rotate(0.25 * random.nextGaussian());
      place.shear(0.25 * random.nextGaussian(), 0.08 * random.nextGaussian());
      double size = (18 + 4 * random.nextDouble()) / Math.max(box.getHeight(), box.getWidth());
      place.scale(
          size * (1 + 0.15 * random.nextGaussian()), size * (1 + 0.1 * random.nextGaussian()));
      place.translate(-box.getCenterX(), -box.getCenterY());
      pen.fill(place.createTransformedShape(glyph.getOutline()));
      pen.dispose();
      double ink = 0.7 + 0.3 * random.nextDouble();
      double noise = 20 * random.nextDouble();
      for (int k = 0; k < SIDE * SIDE; k++) {
        double v = ink * image.getRaster().getSample(k % SIDE, k / SIDE, 0);
        pixels[i * SIDE * SIDE + k] =
            (byte) Math.round(Math.clamp(v + noise * random.nextGaussian(), 0.0, 255.0));
      }
    }
    return new PictureSet(1, SIDE, SIDE, pixels, labels, CLASSES);
  }
}
