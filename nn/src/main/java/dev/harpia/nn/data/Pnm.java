package dev.harpia.nn.data;

import dev.harpia.nn.io.FormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads PGM (grey) and PPM (colour), as numbers in text or as bytes, of 8 or 16 bits. */
final class Pnm {
  private final Path file;
  private final InputStream in;
  private long offset;

  Pnm(Path file, InputStream in) {
    this.file = file;
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  ImageFile read() throws IOException {
    int p = next();
    int kind = next();
    if (p != 'P' || kind != '2' && kind != '3' && kind != '5' && kind != '6') {
      throw new FormatException(file, 0, "expected P2, P3, P5 or P6");
    }
    boolean text = kind <= '3';
    int channels = kind == '2' || kind == '5' ? 1 : 3;
    int width = number("width", ImageFile.MAX_PIXELS);
    int height = number("height", ImageFile.MAX_PIXELS);
    int top = number("maximum", 65_535); // takes the one space behind it, too
    ImageFile.check(file, width, height);
    if (top == 0) {
      throw new FormatException(file, offset, "expected a maximum of at least 1");
    }
    int n = width * height;
    // A short file must not cost the memory that its header promises: read first, then allocate.
    byte[] bytes = text ? new byte[0] : in.readNBytes(n * channels * (top > 255 ? 2 : 1));
    if (!text && bytes.length < n * channels * (top > 255 ? 2 : 1)) {
      throw new FormatException(file, offset + bytes.length, "truncated: expected more pixels");
    }
    if (text && Files.size(file) < 2L * n * channels) { // a digit and a space each
      throw new FormatException(file, offset, "truncated: expected more pixels");
    }
    float[] pixels = new float[channels * n];
    for (int i = 0; i < n * channels; i++) {
      int v =
          text
              ? number("pixel", top)
              : top > 255 ? (bytes[2 * i] & 0xFF) << 8 | bytes[2 * i + 1] & 0xFF : bytes[i] & 0xFF;
      if (v > top) {
        throw new FormatException(file, offset, "pixel " + v + " is above the maximum " + top);
      }
      pixels[i % channels * n + i / channels] = v / (float) top;
    }
    return new ImageFile(channels, height, width, pixels);
  }

  private int next() throws IOException {
    offset++;
    return in.read();
  }

  /** A number behind white space and comments, and the character behind it. */
  private int number(String what, long most) throws IOException {
    int c = next();
    while (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '#') {
      while (c == '#' && c >= 0) {
        c = next();
        while (c >= 0 && c != '\n') {
          c = next();
        }
      }
      c = next();
    }
    long v = -1;
    while (c >= '0' && c <= '9' && v <= most) {
      v = 10 * Math.max(0, v) + c - '0';
      c = next();
    }
    if (v < 0 || v > most) {
      throw new FormatException(
          file,
          offset - 1,
          "expected a " + what + " from 0 to " + most + (v < 0 ? "" : ", not " + v));
    }
    return (int) v;
  }
}
