package dev.harpia.models.cnn;

import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Layer;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds things, such as faces, in maps of features, as SSD does (Liu et al. 2016): around each cell
 * stand boxes of given sides, the anchors; for each of them one convolution says which class is in
 * it, class 0 being nothing, and another by how much it is off.
 *
 * <p>Offsets (dx, dy, dw, dh) of an anchor at (x, y) with sides (w, h) mean the box at {@code (x +
 * 0.1·dx·w, y + 0.1·dy·h)} with sides {@code (w·exp(0.2·dw), h·exp(0.2·dh))}.
 *
 * <p>Shapes: features [N, K, H, W]; output [N, H·W·A, classes + 4] with A anchors for each cell:
 * the logits of the classes, then the offsets.
 */
public final class DetectorHead extends Layer {
  private static final float PLACE = 0.1f;
  private static final float SIDE = 0.2f;

  private final int classes;
  private final float[] sides;
  private final Conv2d scores;
  private final Conv2d offsets;

  /**
   * A head.
   *
   * @param channels K of the features
   * @param classes with nothing, which is class 0
   * @param sides of the square anchors of each cell, in units of the picture
   */
  public DetectorHead(int channels, int classes, float... sides) {
    if (classes < 2 || sides.length == 0) {
      throw new IllegalArgumentException(
          "detectorHead: %d classes, %d sides: there must be at least 2 classes, of which the first"
                  .formatted(classes, sides.length)
              + " is nothing, and 1 side");
    }
    this.classes = classes;
    this.sides = sides.clone();
    scores = layer("scores", new Conv2d(channels, sides.length * classes, 3, 1, 1));
    offsets = layer("offsets", new Conv2d(channels, sides.length * 4, 3, 1, 1));
  }

  @Override
  public Tensor forward(Tensor features) {
    return Tensor.concat(
        2, rows(scores.forward(features), classes), rows(offsets.forward(features), 4));
  }

  /** [N, A·width, H, W] to [N, H·W·A, width]. */
  private Tensor rows(Tensor maps, int width) {
    int cells = maps.dim(2) * maps.dim(3);
    return maps.permute(0, 2, 3, 1).reshape(maps.dim(0), cells * sides.length, width);
  }

  /** The anchors of features of H × W cells, in the order of the output's rows. */
  public List<Box> anchors(int height, int width) {
    List<Box> anchors = new ArrayList<>();
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        for (float side : sides) {
          anchors.add(Box.centred((column + 0.5f) / width, (row + 0.5f) / height, side, side));
        }
      }
    }
    return anchors;
  }

  /** The offsets that turn an anchor into a box. */
  static float[] offsets(Box anchor, Box box) {
    float w = anchor.right() - anchor.left();
    float h = anchor.bottom() - anchor.top();
    return new float[] {
      (box.left() + box.right() - anchor.left() - anchor.right()) / (2 * w * PLACE),
      (box.top() + box.bottom() - anchor.top() - anchor.bottom()) / (2 * h * PLACE),
      (float) Math.log((box.right() - box.left()) / w) / SIDE,
      (float) Math.log((box.bottom() - box.top()) / h) / SIDE
    };
  }

  /** The box that offsets make of an anchor. */
  static Box moved(Box anchor, float dx, float dy, float dw, float dh) {
    float w = anchor.right() - anchor.left();
    float h = anchor.bottom() - anchor.top();
    return Box.centred(
        (anchor.left() + anchor.right()) / 2 + PLACE * dx * w,
        (anchor.top() + anchor.bottom()) / 2 + PLACE * dy * h,
        w * (float) Math.exp(SIDE * dw),
        h * (float) Math.exp(SIDE * dh));
  }

  /**
   * What each anchor should say of one picture: an anchor belongs to the box that it overlaps most,
   * if by one half or more, and the best anchor of a box belongs to it in any case.
   *
   * @param boxes what is in the picture, with the classes {@code labels}, from 1
   * @return for each anchor its class, then its four offsets; zeros where there is nothing
   */
  public static float[][] targets(List<Box> anchors, List<Box> boxes, List<Integer> labels) {
    if (boxes.size() != labels.size()) {
      throw new IllegalArgumentException(
          "targets: " + boxes.size() + " boxes, " + labels.size() + " labels: must be as many");
    }
    float[][] targets = new float[anchors.size()][5];
    float[] best = new float[anchors.size()];
    for (int b = 0; b < boxes.size(); b++) {
      int nearest = 0;
      for (int a = 0; a < anchors.size(); a++) {
        float iou = anchors.get(a).iou(boxes.get(b));
        nearest = iou > anchors.get(nearest).iou(boxes.get(b)) ? a : nearest;
        if (iou >= 0.5f && iou > best[a]) {
          best[a] = iou;
          put(targets[a], anchors.get(a), boxes.get(b), labels.get(b));
        }
      }
      best[nearest] = 2; // no other box takes it
      put(targets[nearest], anchors.get(nearest), boxes.get(b), labels.get(b));
    }
    return targets;
  }

  private static void put(float[] target, Box anchor, Box box, int label) {
    target[0] = label;
    System.arraycopy(offsets(anchor, box), 0, target, 1, 4);
  }

  /**
   * What was found in each picture: boxes of at least {@code least} probability, after {@link
   * Box#suppress} with {@code overlap}.
   *
   * @param output what {@link #forward} returned
   */
  public List<List<Box.Detection>> detections(
      Tensor output, List<Box> anchors, float least, float overlap) {
    Shape s = output.shape();
    if (s.rank() != 3 || s.dim(1) != anchors.size() || s.dim(2) != classes + 4) {
      throw new ShapeException(
          "detections",
          "the output must be [N, %d, %d]: anchors, classes and offsets"
              .formatted(anchors.size(), classes + 4),
          s);
    }
    float[] p = output.slice(2, 0, classes).softmax(2).toArray();
    float[] d = output.slice(2, classes, classes + 4).toArray();
    List<List<Box.Detection>> all = new ArrayList<>();
    for (int n = 0; n < s.dim(0); n++) {
      List<Box.Detection> found = new ArrayList<>();
      for (int a = 0; a < anchors.size(); a++) {
        int row = n * anchors.size() + a;
        for (int c = 1; c < classes; c++) {
          float score = p[row * classes + c];
          if (score >= least) {
            int o = 4 * row;
            Box box = moved(anchors.get(a), d[o], d[o + 1], d[o + 2], d[o + 3]);
            found.add(new Box.Detection(box, c, score));
          }
        }
      }
      all.add(Box.suppress(found, overlap));
    }
    return all;
  }
}
