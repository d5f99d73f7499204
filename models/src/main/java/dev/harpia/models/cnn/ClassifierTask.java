package dev.harpia.models.cnn;

import dev.harpia.models.data.PictureSet;
import dev.harpia.models.report.Report;
import java.io.IOException;
import java.util.Map;

/**
 * What a classifier of pictures is to tell apart.
 *
 * @param lab the lab's name
 * @param title of its report
 * @param data where the pictures come from
 * @param findings what the lab adds to the common report
 */
public record ClassifierTask(
    String lab, String title, String data, PictureSet train, PictureSet test, Findings findings) {
  /** Checks that both sets are of the same kind, and that something can be learned. */
  public ClassifierTask {
    if (!train.shape().equals(test.shape()) || !train.classes().equals(test.classes())) {
      throw new IllegalArgumentException(
          "pictures: training has %s of %s, testing %s of %s: must be the same"
              .formatted(train.shape(), train.classes(), test.shape(), test.classes()));
    }
    if (train.count() == 0 || test.count() == 0) {
      throw new IllegalArgumentException(
          "pictures: %d to learn from, %d to be judged by: both must be there"
              .formatted(train.count(), test.count()));
    }
  }

  /** The pictures' task without findings of its own. */
  public ClassifierTask(String lab, String title, String data, PictureSet train, PictureSet test) {
    this(lab, title, data, train, test, (page, trained) -> Map.of());
  }

  /** With the first pictures only. */
  ClassifierTask first(int count) {
    return new ClassifierTask(lab, title, data, train.first(count), test.first(count), findings);
  }

  /**
   * A trained network with what it said of the test pictures.
   *
   * @param statistics of the training pictures, by which inputs are normalised
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier
  public record Trained(
      FeatureNet net, PictureSet test, Evaluation verdict, float[][] statistics) {}

  /** What a lab adds. */
  @FunctionalInterface
  public interface Findings {
    /** Adds to the page, and returns figures by name. */
    Map<String, Double> add(Report page, Trained trained) throws IOException;
  }
}
