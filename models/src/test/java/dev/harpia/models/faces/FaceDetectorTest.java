package dev.harpia.models.faces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.models.cnn.AveragePrecision;
import dev.harpia.models.cnn.Box;
import dev.harpia.models.cnn.BoxDetector;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FaceDetectorTest {
  private static final int BATCH = 16;

  @Test
  void scenesHoldFacesApartFromEachOther() throws IOException {
    FaceScenes scenes = FaceScenes.draw(8, 3);
    assertThat(scenes.pictures(0, 7).shape().dims()).containsExactly(2, 3, 96, 96);
    for (List<Box> faces : scenes.boxes(0, 1, 2, 3, 4, 5, 6, 7)) {
      assertThat(faces).hasSizeBetween(1, 3);
      for (Box box : faces) {
        assertThat(box.left()).isNotNegative();
        assertThat(box.bottom()).isLessThanOrEqualTo(1);
        assertThat(faces).filteredOn(other -> other.iou(box) > 0).containsExactly(box);
      }
    }
    assertThat(FaceScenes.draw(8, 3).pixels()).isDeepEqualTo(scenes.pixels());
  }

  @Test
  void aStepMakesTheLossSmallerAndWrongFormsAreRefused() throws IOException {
    Rng.seed(1);
    FaceScenes scenes = FaceScenes.draw(4, 3);
    BoxDetector detector = new BoxDetector(0.26f, 0.36f, 0.46f);
    Adam adam = new Adam(detector.parameters(), 1e-3);
    Tensor x = scenes.pictures(0, 1, 2, 3);
    List<List<Box>> boxes = scenes.boxes(0, 1, 2, 3);
    double[] losses = new double[8];
    for (int i = 0; i < losses.length; i++) {
      try (var _ = Scope.open("step")) {
        Tensor loss = detector.loss(x, boxes);
        losses[i] = loss.item();
        adam.step(loss);
      }
    }
    assertThat(losses[7]).isLessThan(0.8 * losses[0]);
    assertThat(detector.forward(x).shape().dims()).containsExactly(4, 12 * 12 * 3, 6);
    assertThatThrownBy(() -> detector.loss(x, boxes.subList(0, 1)))
        .hasMessage("loss: 4 pictures, boxes of 1: must be as many");
  }

  @Test
  @Tag("full")
  void theHeadLearnsToFindFacesInScenes() throws IOException {
    double[] precision = learn();
    assertThat(precision[0]).isGreaterThan(0.8);
    assertThat(precision[1]).isGreaterThan(0.4);
  }

  /** Average precision at 0.5 and 0.75 after 12 epochs on 600 scenes, on 200 others. */
  static double[] learn() throws IOException {
    Rng.seed(1);
    FaceScenes train = FaceScenes.draw(600, 1);
    FaceScenes test = FaceScenes.draw(200, 2);
    BoxDetector detector = new BoxDetector(0.26f, 0.36f, 0.46f);
    int epochs = 12;
    int steps = epochs * (train.count() / BATCH);
    Adam adam = new Adam(detector.parameters(), Schedule.cosine(3e-3, steps / 20, steps));
    Rng order = new Rng(1);
    for (int epoch = 0; epoch < epochs; epoch++) {
      int[] all = order.permutation(train.count());
      for (int from = 0; from + BATCH <= all.length; from += BATCH) {
        int[] part = Arrays.copyOfRange(all, from, from + BATCH);
        try (var _ = Scope.open("step")) {
          adam.step(detector.loss(train.pictures(part), train.boxes(part)));
        }
      }
    }
    detector.eval();
    List<List<Box.Detection>> found = new ArrayList<>();
    List<List<Box>> truth = new ArrayList<>();
    for (int[] part : test.parts(50)) {
      try (var _ = Scope.inference()) {
        found.addAll(detector.detect(test.pictures(part), 0.05f));
      }
      truth.addAll(test.boxes(part));
    }
    return new double[] {
      AveragePrecision.of(found, truth, 0.5), AveragePrecision.of(found, truth, 0.75)
    };
  }
}
