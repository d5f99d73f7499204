package dev.harpia.models.generative;

import dev.harpia.models.report.Report;
import dev.harpia.models.run.JsonLine;
import dev.harpia.nn.Layer;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.util.function.Consumer;

/** A model that learns to draw digits, as {@link DigitLab} sees it. */
public interface DigitArtist {
  /**
   * What became of an epoch.
   *
   * @param json for programs
   * @param text for people, without the number and the time
   */
  record Progress(int epoch, JsonLine json, String text, double seconds) {}

  /** The layers, as a table. */
  String summary();

  /** The caption of that table. */
  String parts();

  /** What is saved. */
  Layer weights();

  /** How many classes it draws in turn because it is conditional, else 0. */
  int classes();

  /** Trains; {@code each} is told of every epoch when it is over. */
  void learn(Consumer<Progress> each);

  /** Digits [count, 1, 28, 28] from 0 to 1; a conditional model draws the classes in turn. */
  Tensor samples(int count, Rng rng);

  /** Samples for a film of the training, which may be drawn with less care. */
  default Tensor sketches(int count, Rng rng) {
    return samples(count, rng);
  }

  /** What it reached, and with which settings, for programs. */
  void figures(JsonLine json);

  /** What it reached beside what the judge says, for people; empty if nothing. */
  String result();

  /** The run's result in one sentence. */
  String headline(SampleScore score);

  /** How it learned. */
  void curves(Report report) throws IOException;

  /** Samples, and what belongs beside them. */
  void drawings(Report report, Tensor samples) throws IOException;

  /** What can be seen inside the model. */
  void insights(Report report) throws IOException;
}
