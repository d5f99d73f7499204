package dev.harpia.models.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.models.data.SyntheticDigits;
import dev.harpia.nn.data.LabelledImages;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class PictureTest {
  @Test
  void rightDigitsAreBlueAndWrongOnesRed() {
    LabelledImages one = SyntheticDigits.test(1, 1);
    float[] right = new float[10];
    right[one.label(0)] = 1;
    float[] wrong = new float[10];
    wrong[(one.label(0) + 1) % 10] = 1;
    BufferedImage good = DigitGrid.draw("t", one, new int[] {0}, new float[][] {right}, 1);
    BufferedImage bad = DigitGrid.draw("t", one, new int[] {0}, new float[][] {wrong}, 1);
    assertThat(count(good, Canvas.RED.getRGB())).isZero();
    assertThat(count(good, Canvas.BLUE.getRGB())).isGreaterThan(500); // the bar alone has more
    assertThat(count(bad, Canvas.RED.getRGB())).isGreaterThan(500);
  }

  @Test
  void theDecisionLineIsWhereTheProbabilityIsOneHalf() {
    float[][] p = {{0, 1}, {0, 1}}; // rises from left to right: the line is vertical, in the middle
    BufferedImage map =
        DecisionMap.draw("t", "s", new DecisionMap.Frame("x", 0, 1, "y", 0, 1), p, List.of());
    int y = map.getHeight() / 2;
    int middle = 0; // the darkest pixel of the row but for letters and axes at the left
    for (int x = map.getWidth() / 3; x < map.getWidth() - 60; x++) {
      middle = brightness(map.getRGB(x, y)) < brightness(map.getRGB(middle, y)) ? x : middle;
    }
    assertThat(brightness(map.getRGB(middle, y))).isLessThan(80);
    assertThat(middle).isBetween(map.getWidth() / 2, map.getWidth() / 2 + 50);
    assertThat(map.getRGB(middle - 150, y) >> 16 & 0xFF)
        .isGreaterThan(map.getRGB(middle - 150, y) & 0xFF);
    assertThat(map.getRGB(middle + 150, y) & 0xFF)
        .isGreaterThan(map.getRGB(middle + 150, y) >> 16 & 0xFF);
  }

  @Test
  void curvesDrawEvenWithoutPoints() {
    BufferedImage empty = Curves.draw("t", "x", "y", List.of(Curves.Line.over("none")));
    BufferedImage one = Curves.draw("t", "x", "y", List.of(Curves.Line.over("a", 1.0, 0.5, 0.25)));
    assertThat(count(empty, Canvas.BLUE.getRGB())).isZero();
    assertThat(count(one, Canvas.BLUE.getRGB())).isGreaterThan(100);
  }

  @Test
  void smoothingStartsAtTheFirstValue() {
    assertThat(Curves.Line.over("a", 1, 0, 0).smoothed(0.5).y()).containsExactly(1, 0.5, 0.25);
  }

  @Test
  void theConfusionMatrixShowsRareMistakes() {
    BufferedImage picture = ConfusionMatrix.draw("t", new int[][] {{999, 1}, {0, 1000}});
    int miss = picture.getRGB(72 + 52 + 8, 96 + 8);
    assertThat((miss >> 16 & 0xFF) - (miss & 0xFF)).isGreaterThan(20); // reddish
  }

  private static int brightness(int rgb) {
    return ((rgb >> 16 & 0xFF) + (rgb >> 8 & 0xFF) + (rgb & 0xFF)) / 3;
  }

  private static int count(BufferedImage image, int rgb) {
    int found = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        found += image.getRGB(x, y) == rgb ? 1 : 0;
      }
    }
    return found;
  }
}
