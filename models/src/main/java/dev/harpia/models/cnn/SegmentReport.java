package dev.harpia.models.cnn;

import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.simd.Parallel;
import java.util.Locale;

/**
 * What a run of the segmentation lab amounts to.
 *
 * @param meanIou intersection over union, the mean of the classes
 * @param accuracy share of pixels called right
 * @param ground share of pixels that are ground: what calling everything ground would reach
 */
public record SegmentReport(
    double meanIou,
    double accuracy,
    double ground,
    double loss,
    double trainImagesPerSecond,
    double seconds,
    SegmentSettings settings,
    String out) {
  /** The report on one line, for programs. */
  public JsonLine json() {
    return new JsonLine()
        .put("lab", "segment")
        .put("mean_iou", meanIou)
        .put("pixel_accuracy", accuracy)
        .put("ground_share", ground)
        .put("test_loss", loss)
        .put("train_images_per_second", trainImagesPerSecond)
        .put("seconds", seconds)
        .put("epochs", settings.epochs())
        .put("seed", settings.seed())
        .put("threads", Parallel.threads())
        .put("gemm", Machine.gemm())
        .put("out", out);
  }

  /** The report for people. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "mean IoU %.3f, %.2f %% of pixels right (all ground: %.2f %%), loss %.4f (%d epochs, %.1f"
            + " s; training %,.0f images/s, %d threads, %s)%nresults in %s",
        meanIou,
        100 * accuracy,
        100 * ground,
        loss,
        settings.epochs(),
        seconds,
        trainImagesPerSecond,
        Parallel.threads(),
        Machine.gemm(),
        out);
  }
}
