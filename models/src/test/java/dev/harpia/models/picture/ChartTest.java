package dev.harpia.models.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.picture.Curves.Line;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {
  @Test
  void theAreaBelowTheCurveCountsPairs() {
    double[] scores = {0.9, 0.8, 0.7, 0.6, 0.6, 0.1};
    boolean[] positive = {true, true, false, true, false, false};
    // of 9 pairs the positive is above in 7, and one is a tie
    Roc roc = Roc.of("net", scores, positive);
    assertThat(roc.area()).isCloseTo(7.5 / 9, within(1e-12));
    assertThat(roc.line().x()).startsWith(0).endsWith(1).isSorted();
    assertThat(roc.line().y()).startsWith(0).endsWith(1).isSorted();
    assertThat(roc.line().name()).isEqualTo("net (area 0.833)");
  }

  @Test
  void aCurveNeedsBothClasses() {
    assertThatThrownBy(() -> Roc.of("n", new double[] {1, 2}, new boolean[] {true, true}))
        .hasMessage("roc: 2 positives, 0 negatives: both must be there");
    assertThatThrownBy(() -> Roc.of("n", new double[] {1, Double.NaN}, new boolean[] {true, false}))
        .hasMessage("roc: score 1 is NaN");
  }

  @Test
  void histogramsShareTheirBins() {
    Chart chart =
        Chart.histogram(
            "t",
            "v",
            4,
            List.of(new Chart.Sample("a", 0, 1, 4), new Chart.Sample("b", 2, Double.NaN)));
    assertThat(chart.categories()).containsExactly("0.5", "1.5", "2.5", "3.5");
    assertThat(chart.lines().get(0).y()).containsExactly(1, 1, 0, 1);
    assertThat(chart.lines().get(1).y()).containsExactly(0, 0, 1, 0);
    assertThat(Chart.histogram("t", "v", 3, List.of()).draw().getWidth()).isEqualTo(760);
    Chart constant = Chart.histogram("t", "v", 2, List.of(new Chart.Sample("c", 5, 5)));
    assertThat(constant.lines().getFirst().y()).containsExactly(2, 0);
  }

  @Test
  void whatCannotBeDrawnIsLeftOut() {
    Line line = Line.over("a", 1, Double.NaN, -2, Double.POSITIVE_INFINITY, 4);
    Chart linear = Chart.lines("t", "x", "y", List.of(line));
    assertThat(linear.drawable().getFirst().y()).containsExactly(1, -2, 4);
    assertThat(linear.withLogY().drawable().getFirst().y()).containsExactly(1, 4);
    assertThat(linear.withLogY().draw().getWidth()).isEqualTo(760);
    Chart none = Chart.lines("t", "x", "y", List.of(Line.over("a", -1))).withLogY();
    assertThat(none.draw().getWidth()).isEqualTo(760);
  }

  @Test
  void longLinesKeepTheirEnds() {
    double[] y = new double[5000];
    y[0] = 1;
    y[4999] = 2;
    Line drawn = Chart.lines("t", "x", "y", List.of(Line.over("a", y))).drawable().getFirst();
    assertThat(drawn.y()).hasSize(1000).startsWith(1).endsWith(2);
    assertThat(drawn.x()).startsWith(1).endsWith(5000);
  }

  @Test
  void barsNeedAValueForEachCategory() {
    assertThatThrownBy(
            () -> Chart.bars("t", "x", "y", List.of("a"), List.of(Chart.series("s", 1, 2))))
        .hasMessage("bars s: 2 values, 1 categories: must be as many");
  }

  @Test
  void picturesOfNumbers() {
    float[] values = {0, 1, 0.5f, -3, 2, Float.NaN, 0, 0, 0, 1, 1, 1};
    BufferedImage colour = Pixels.of(Tensor.of(values, Shape.of(1, 3, 2, 2))).getFirst();
    assertThat(colour.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0x00FF00);
    assertThat(colour.getRGB(1, 0) & 0xFFFFFF).isEqualTo(0xFF00FF);
    assertThat(colour.getRGB(0, 1) & 0xFFFFFF).isEqualTo(0x8000FF);
    assertThat(Pixels.negative(colour).getRGB(0, 0) & 0xFFFFFF).isEqualTo(0xFF00FF);
    assertThatThrownBy(() -> Pixels.of(Tensor.of(values, Shape.of(1, 2, 2, 3))))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("[N, 1, H, W] or [N, 3, H, W]");
  }

  @Test
  void aHeatMapIsRedWhereItIsHighest() {
    BufferedImage grey = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
    BufferedImage map = HeatMap.over(grey, new float[][] {{0, 1}, {0, 0}}, 0.8);
    int hot = map.getRGB(35, 5);
    assertThat(hot >> 16 & 0xFF).isGreaterThan(180);
    assertThat(hot & 0xFF).isZero();
    assertThat(map.getRGB(5, 35) >> 16 & 0xFF).isZero();
  }

  @Test
  void gridsAndRowsHaveRoomForEveryPicture() {
    BufferedImage tile = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
    BufferedImage grid = ImageGrid.draw("", java.util.Collections.nCopies(7, tile), 3);
    assertThat(grid.getWidth()).isEqualTo(3 * 90 - 6 + 28);
    assertThat(grid.getHeight()).isEqualTo(3 * 90 - 6 + 28);
    BufferedImage rows =
        ImageGrid.rows(
            "Pairs",
            List.of(
                new ImageGrid.Row("original", List.of(tile, tile)),
                new ImageGrid.Row("again", List.of(tile))));
    assertThat(rows.getWidth()).isGreaterThan(2 * 90 + 28);
    assertThat(ImageGrid.draw("none", List.of(), 4).getWidth()).isPositive();
  }
}
