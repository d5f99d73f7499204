package dev.harpia.models.cnn;

import dev.harpia.models.picture.ConfusionMatrix;
import dev.harpia.models.picture.Curves;
import dev.harpia.models.picture.DigitGrid;
import dev.harpia.models.picture.Panels;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.nn.train.EpochResult;
import dev.harpia.nn.train.History;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The pictures of the digit lab. */
final class MnistPictures {
  private static final int SHOWN = 20;
  private static final int COLUMNS = 4;

  private MnistPictures() {}

  static void draw(RunDirectory run, LabelledImages set, Evaluation test, History history)
      throws IOException {
    run.picture("curves.png", curves(history));
    int[] first = IntStream.range(0, Math.min(SHOWN, set.count())).toArray();
    run.picture("digits.png", grid("Test digits: predicted, probability (true)", set, test, first));
    int[] hardest = test.hardest(set, SHOWN);
    run.picture(
        "hardest.png",
        grid("The hardest test digits: predicted, probability (true)", set, test, hardest));
    run.picture("confusion.png", ConfusionMatrix.draw("Confusion matrix", test.confusion(set)));
  }

  private static BufferedImage grid(
      String title, LabelledImages set, Evaluation test, int[] indices) {
    float[][] p = new float[indices.length][];
    for (int i = 0; i < indices.length; i++) {
      p[i] = test.probabilities()[indices[i]];
    }
    return DigitGrid.draw(title, set, indices, p, COLUMNS);
  }

  private static BufferedImage curves(History history) {
    BufferedImage loss =
        Curves.draw(
            "Loss",
            "epoch",
            "cross-entropy",
            List.of(
                line("training", history, EpochResult::trainLoss),
                line("test", history, e -> e.figure("valid_loss"))));
    BufferedImage accuracy =
        Curves.draw(
            "Accuracy",
            "epoch",
            "percent right",
            List.of(
                line("training", history, e -> 100 * e.figure("train_accuracy")),
                line("test", history, e -> 100 * e.figure("valid_accuracy"))));
    return Panels.grid(List.of(loss, accuracy), 2);
  }

  private static Curves.Line line(
      String name, History history, ToDoubleFunction<EpochResult> value) {
    return Curves.Line.over(name, history.epochs().stream().mapToDouble(value).toArray());
  }
}
