package dev.harpia.models.rl;

import java.awt.Color;
import java.util.List;

/**
 * A drawing of an environment's state in world coordinates, y upwards, for pictures and terminals
 * alike.
 *
 * @param left the coordinate of the left edge
 * @param bottom the coordinate of the lower edge
 * @param right the coordinate of the right edge
 * @param top the coordinate of the upper edge
 * @param shapes what is drawn, back to front
 */
public record Scene(
    double left, double bottom, double right, double top, List<Scene.Shape> shapes) {
  /** Something drawn. */
  public sealed interface Shape {
    /** Its colour. */
    Color color();
  }

  /** A line of a width. */
  public record Line(double x0, double y0, double x1, double y1, double width, Color color)
      implements Shape {}

  /** A filled rectangle by its lower left corner. */
  public record Rectangle(double x, double y, double width, double height, Color color)
      implements Shape {}

  /** A filled disc. */
  public record Disc(double x, double y, double radius, Color color) implements Shape {}
}
