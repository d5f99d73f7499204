package dev.harpia.models.rl;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/** A scene as a picture, and as text for a terminal. */
final class SceneImage {
  private SceneImage() {}

  /**
   * A picture of a width in at most 256 colours, as films have; the height follows from the scene.
   */
  static BufferedImage draw(Scene scene, int width) {
    double scale = width / (scene.right() - scene.left());
    int height = (int) Math.round((scene.top() - scene.bottom()) * scale);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, width, height);
    pen.scale(scale, -scale); // y upwards
    pen.translate(-scene.left(), -scene.top());
    for (Scene.Shape shape : scene.shapes()) {
      pen.setColor(shape.color());
      switch (shape) {
        case Scene.Line l -> {
          int cap = BasicStroke.CAP_ROUND;
          pen.setStroke(new BasicStroke((float) l.width(), cap, BasicStroke.JOIN_ROUND));
          pen.draw(new Line2D.Double(l.x0(), l.y0(), l.x1(), l.y1()));
        }
        case Scene.Rectangle r ->
            pen.fill(new Rectangle2D.Double(r.x(), r.y(), r.width(), r.height()));
        case Scene.Disc d -> {
          double size = 2 * d.radius();
          pen.fill(new Ellipse2D.Double(d.x() - d.radius(), d.y() - d.radius(), size, size));
        }
      }
    }
    pen.dispose();
    return Palette.indexed(image);
  }

  /** Lines of characters, each of which shows what lies at its centre. */
  static String text(Scene scene, int columns) {
    double cell = (scene.right() - scene.left()) / columns;
    int rows =
        (int) Math.ceil((scene.top() - scene.bottom()) / (2 * cell)); // twice as high as wide
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double x = scene.left() + (c + 0.5) * cell;
        double y = scene.top() - (2 * r + 1) * cell;
        char mark = ' ';
        for (Scene.Shape shape : scene.shapes()) {
          if (background(scene, shape)) {
            continue;
          }
          char own = mark(shape, x, y, cell);
          mark = own == ' ' ? mark : own;
        }
        text.append(mark);
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  /** Whether it covers all of the picture. */
  private static boolean background(Scene scene, Scene.Shape shape) {
    return shape instanceof Scene.Rectangle r
        && r.x() <= scene.left()
        && r.y() <= scene.bottom()
        && r.x() + r.width() >= scene.right()
        && r.y() + r.height() >= scene.top();
  }

  private static char mark(Scene.Shape shape, double x, double y, double cell) {
    return switch (shape) {
      case Scene.Line l -> {
        double distance = Line2D.ptSegDist(l.x0(), l.y0(), l.x1(), l.y1(), x, y);
        double near = Math.max(l.width() / 2, cell);
        boolean level = Math.abs(l.y1() - l.y0()) < 0.5 * Math.abs(l.x1() - l.x0());
        yield distance < near ? (level ? '-' : '|') : ' ';
      }
      case Scene.Rectangle r -> {
        boolean inside = x >= r.x() && x < r.x() + r.width();
        double margin =
            r.height() < 2 * cell ? cell : 0; // a flat one is not lost between two lines
        boolean level = y >= r.y() - margin && y < r.y() + r.height() + margin;
        yield inside && level ? '#' : ' ';
      }
      case Scene.Disc d -> Math.hypot(x - d.x(), y - d.y()) < d.radius() ? 'o' : ' ';
    };
  }
}
