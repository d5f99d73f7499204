package dev.harpia.models.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** A white picture with the colours and letters that all our pictures share. */
final class Canvas {
  static final Color INK = new Color(0x1F2937);
  static final Color FAINT = new Color(0x6B7280);
  static final Color LINE = new Color(0xE5E7EB);
  static final Color GREY = new Color(0xCBD5E1);
  static final Color BLUE = new Color(0x2563EB);
  static final Color RED = new Color(0xDC2626);
  static final Color GREEN = new Color(0x059669);
  static final Color AMBER = new Color(0xD97706);

  /** Colours of the series of a chart, in order: as many as there are digits. */
  static final List<Color> SERIES =
      List.of(
          BLUE,
          RED,
          GREEN,
          AMBER,
          FAINT,
          new Color(0x7C3AED),
          new Color(0x0E7490),
          new Color(0xBE185D),
          new Color(0x65A30D),
          new Color(0x1E293B));

  final BufferedImage image;
  final Graphics2D pen;

  Canvas(int width, int height) {
    image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, width, height);
    pen.setStroke(new BasicStroke(1f));
  }

  static Font plain(int size) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, size);
  }

  static Font bold(int size) {
    return new Font(Font.SANS_SERIF, Font.BOLD, size);
  }

  /** Text with its baseline's left end at (x, y). */
  void text(String text, double x, double y, Font font, Color colour) {
    pen.setFont(font);
    pen.setColor(colour);
    pen.drawString(text, (float) x, (float) y);
  }

  /** Text with the middle of its baseline at (x, y). */
  void centred(String text, double x, double y, Font font, Color colour) {
    text(text, x - pen.getFontMetrics(font).stringWidth(text) / 2.0, y, font, colour);
  }

  /** Text that ends at (x, y). */
  void ended(String text, double x, double y, Font font, Color colour) {
    text(text, x - pen.getFontMetrics(font).stringWidth(text), y, font, colour);
  }

  /** Text that runs upwards, with the middle of its baseline at (x, y). */
  void upward(String text, double x, double y, Font font, Color colour) {
    pen.rotate(-Math.PI / 2, x, y);
    centred(text, x, y, font, colour);
    pen.rotate(Math.PI / 2, x, y);
  }
}
