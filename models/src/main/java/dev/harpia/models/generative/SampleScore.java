package dev.harpia.models.generative;

import dev.harpia.models.run.JsonLine;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How good a set of generated digits is, as a classifier sees it.
 *
 * @param name of the model that drew them
 * @param count how many samples were judged
 * @param confidence the mean probability of the most probable class
 * @param shares the share of samples taken for each class
 * @param frechet the squared Fréchet distance of their features from those of the test set's
 * @param asked the share of samples taken for the class that a conditional model was told
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; two scores are never compared
public record SampleScore(
    String name,
    int count,
    double confidence,
    double[] shares,
    double frechet,
    OptionalDouble asked) {
  /** A class with more of the samples than this counts as one that the model collapsed to. */
  public static final double MOST = 0.25;

  /** How many classes occur. */
  public int classes() {
    return (int) Arrays.stream(shares).filter(share -> share > 0).count();
  }

  /** The share of the commonest class. */
  public double largest() {
    return Arrays.stream(shares).max().orElse(0);
  }

  /** Whether a class is missing, or one has more than {@link #MOST} of the samples. */
  public boolean collapsed() {
    return classes() < shares.length || largest() > MOST;
  }

  /** The score for programs. */
  public JsonLine json() {
    JsonLine json =
        new JsonLine()
            .put("model", name)
            .put("samples", count)
            .put("confidence", confidence)
            .put("classes", classes())
            .put("largest_share", largest())
            .put("collapsed", collapsed())
            .put("frechet", frechet);
    asked.ifPresent(share -> json.put("drawn_as_asked", share));
    return json;
  }

  /** The score for people. */
  public String text() {
    return String.format(
            Locale.ROOT,
            "%s: %d samples, confidence %.1f %%, %d classes, largest share %.1f %%%s, Fréchet"
                + " distance %.2f",
            name,
            count,
            100 * confidence,
            classes(),
            100 * largest(),
            collapsed() ? " (collapsed)" : "",
            frechet)
        + (asked.isEmpty()
            ? ""
            : String.format(
                Locale.ROOT, ", %.1f %% show the digit asked for", 100 * asked.getAsDouble()));
  }
}
