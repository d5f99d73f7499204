package dev.harpia.models.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Decodes one picture, and says what is wrong with it. */
final class PictureBytes {
  private PictureBytes() {}

  /**
   * The bytes [C, H, W] of a PNG or JPEG picture.
   *
   * @throws IOException if it is damaged, or has another size or number of channels
   */
  static byte[] decode(String name, byte[] file, int channels, int height, int width)
      throws IOException {
    BufferedImage image = image(name, file, height, width);
    int bands = image.getColorModel().getNumColorComponents();
    if (bands != channels) {
      throw new IOException(
          "%s: expected %s, found %s".formatted(name, kind(channels), kind(bands)));
    }
    int plane = height * width;
    byte[] out = new byte[channels * plane];
    for (int i = 0; i < plane; i++) {
      if (channels == 1) { // the sample itself: getRGB would take it for linear light
        int bits = image.getSampleModel().getSampleSize(0);
        int sample = image.getRaster().getSample(i % width, i / width, 0);
        out[i] = (byte) Math.round(255f * sample / ((1 << bits) - 1));
      } else {
        int rgb = image.getRGB(i % width, i / width);
        for (int c = 0; c < 3; c++) {
          out[c * plane + i] = (byte) (rgb >> (16 - 8 * c));
        }
      }
    }
    return out;
  }

  private static String kind(int channels) {
    return switch (channels) {
      case 1 -> "a grey picture (1 channel)";
      case 3 -> "a picture in colour (3 channels)";
      default -> "a picture of " + channels + " channels";
    };
  }

  private static BufferedImage image(String name, byte[] file, int height, int width)
      throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException(name + ": not a PNG or JPEG picture");
      }
      ImageReader reader = readers.next();
      List<String> warnings = new ArrayList<>();
      try {
        reader.setInput(in, true, true);
        // the decoder fills a cut JPEG with grey and only warns
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        int w = reader.getWidth(0);
        int h = reader.getHeight(0);
        if (w != width || h != height) {
          throw new WrongSizeException(
              "%s: expected %d × %d pixels, found %d × %d".formatted(name, width, height, w, h));
        }
        BufferedImage image = reader.read(0);
        if (!warnings.isEmpty()) {
          throw new IOException(warnings.getFirst());
        }
        return image;
      } catch (WrongSizeException e) {
        throw e;
      } catch (IOException | RuntimeException e) { // the JDK's decoders throw all kinds
        throw new IOException(name + ": damaged picture: " + e.getMessage(), e);
      } finally {
        reader.dispose();
      }
    }
  }

  private static final class WrongSizeException extends IOException {
    private static final long serialVersionUID = 1L;

    WrongSizeException(String message) {
      super(message);
    }
  }
}
