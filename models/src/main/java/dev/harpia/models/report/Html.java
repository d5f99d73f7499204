package dev.harpia.models.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Pieces of a page that holds all it needs. */
final class Html {
  private Html() {}

  /** Text that means itself. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A picture as an address. */
  static String png(BufferedImage picture) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(picture, "png", bytes)) {
      throw new IOException("this JDK has no PNG writer");
    }
    return data("image/png", bytes.toByteArray());
  }

  /** A file's bytes as an address. */
  static String data(String type, byte[] bytes) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }

  /** A text that was packed with these classes. */
  static String resource(String name) throws IOException {
    try (InputStream in = Html.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(
            "report: "
                + name
                + " is missing beside the classes: build with Maven, which puts it there");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
