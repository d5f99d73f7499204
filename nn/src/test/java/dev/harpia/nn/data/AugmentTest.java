package dev.harpia.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AugmentTest {
  private static final int H = 3;
  private static final int W = 4;

  /** 200 equal pictures of two channels; pixels 1 … 24. */
  private static Dataset pictures() {
    float[] x = new float[200 * 2 * H * W];
    for (int i = 0; i < x.length; i++) {
      x[i] = 1 + i % (2 * H * W);
    }
    return new TensorDataset(
        Tensor.of(x, Shape.of(200, 2, H, W)), Tensor.of(new int[200], Shape.of(200)));
  }

  private static float[][] read(Consumer<Example> change) {
    float[][] all = new float[200][2 * H * W];
    Batch b = DataLoader.of(pictures().map(change), 200).iterator().next();
    float[] flat = b.x().toArray();
    for (int i = 0; i < 200; i++) {
      System.arraycopy(flat, i * 2 * H * W, all[i], 0, 2 * H * W);
    }
    return all;
  }

  private static float pixel(float[] p, int c, int y, int x) {
    return y < 0 || y >= H || x < 0 || x >= W ? 0 : p[(c * H + y) * W + x];
  }

  @Test
  void flippedPicturesAreMirroredAndAboutHalfAre() {
    float[] plain = read(e -> {})[0];
    int flipped = 0;
    for (float[] p : read(Augment.flip(1))) {
      if (p[0] != plain[0]) {
        flipped++;
        for (int c = 0; c < 2; c++) {
          for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
              assertThat(pixel(p, c, y, x)).isEqualTo(pixel(plain, c, y, W - 1 - x));
            }
          }
        }
      } else {
        assertThat(p).isEqualTo(plain);
      }
    }
    assertThat(flipped).isBetween(70, 130);
  }

  @Test
  void shiftedPicturesMoveAsAWhole() {
    float[] plain = read(e -> {})[0];
    boolean[][] seen = new boolean[3][3];
    for (float[] p : read(Augment.shift(1, 1))) {
      for (int down = -1; down <= 1; down++) {
        for (int right = -1; right <= 1; right++) {
          boolean same = true;
          for (int i = 0; i < 2 * H * W; i++) {
            same &= p[i] == pixel(plain, i / (H * W), i / W % H - down, i % W - right);
          }
          seen[down + 1][right + 1] |= same;
        }
      }
    }
    assertThat(seen)
        .isDeepEqualTo(
            new boolean[][] {{true, true, true}, {true, true, true}, {true, true, true}});
  }

  @Test
  void croppedPicturesLieBetweenTheirPixels() {
    float[] plain = read(e -> {})[0];
    float least = 24;
    for (float[] p : read(Augment.crop(0.5f, 1))) {
      for (int c = 0; c < 2; c++) {
        // The picture is a plane: so is each part of it, less steep by the cut's side.
        float side = (pixel(p, c, 0, 1) - pixel(p, c, 0, 0));
        least = Math.min(least, side);
        assertThat(side).isBetween(0.499f, 1.001f);
        assertThat(pixel(p, c, 0, 0)).isGreaterThanOrEqualTo(pixel(plain, c, 0, 0));
        assertThat(pixel(p, c, 2, 3)).isCloseTo(pixel(p, c, 0, 0) + 11 * side, within(1e-4f));
        assertThat(pixel(p, c, 2, 3)).isLessThanOrEqualTo(pixel(plain, c, 2, 3) + 1e-4f);
      }
    }
    assertThat(least).isLessThan(0.6f);
    assertThat(read(Augment.crop(1, 1))[5]).isEqualTo(plain);
  }

  @Test
  void noiseHasItsDeviation() {
    double sum = 0;
    double squares = 0;
    float[] plain = read(e -> {})[0];
    for (float[] p : read(Augment.noise(0.5f, 1))) {
      for (int i = 0; i < p.length; i++) {
        sum += p[i] - plain[i];
        squares += Math.pow(p[i] - plain[i], 2);
      }
    }
    int n = 200 * 24;
    assertThat(sum / n).isCloseTo(0, within(4 * 0.5 / Math.sqrt(n)));
    assertThat(Math.sqrt(squares / n)).isCloseTo(0.5, within(0.03));
  }

  @Test
  void channelsAreNormalised() {
    float[] p = read(Augment.normalise(new float[] {1, 13}, new float[] {2, 4}))[0];
    assertThat(p[0]).isZero();
    assertThat(p[2]).isEqualTo(1);
    assertThat(p[12]).isZero();
    assertThat(p[16]).isEqualTo(1);
  }

  @Test
  void changesFollowFromSeedEpochAndNumber() {
    for (Consumer<Example> change :
        java.util.List.of(
            Augment.flip(3), Augment.shift(2, 3), Augment.crop(.5f, 3), Augment.noise(1, 3))) {
      DataLoader loader = DataLoader.of(pictures().map(change), 200);
      float[] first = loader.iterator().next().x().toArray();
      float[] second = loader.iterator().next().x().toArray();
      DataLoader again = DataLoader.of(pictures().map(change), 200);
      assertThat(again.iterator().next().x().toArray()).isEqualTo(first).isNotEqualTo(second);
    }
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> Augment.shift(-1, 0))
        .hasMessage("shift: -1 pixels: must be at least 0");
    assertThatThrownBy(() -> Augment.crop(0, 0)).hasMessageContaining("(0, 1]");
    assertThatThrownBy(() -> Augment.noise(-1, 0)).hasMessageContaining("at least 0");
    assertThatThrownBy(() -> Augment.normalise(new float[1], new float[2]))
        .hasMessage("normalise: 1 means, 2 deviations");
    assertThatThrownBy(() -> read(Augment.normalise(new float[3], new float[] {1, 1, 1})))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("means for 3 channels");
    Dataset flat = new TensorDataset(Tensor.zeros(2, 3), Tensor.of(0, 1)).map(Augment.flip(0));
    assertThatThrownBy(() -> DataLoader.of(flat, 1).iterator().next())
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("pictures [C, H, W]");
  }
}
