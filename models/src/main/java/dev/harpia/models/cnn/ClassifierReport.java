package dev.harpia.models.cnn;

import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.simd.Parallel;
import java.util.Locale;
import java.util.Map;

/**
 * What a run of a picture classifier amounts to.
 *
 * @param figures further figures of the lab, by name
 */
public record ClassifierReport(
    String lab,
    String network,
    String data,
    double testAccuracy,
    double testLoss,
    Map<String, Double> figures,
    double trainImagesPerSecond,
    double seconds,
    int epochs,
    long seed,
    String out) {
  /** The report on one line, for programs. */
  public JsonLine json() {
    JsonLine json =
        new JsonLine()
            .put("lab", lab)
            .put("model", network)
            .put("data", data)
            .put("test_accuracy", testAccuracy)
            .put("test_loss", testLoss);
    figures.forEach(json::put);
    return json.put("train_images_per_second", trainImagesPerSecond)
        .put("seconds", seconds)
        .put("epochs", epochs)
        .put("seed", seed)
        .put("threads", Parallel.threads())
        .put("gemm", Machine.gemm())
        .put("out", out);
  }

  /** The report for people. */
  public String text() {
    StringBuilder more = new StringBuilder();
    figures.forEach(
        (name, v) ->
            more.append(String.format(Locale.ROOT, ", %s %.3f", name.replace('_', ' '), v)));
    return String.format(
        Locale.ROOT,
        "test accuracy %.2f %%, loss %.4f%s (%s, %d epochs, %.1f s; training %,.0f images/s, %d"
            + " threads, %s)%nresults in %s",
        100 * testAccuracy,
        testLoss,
        more,
        network,
        epochs,
        seconds,
        trainImagesPerSecond,
        Parallel.threads(),
        Machine.gemm(),
        out);
  }
}
