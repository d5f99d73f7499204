package dev.harpia.models.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.cnn.Box.Detection;
import dev.harpia.nn.Loss;
import dev.harpia.nn.optim.Adam;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectorTest {
  @Test
  void overlapOfBoxes() {
    Box a = new Box(0, 0, 0.5f, 0.5f);
    assertThat(a.iou(a)).isEqualTo(1);
    assertThat(a.iou(new Box(0.25f, 0, 0.75f, 0.5f))).isCloseTo(1f / 3, within(1e-6f));
    assertThat(a.iou(new Box(0.5f, 0.5f, 1, 1))).isZero();
    assertThat(new Box(1, 1, 1, 1).iou(new Box(1, 1, 1, 1))).isZero();
  }

  @Test
  void theSurestOfOverlappingBoxesStays() {
    Box box = new Box(0, 0, 0.5f, 0.5f);
    Box near = new Box(0.02f, 0, 0.52f, 0.5f);
    Box far = new Box(0.5f, 0.5f, 1, 1);
    List<Detection> found =
        List.of(
            new Detection(box, 1, 0.7f),
            new Detection(near, 1, 0.9f),
            new Detection(box, 2, 0.6f),
            new Detection(far, 1, 0.3f));
    assertThat(Box.suppress(found, 0.5f))
        .extracting(Detection::score)
        .containsExactly(0.9f, 0.6f, 0.3f);
  }

  @Test
  void offsetsAndBoxesAreInverse() {
    Box anchor = Box.centred(0.3f, 0.6f, 0.2f, 0.2f);
    Box box = new Box(0.25f, 0.45f, 0.5f, 0.7f);
    float[] d = DetectorHead.offsets(anchor, box);
    Box again = DetectorHead.moved(anchor, d[0], d[1], d[2], d[3]);
    assertThat(again.left()).isCloseTo(box.left(), within(1e-6f));
    assertThat(again.top()).isCloseTo(box.top(), within(1e-6f));
    assertThat(again.right()).isCloseTo(box.right(), within(1e-6f));
    assertThat(again.bottom()).isCloseTo(box.bottom(), within(1e-6f));
    assertThat(DetectorHead.offsets(anchor, anchor)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void aHeadThatLearnedOnePictureFindsItsBoxes() {
    Rng.seed(3);
    DetectorHead head = new DetectorHead(6, 2, 0.3f, 0.5f);
    assertThat(head.parameterCount()).isEqualTo((6 * 9 + 1) * 2 * (2 + 4));
    List<Box> anchors = head.anchors(4, 5);
    assertThat(anchors).hasSize(40);
    List<Box> boxes = List.of(new Box(0.05f, 0.1f, 0.4f, 0.4f), new Box(0.5f, 0.4f, 0.95f, 0.9f));
    float[][] targets = DetectorHead.targets(anchors, boxes, List.of(1, 1));
    int[] classes = new int[targets.length];
    float[] offsets = new float[4 * targets.length];
    float[] mask = new float[4 * targets.length];
    for (int a = 0; a < targets.length; a++) {
      classes[a] = (int) targets[a][0];
      System.arraycopy(targets[a], 1, offsets, 4 * a, 4);
      java.util.Arrays.fill(mask, 4 * a, 4 * a + 4, classes[a]);
    }
    assertThat(classes).contains(0, 1);
    Tensor features = Tensor.normal(1, 6, 4, 5);
    Tensor y = Tensor.of(classes);
    Tensor wanted = Tensor.of(offsets, Shape.of(1, 40, 4));
    Tensor matters = Tensor.of(mask, Shape.of(1, 40, 4));
    Adam adam = new Adam(head.parameters(), 0.05);
    for (int step = 0; step < 200; step++) {
      try (var _ = Scope.open("step")) {
        Tensor out = head.forward(features);
        Tensor wrong = Loss.crossEntropy(out.slice(2, 0, 2).reshape(40, 2), y);
        Tensor off = out.slice(2, 2, 6).sub(wanted).mul(matters).square().mean();
        adam.step(wrong.add(off));
      }
    }
    try (var _ = Scope.inference()) {
      List<Detection> found =
          head.detections(head.forward(features), anchors, 0.5f, 0.45f).getFirst();
      for (Box box : boxes) {
        assertThat(found).anyMatch(d -> d.box().iou(box) > 0.8f);
      }
      assertThat(found).hasSizeLessThan(6);
      assertThatThrownBy(
              () -> head.detections(head.forward(features), anchors.subList(0, 3), 0.5f, 0.45f))
          .hasMessageContaining("the output must be [N, 3, 6]");
    }
  }

  @Test
  void wrongForms() {
    assertThatThrownBy(() -> new DetectorHead(4, 1, 0.5f)).hasMessageContaining("at least 2");
    assertThatThrownBy(() -> new DetectorHead(4, 2)).hasMessageContaining("1 side");
    assertThatThrownBy(
            () -> DetectorHead.targets(List.of(), List.of(new Box(0, 0, 1, 1)), List.of()))
        .hasMessage("targets: 1 boxes, 0 labels: must be as many");
  }
}
