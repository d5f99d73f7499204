package dev.harpia.models.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.cnn.Box.Detection;
import java.util.List;
import org.junit.jupiter.api.Test;

class AveragePrecisionTest {
  private static final Box A = new Box(0, 0, 0.2f, 0.2f);
  private static final Box B = new Box(0.5f, 0.5f, 0.9f, 0.9f);
  private static final Box NOWHERE = new Box(0.2f, 0.6f, 0.4f, 0.8f);

  private static Detection at(Box box, float score) {
    return new Detection(box, 1, score);
  }

  @Test
  void allFoundAndNothingElse() {
    assertThat(
            AveragePrecision.of(
                List.of(List.of(at(A, 0.9f)), List.of(at(B, 0.8f))),
                List.of(List.of(A), List.of(B)),
                0.5))
        .isEqualTo(1);
  }

  @Test
  void aMistakeBetweenTwoHits() {
    // in order: hit (precision 1), miss, hit (2/3): half the recall at 1, half at 2/3
    assertThat(
            AveragePrecision.of(
                List.of(List.of(at(A, 0.9f), at(NOWHERE, 0.8f), at(B, 0.7f))),
                List.of(List.of(A, B)),
                0.5))
        .isCloseTo(0.5 + 0.5 * 2 / 3, within(1e-12));
  }

  @Test
  void theSameThingFoundTwiceCountsOnce() {
    // in order: hit (1), double (1/2), hit (2/3)
    assertThat(
            AveragePrecision.of(
                List.of(List.of(at(A, 0.9f), at(A, 0.8f), at(B, 0.7f))),
                List.of(List.of(A, B)),
                0.5))
        .isCloseTo(0.5 + 0.5 * 2 / 3, within(1e-12));
    // a mistake after the last hit costs nothing
    assertThat(
            AveragePrecision.of(
                List.of(List.of(at(A, 0.9f), at(NOWHERE, 0.1f))), List.of(List.of(A)), 0.5))
        .isEqualTo(1);
  }

  @Test
  void theLimitDecides() {
    Box near = new Box(0, 0, 0.2f, 0.15f); // three quarters of A
    List<List<Detection>> found = List.of(List.of(at(near, 0.9f)));
    assertThat(AveragePrecision.of(found, List.of(List.of(A)), 0.7)).isEqualTo(1);
    assertThat(AveragePrecision.of(found, List.of(List.of(A)), 0.8)).isZero();
    assertThat(AveragePrecision.of(List.of(List.of()), List.of(List.of(A)), 0.5)).isZero();
  }

  @Test
  void wrongForms() {
    assertThatThrownBy(() -> AveragePrecision.of(List.of(), List.of(List.of(A)), 0.5))
        .hasMessage("average precision: detections of 0 pictures, boxes of 1: must be as many");
    assertThatThrownBy(() -> AveragePrecision.of(List.of(List.of()), List.of(List.of()), 0.5))
        .hasMessageContaining("nothing to find");
  }
}
