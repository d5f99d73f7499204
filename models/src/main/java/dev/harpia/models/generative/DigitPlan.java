package dev.harpia.models.generative;

import dev.harpia.models.data.DigitData;

/** What a run of a lab of generated digits is to train: the settings of one kind of model. */
public interface DigitPlan {
  /** The lab's name on the command line. */
  String lab();

  /** The model's name in tables. */
  String name();

  /** The report's title. */
  String title();

  /** The settings on one line. */
  String describe();

  /** What fixes everything random. */
  long seed();

  /** A model with fresh weights that is to learn from these digits. */
  DigitArtist artist(DigitData digits);
}
