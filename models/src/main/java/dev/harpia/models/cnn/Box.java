package dev.harpia.models.cnn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A rectangle in a picture, in units of the picture's width and height, from the upper left. */
public record Box(float left, float top, float right, float bottom) {
  /** Something found: where, which class, and how sure. */
  public record Detection(Box box, int label, float score) {}

  /** By its middle and its sides. */
  public static Box centred(float x, float y, float width, float height) {
    return new Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
  }

  /** How much it covers. */
  public float area() {
    return Math.max(0, right - left) * Math.max(0, bottom - top);
  }

  /** Intersection over union: 1 for the same box, 0 for boxes apart. */
  public float iou(Box other) {
    float width = Math.min(right, other.right) - Math.max(left, other.left);
    float height = Math.min(bottom, other.bottom) - Math.max(top, other.top);
    float both = Math.max(0, width) * Math.max(0, height);
    float all = area() + other.area() - both;
    return all > 0 ? both / all : 0;
  }

  /**
   * The surest detections of each class that overlap no surer one of it by more than {@code limit}
   * (non-maximum suppression), surest first.
   */
  public static List<Detection> suppress(List<Detection> found, float limit) {
    List<Detection> kept = new ArrayList<>();
    found.stream()
        .sorted(Comparator.comparingDouble((Detection d) -> -d.score()))
        .filter(
            d ->
                kept.stream()
                    .noneMatch(k -> k.label() == d.label() && k.box().iou(d.box()) > limit))
        .forEach(kept::add);
    return List.copyOf(kept);
  }
}
