package dev.harpia.models.cnn;

import dev.harpia.models.cnn.Box.Detection;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Reduction;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A small detector of one kind of thing, such as faces, in pictures [N, 3, H, W] whose sides are
 * multiples of 8: four convolutions, to features at an eighth of the size, and a {@link
 * DetectorHead}.
 *
 * <pre>{@code
 * BoxDetector detector = new BoxDetector(0.25f, 0.4f);
 * adam.step(detector.loss(x, boxes));
 * detector.eval();
 * List<List<Box.Detection>> found = detector.detect(x, 0.5f);
 * }</pre>
 */
public final class BoxDetector extends Layer {
  private static final int WIDTH = 16;
  private static final int STRIDE = 8;
  private static final int NEGATIVES = 3; // anchors with nothing for each with something
  private static final float OVERLAP = 0.3f;

  private final Sequential features;
  private final DetectorHead head;

  /**
   * A detector with fresh weights.
   *
   * @param sides of the square anchors, in units of the picture
   */
  public BoxDetector(float... sides) {
    features =
        layer(
            "features",
            new Sequential(
                Convolutions.normed(WIDTH, Convolutions.plain(3, WIDTH, 3, 2)),
                Convolutions.normed(2 * WIDTH, Convolutions.plain(WIDTH, 2 * WIDTH, 3, 2)),
                Convolutions.normed(4 * WIDTH, Convolutions.plain(2 * WIDTH, 4 * WIDTH, 3, 2)),
                Convolutions.normed(4 * WIDTH, Convolutions.plain(4 * WIDTH, 4 * WIDTH, 3, 1))));
    head = layer("head", new DetectorHead(4 * WIDTH, 2, sides));
  }

  /** The head's output [N, H/8·W/8·A, 2 + 4]: logits of nothing and something, and offsets. */
  @Override
  public Tensor forward(Tensor x) {
    return head.forward(features.forward(x));
  }

  private List<Box> anchors(Tensor x) {
    return head.anchors((x.dim(2) + STRIDE - 1) / STRIDE, (x.dim(3) + STRIDE - 1) / STRIDE);
  }

  /**
   * The loss of SSD (Liu et al. 2016), for each anchor with something in it: the cross-entropy of
   * these anchors and of the hardest of the others, three for each, and the smoothed absolute error
   * of the offsets.
   *
   * @param boxes what is in each picture
   */
  public Tensor loss(Tensor x, List<List<Box>> boxes) {
    if (boxes.size() != x.dim(0)) {
      throw new IllegalArgumentException(
          "loss: %d pictures, boxes of %d: must be as many".formatted(x.dim(0), boxes.size()));
    }
    List<Box> anchors = anchors(x);
    int rows = anchors.size() * boxes.size();
    int[] classes = new int[rows];
    float[] offsets = new float[4 * rows];
    float[] matters = new float[4 * rows];
    int things = 0;
    for (int n = 0; n < boxes.size(); n++) {
      List<Integer> labels = Collections.nCopies(boxes.get(n).size(), 1);
      float[][] targets = DetectorHead.targets(anchors, boxes.get(n), labels);
      for (int a = 0; a < targets.length; a++) {
        int row = n * targets.length + a;
        classes[row] = (int) targets[a][0];
        things += classes[row];
        System.arraycopy(targets[a], 1, offsets, 4 * row, 4);
        java.util.Arrays.fill(matters, 4 * row, 4 * row + 4, classes[row]);
      }
    }
    Tensor out = forward(x);
    Tensor wrong =
        Loss.crossEntropy(
            out.slice(2, 0, 2).reshape(rows, 2), Tensor.of(classes), null, Reduction.NONE, 0, -1);
    Tensor off =
        Loss.smoothL1(
                out.slice(2, 2, 6).reshape(rows, 4),
                Tensor.of(offsets, Shape.of(rows, 4)),
                1,
                Reduction.NONE)
            .mul(Tensor.of(matters, Shape.of(rows, 4)));
    Tensor counted = Tensor.of(mined(wrong.toArray(), classes, Math.max(1, things)));
    return wrong.mul(counted).sum().add(off.sum()).div(Math.max(1, things));
  }

  /** 1 for anchors with something and for the hardest of the others, else 0. */
  private static float[] mined(float[] losses, int[] classes, int things) {
    float[] counted = new float[losses.length];
    IntStream.range(0, losses.length).filter(a -> classes[a] > 0).forEach(a -> counted[a] = 1);
    IntStream.range(0, losses.length)
        .filter(a -> classes[a] == 0)
        .boxed()
        .sorted(Comparator.comparingDouble(a -> -losses[a]))
        .limit((long) NEGATIVES * things)
        .forEach(a -> counted[a] = 1);
    return counted;
  }

  /** What is found in each picture with at least this probability, surest first. */
  public List<List<Detection>> detect(Tensor x, float least) {
    return head.detections(forward(x), anchors(x), least, OVERLAP);
  }
}
