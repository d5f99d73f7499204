package dev.harpia.models.data;

import dev.harpia.nn.data.Dataset;
import dev.harpia.nn.data.Example;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import java.util.Objects;

/** Pictures of bytes as normalised examples. */
final class PictureDataset implements Dataset {
  private final PictureSet set;
  private final float[] mean;
  private final float[] deviation;

  PictureDataset(PictureSet set, float[] mean, float[] deviation) {
    this.set = set;
    this.mean = mean.clone();
    this.deviation = deviation.clone();
  }

  @Override
  public int size() {
    return set.count();
  }

  @Override
  public Shape inputShape() {
    return set.shape();
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
    int plane = set.height() * set.width();
    int size = set.channels() * plane;
    int from = Objects.checkIndex(index, set.count()) * size;
    byte[] pixels = set.pixels();
    float[] x = out.scratch(size);
    for (int c = 0; c < set.channels(); c++) {
      float scale = 1 / (255 * deviation[c]);
      float shift = mean[c] / deviation[c];
      for (int k = c * plane; k < (c + 1) * plane; k++) {
        x[k] = (pixels[from + k] & 0xFF) * scale - shift;
      }
    }
    out.x().copyFrom(x, 0);
    out.y().setInt(0, set.labels()[index]);
  }
}
