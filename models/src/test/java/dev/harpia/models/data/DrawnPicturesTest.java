package dev.harpia.models.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Drawn radiographs and scenes. */
class DrawnPicturesTest {
  @Test
  void aRadiographDependsOnItsSeedAndNumberAlone() {
    Radiographs few = Radiographs.train(3, 5);
    Radiographs more = Radiographs.train(6, 5);
    int size = Radiographs.SIDE * Radiographs.SIDE;
    assertThat(Arrays.copyOf(more.set().pixels(), 3 * size)).isEqualTo(few.set().pixels());
    assertThat(Radiographs.train(3, 6).set().pixels()).isNotEqualTo(few.set().pixels());
    assertThat(Radiographs.test(3, 5).set().pixels()).isNotEqualTo(few.set().pixels());
  }

  @Test
  void lesionsAreInThePictureAndBrighterThanWhatIsAroundThem() {
    Radiographs set = Radiographs.train(200, 1);
    int sick = 0;
    int brighter = 0;
    for (int i = 0; i < 200; i++) {
      double[] lesion = set.lesions()[i];
      assertThat(lesion[2] > 0).isEqualTo(set.set().labels()[i] == 1);
      if (lesion[2] > 0) {
        sick++;
        assertThat(lesion[0]).isBetween(2.0, 61.0);
        assertThat(lesion[1]).isBetween(2.0, 61.0);
        brighter += mean(set.set(), i, lesion, 0, 0.6) > mean(set.set(), i, lesion, 1.2, 2) ? 1 : 0;
      }
    }
    assertThat(sick).isBetween(70, 130);
    assertThat(brighter).isGreaterThan(sick * 3 / 4);
  }

  /** Over the ring from {@code from} to {@code to} radii. */
  private static double mean(PictureSet set, int i, double[] lesion, double from, double to) {
    double sum = 0;
    int n = 0;
    for (int p = 0; p < 64 * 64; p++) {
      double d = Math.hypot(p % 64 - lesion[0], p / 64 - lesion[1]) / lesion[2];
      if (d >= from && d <= to) {
        sum += set.pixels()[i * 64 * 64 + p] & 0xFF;
        n++;
      }
    }
    return sum / n;
  }

  @Test
  void scenesHaveAllClassesAndNoColourTellsThem() {
    ShapeScenes set = ShapeScenes.train(60, 2);
    long[] pixels = new long[4];
    double[] red = new double[4];
    int plane = ShapeScenes.SIDE * ShapeScenes.SIDE;
    for (int i = 0; i < set.classes().length; i++) {
      int c = set.classes()[i];
      pixels[c]++;
      red[c] += set.pictures()[i / plane * 3 * plane + i % plane];
    }
    assertThat(pixels[0]).isGreaterThan(set.classes().length / 3);
    for (int c = 0; c < 4; c++) {
      assertThat(pixels[c]).isGreaterThan(set.classes().length / 40);
      assertThat(red[c] / pixels[c]).isBetween(0.3, 0.7);
    }
    assertThat(ShapeScenes.train(2, 2).classes())
        .isEqualTo(Arrays.copyOf(set.classes(), 2 * plane));
    assertThatThrownBy(() -> ShapeScenes.train(0, 1)).hasMessageContaining("1 … 50000");
  }

  @Test
  void setsCheckTheirArrays() {
    List<String> names = List.of("a", "b");
    assertThatThrownBy(() -> new PictureSet(2, 1, 1, new byte[2], new int[1], names))
        .hasMessageContaining("channels must be 1 or 3");
    assertThatThrownBy(() -> new PictureSet(1, 2, 2, new byte[5], new int[1], names))
        .hasMessage("pictures: 1 labels of [1, 2, 2] need 4 bytes, got 5");
    assertThatThrownBy(() -> new PictureSet(1, 1, 1, new byte[1], new int[] {2}, names))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
