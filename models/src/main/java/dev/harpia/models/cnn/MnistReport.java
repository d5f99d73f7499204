package dev.harpia.models.cnn;

import dev.harpia.models.run.JsonLine;
import java.util.Locale;

/** What a run of the digit lab amounts to. */
public record MnistReport(
    String model,
    double testAccuracy,
    double testLoss,
    double trainImagesPerSecond,
    double inferImagesPerSecond,
    double seconds,
    int epochs,
    long seed,
    int threads,
    String gemm,
    String out) {
  /** The report on one line, for programs. */
  public JsonLine json() {
    return new JsonLine()
        .put("lab", "mnist")
        .put("model", model)
        .put("test_accuracy", testAccuracy)
        .put("test_loss", testLoss)
        .put("train_images_per_second", trainImagesPerSecond)
        .put("infer_images_per_second", inferImagesPerSecond)
        .put("seconds", seconds)
        .put("epochs", epochs)
        .put("seed", seed)
        .put("threads", threads)
        .put("gemm", gemm)
        .put("out", out);
  }

  /** The report for people. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "test accuracy %.2f %%, loss %.4f (%s, %d epochs, %.1f s; training %,.0f images/s,"
            + " inference %,.0f images/s, %d threads, %s)%nresults in %s",
        100 * testAccuracy,
        testLoss,
        model,
        epochs,
        seconds,
        trainImagesPerSecond,
        inferImagesPerSecond,
        threads,
        gemm,
        out);
  }
}
