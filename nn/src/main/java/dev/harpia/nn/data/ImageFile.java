package dev.harpia.nn.data;

import dev.harpia.nn.io.FormatException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A picture in memory: red, green and blue, or grey alone, each from 0 to 1. Reads PNG and JPEG
 * through the JDK, PGM and PPM by itself. Transparency is ignored.
 *
 * @param channels 1 or 3
 * @param pixels [C, H, W]
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; two pictures are never compared
record ImageFile(int channels, int height, int width, float[] pixels) {
  /** Pictures with more pixels are refused. */
  static final long MAX_PIXELS = 1 << 25;

  static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.matches(".*\\.(png|jpe?g|pgm|ppm)");
  }

  static ImageFile read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
      if (name.endsWith(".pgm") || name.endsWith(".ppm")) {
        return new Pnm(file, in).read();
      }
      try (ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
        if (!readers.hasNext()) {
          throw new FormatException(file, 0, "expected a picture that the JDK can read");
        }
        ImageReader reader = readers.next();
        try {
          reader.setInput(stream, true, true);
          check(file, reader.getWidth(0), reader.getHeight(0));
          return of(reader.read(0));
        } catch (FormatException e) {
          throw e;
        } catch (IOException | RuntimeException e) { // the JDK's decoders throw all kinds
          throw new FormatException(
              file, stream.getStreamPosition(), "damaged picture: " + e.getMessage(), e);
        } finally {
          reader.dispose();
        }
      }
    }
  }

  static void check(Path file, long width, long height) throws FormatException {
    if (width < 1 || height < 1 || width * height > MAX_PIXELS) {
      throw new FormatException(
          file,
          0,
          "a picture of %d × %d: at most %d pixels are read".formatted(width, height, MAX_PIXELS));
    }
  }

  private static ImageFile of(BufferedImage image) {
    int w = image.getWidth();
    int h = image.getHeight();
    Raster raster = image.getRaster();
    boolean grey = raster.getNumBands() <= 2 && !(image.getColorModel() instanceof IndexColorModel);
    float[] pixels = new float[(grey ? 1 : 3) * w * h];
    if (grey) {
      // The samples themselves: getRGB would take them for linear light, and brighten them.
      float top = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = raster.getSample(i % w, i / w, 0) / top;
      }
      return new ImageFile(1, h, w, pixels);
    }
    for (int i = 0; i < w * h; i++) {
      int rgb = image.getRGB(i % w, i / w);
      for (int c = 0; c < 3; c++) {
        pixels[c * w * h + i] = (rgb >> (16 - 8 * c) & 0xFF) / 255f;
      }
    }
    return new ImageFile(3, h, w, pixels);
  }

  /** With other channels: grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601). */
  ImageFile channels(int wanted) {
    if (wanted == channels) {
      return this;
    }
    int n = height * width;
    float[] out = new float[wanted * n];
    for (int i = 0; i < n; i++) {
      if (wanted == 1) {
        out[i] = 0.299f * pixels[i] + 0.587f * pixels[n + i] + 0.114f * pixels[2 * n + i];
      } else {
        out[i] = pixels[i];
        out[n + i] = pixels[i];
        out[2 * n + i] = pixels[i];
      }
    }
    return new ImageFile(wanted, height, width, out);
  }

  /**
   * In another size: each new pixel is the mean of the area that it covers when shrinking, and
   * linear between its neighbours when growing.
   */
  ImageFile resized(int toHeight, int toWidth) {
    if (toHeight == height && toWidth == width) {
      return this;
    }
    float[] rows = new float[channels * toHeight * width];
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < toHeight; y++) {
        for (int x = 0; x < width; x++) {
          rows[(c * toHeight + y) * width + x] =
              sample(pixels, c * height * width + x, width, height, y, toHeight);
        }
      }
    }
    float[] all = new float[channels * toHeight * toWidth];
    for (int r = 0; r < channels * toHeight; r++) {
      for (int x = 0; x < toWidth; x++) {
        all[r * toWidth + x] = sample(rows, r * width, 1, width, x, toWidth);
      }
    }
    return new ImageFile(channels, toHeight, toWidth, all);
  }

  /**
   * Pixel {@code i} of {@code to}, from {@code n} pixels: a triangle filter, as wide as the step.
   */
  private static float sample(float[] v, int base, int step, int n, int i, int to) {
    double scale = (double) n / to;
    double reach = Math.max(1, scale);
    double centre = (i + 0.5) * scale - 0.5;
    double sum = 0;
    double weights = 0;
    for (int k = (int) Math.ceil(centre - reach); k <= centre + reach; k++) {
      double weight = 1 - Math.abs(k - centre) / reach;
      if (k >= 0 && k < n && weight > 0) {
        sum += weight * v[base + k * step];
        weights += weight;
      }
    }
    return (float) (sum / weights);
  }
}
