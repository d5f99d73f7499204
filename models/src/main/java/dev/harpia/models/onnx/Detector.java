package dev.harpia.models.onnx;

import dev.harpia.nn.io.onnx.OnnxInput;
import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.plan.Plan;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A single-shot detector in an ONNX file: one picture [1, 3, H, W] of (RGB − 127)/128 in, {@code
 * scores} [1, N, 2] and {@code boxes} [1, N, 4] (left, top, right, bottom, from 0 to 1) out. One
 * thread at a time.
 */
public final class Detector {
  /**
   * Something found.
   *
   * @param score from 0 to 1
   * @param left in pixels, as the other edges
   */
  public record Box(float score, float left, float top, float right, float bottom) {
    private float area() {
      return Math.max(0, right - left) * Math.max(0, bottom - top);
    }

    /** The area that two boxes share, over the area that either covers. */
    float overlap(Box b) {
      float w = Math.min(right, b.right) - Math.max(left, b.left);
      float h = Math.min(bottom, b.bottom) - Math.max(top, b.top);
      float both = Math.max(0, w) * Math.max(0, h);
      return both == 0 ? 0 : both / (area() + b.area() - both);
    }
  }

  private final Plan.Workspace workspace;
  private final int height;
  private final int width;
  private final float[] scores;
  private final float[] boxes;

  private Detector(Plan plan, int height, int width) {
    this.workspace = plan.newWorkspace();
    this.height = height;
    this.width = width;
    this.scores = new float[(int) workspace.output("scores").size()];
    this.boxes = new float[(int) workspace.output("boxes").size()];
  }

  /** Loads a model. */
  public static Detector load(Path file) throws IOException {
    OnnxModel model = OnnxModel.load(file);
    List<OnnxInput> inputs = model.inputs();
    List<String> dims = inputs.size() == 1 ? inputs.getFirst().dims() : List.of();
    List<String> outputs = model.outputs().stream().map(OnnxInput::name).toList();
    boolean pictures = dims.size() == 4 && dims.get(1).equals("3") && inputs.getFirst().fixed();
    if (!pictures || !outputs.containsAll(List.of("scores", "boxes"))) {
      throw new IllegalArgumentException(
          file
              + ": no detector: expected one input [1, 3, H, W] and the outputs scores and boxes,"
              + " found "
              + inputs
              + " and "
              + outputs);
    }
    int height = Integer.parseInt(dims.get(2));
    return new Detector(model.compile(), height, Integer.parseInt(dims.get(3)));
  }

  /**
   * What a picture shows, the surest first; of boxes that overlap by more than 0.3 one is kept.
   *
   * @param least the score from which something counts
   */
  public List<Box> find(BufferedImage picture, float least) {
    workspace.input().copyFrom(pixels(picture));
    workspace.run();
    workspace.output("scores").copyTo(scores);
    workspace.output("boxes").copyTo(boxes);
    int w = picture.getWidth();
    int h = picture.getHeight();
    List<Box> found =
        IntStream.range(0, scores.length / 2)
            .filter(i -> scores[2 * i + 1] >= least)
            .mapToObj(
                i ->
                    new Box(
                        scores[2 * i + 1],
                        boxes[4 * i] * w,
                        boxes[4 * i + 1] * h,
                        boxes[4 * i + 2] * w,
                        boxes[4 * i + 3] * h))
            .sorted(Comparator.comparingDouble(b -> -b.score))
            .toList();
    List<Box> kept = new ArrayList<>();
    for (Box b : found) {
      if (kept.stream().noneMatch(k -> k.overlap(b) > 0.3f)) {
        kept.add(b);
      }
    }
    return kept;
  }

  private float[] pixels(BufferedImage picture) {
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = small.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.drawImage(picture, 0, 0, width, height, null);
    g.dispose();
    float[] x = new float[3 * height * width];
    for (int i = 0; i < height * width; i++) {
      int rgb = small.getRGB(i % width, i / width);
      for (int c = 0; c < 3; c++) {
        x[c * height * width + i] = ((rgb >> 16 - 8 * c & 0xFF) - 127) / 128f;
      }
    }
    return x;
  }

  /** A copy of a picture with boxes round what was found. */
  public static BufferedImage draw(BufferedImage picture, List<Box> found) {
    BufferedImage out =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = out.createGraphics();
    g.drawImage(picture, 0, 0, null);
    g.setStroke(new BasicStroke(Math.max(2, picture.getWidth() / 300f)));
    g.setColor(new Color(0x00, 0xE0, 0x60));
    for (Box b : found) {
      g.drawRect(
          Math.round(b.left),
          Math.round(b.top),
          Math.round(b.right - b.left),
          Math.round(b.bottom - b.top));
    }
    g.dispose();
    return out;
  }
}
