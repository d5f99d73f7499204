package dev.harpia.models.vae;

import dev.harpia.models.run.JsonLine;
import java.util.Locale;

/**
 * The negative evidence lower bound after an epoch, in nats per picture; for training pictures the
 * mean over the epoch.
 */
record VaeEpoch(
    int epoch, double train, double test, double reconstruction, double kl, double seconds) {
  JsonLine json() {
    return new JsonLine()
        .put("epoch", epoch)
        .put("train_nats", train)
        .put("test_nats", test)
        .put("test_reconstruction", reconstruction)
        .put("test_kl", kl);
  }

  String text() {
    return String.format(
        Locale.ROOT,
        "training %.2f nats, test %.2f = %.2f + %.2f",
        train,
        test,
        reconstruction,
        kl);
  }
}
