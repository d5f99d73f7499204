package dev.harpia.models.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.data.LabelledImages;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SyntheticDigitsTest {
  @Test
  void oneSeedGivesTheSamePicturesInAnyRange() {
    LabelledImages many = SyntheticDigits.train(60, 5);
    LabelledImages few = SyntheticDigits.train(20, 5);
    assertThat(few.pixels()).isEqualTo(Arrays.copyOf(many.pixels(), 20 * 784));
    assertThat(few.labels()).isEqualTo(Arrays.copyOf(many.labels(), 20));
    assertThat(SyntheticDigits.train(20, 6).pixels()).isNotEqualTo(few.pixels());
    assertThat(SyntheticDigits.test(20, 5).pixels()).isNotEqualTo(few.pixels());
  }

  @Test
  void everyDigitOccursAboutEquallyOften() {
    LabelledImages digits = SyntheticDigits.train(2000, 1);
    int[] counts = new int[10];
    for (int i = 0; i < digits.count(); i++) {
      counts[digits.label(i)]++;
    }
    assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThan(150);
  }

  /**
   * As in MNIST: a dark margin, strokes that reach nearly full brightness, a tenth to a third of
   * the pixels inked.
   */
  @Test
  void picturesLookLikeMnistInNumbers() {
    LabelledImages digits = SyntheticDigits.train(500, 2);
    for (int i = 0; i < digits.count(); i++) {
      int brightest = 0;
      int inked = 0;
      int margin = 0;
      for (int row = 0; row < 28; row++) {
        for (int column = 0; column < 28; column++) {
          int value = digits.pixel(i, row, column);
          brightest = Math.max(brightest, value);
          inked += value > 60 ? 1 : 0;
          margin += row == 0 || row == 27 || column == 0 || column == 27 ? value : 0;
        }
      }
      assertThat(brightest).as("brightest of %d", i).isGreaterThan(150);
      assertThat(inked).as("inked of %d", i).isBetween(20, 320);
      assertThat(margin).as("margin of %d", i).isZero();
    }
  }

  @Test
  void anAbsurdCountIsRefused() {
    assertThatThrownBy(() -> SyntheticDigits.train(-1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("digits: count -1 is not in 0 … 1000000");
  }
}
