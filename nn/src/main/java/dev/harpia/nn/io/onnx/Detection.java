package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Operators whose result's size follows from values: they need their inputs to be known. */
final class Detection {
  private Detection() {}

  static void register(Operators.Registry r) {
    r.add("NonMaxSuppression", Detection::suppress);
  }

  /** Boxes [N, B, 4] and scores [N, C, B] to rows of image, class and box. */
  private static Value[] suppress(Call c) {
    float[] boxes = c.value(0).numbers();
    float[] scores = c.value(1).numbers();
    int images = c.shape(1).dim(0);
    int classes = c.shape(1).dim(1);
    int n = c.shape(1).dim(2);
    if (c.shape(0).rank() != 3 || c.shape(0).dim(1) != n || c.shape(0).dim(2) != 4) {
      throw new IllegalArgumentException("boxes " + c.shape(0) + ", scores " + c.shape(1));
    }
    long most = c.has(2) ? c.value(2).longs()[0] : 0;
    float overlap = c.has(3) ? c.value(3).numbers()[0] : 0;
    float least = c.has(4) ? c.value(4).numbers()[0] : Float.NEGATIVE_INFINITY;
    boolean centred = c.flag("center_point_box", false);
    List<long[]> rows = new ArrayList<>();
    for (int image = 0; image < images; image++) {
      for (int k = 0; k < classes; k++) {
        int row = (image * classes + k) * n;
        List<Integer> order =
            IntStream.range(0, n)
                .filter(i -> scores[row + i] > least)
                .boxed()
                .sorted((a, b) -> Float.compare(scores[row + b], scores[row + a]))
                .toList();
        List<Integer> kept = new ArrayList<>();
        for (int i : order) {
          int from = image * n;
          boolean free =
              kept.stream().noneMatch(j -> common(boxes, from + i, from + j, centred) > overlap);
          if (free && kept.size() < most) {
            kept.add(i);
            rows.add(new long[] {image, k, i});
          }
        }
      }
    }
    long[] flat = rows.stream().flatMapToLong(java.util.Arrays::stream).toArray();
    return new Value[] {Value.ofLongs(flat, Shape.of(rows.size(), 3), OnnxType.INT64)};
  }

  /** The share of two boxes' union that both cover. */
  private static double common(float[] boxes, int a, int b, boolean centred) {
    double both = 1;
    double first = 1;
    double second = 1;
    for (int d = 0; d < 2; d++) {
      double a0 = edge(boxes, a, d, centred, false);
      double a1 = edge(boxes, a, d, centred, true);
      double b0 = edge(boxes, b, d, centred, false);
      double b1 = edge(boxes, b, d, centred, true);
      both *= Math.max(0, Math.min(a1, b1) - Math.max(a0, b0));
      first *= a1 - a0;
      second *= b1 - b0;
    }
    double union = first + second - both;
    return union <= 0 ? 0 : both / union;
  }

  /** Corners may be given in any order. */
  private static double edge(float[] boxes, int box, int d, boolean centred, boolean far) {
    double u = boxes[4 * box + d];
    double v = boxes[4 * box + 2 + d];
    if (centred) {
      return far ? u + v / 2 : u - v / 2;
    }
    return far ? Math.max(u, v) : Math.min(u, v);
  }
}
