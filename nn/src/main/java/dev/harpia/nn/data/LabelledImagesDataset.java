package dev.harpia.nn.data;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import java.util.Objects;

/** Pictures of bytes as examples of floats, normalised by a table of all 256 values. */
final class LabelledImagesDataset implements Dataset {
  private final LabelledImages images;
  private final float[] values = new float[256];

  LabelledImagesDataset(LabelledImages images, float mean, float deviation) {
    if (!(deviation > 0)) {
      throw new IllegalArgumentException("images: deviation " + deviation + " must be positive");
    }
    this.images = images;
    for (int i = 0; i < values.length; i++) {
      values[i] = (i / 255f - mean) / deviation;
    }
  }

  @Override
  public int size() {
    return images.count();
  }

  @Override
  public Shape inputShape() {
    return Shape.of(1, images.height(), images.width());
  }

  @Override
  public Shape targetShape() {
    return Shape.SCALAR;
  }

  @Override
  public DType targetType() {
    return DType.I32;
  }

  @Override
  public void get(int index, Example out) {
    int size = images.height() * images.width();
    byte[] pixels = images.pixels();
    int from = Objects.checkIndex(index, images.count()) * size;
    float[] x = out.scratch(size);
    for (int i = 0; i < size; i++) {
      x[i] = values[pixels[from + i] & 0xFF];
    }
    out.x().copyFrom(x, 0);
    out.y().setInt(0, images.label(index));
  }
}
