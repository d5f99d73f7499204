package dev.harpia.nn.train;

/** What happens in a training run, in order, as {@link Callback}s are told. */
public sealed interface Event {
  /**
   * The run begins, or goes on.
   *
   * @param epoch the epoch that begins, from 0
   * @param epochs the epoch at which it is done
   * @param batches batches in an epoch
   * @param resumed whether it goes on from a checkpoint; callbacks have been restored then
   */
  record Started(long epoch, long epochs, int batches, boolean resumed) implements Event {}

  /**
   * A batch was learned.
   *
   * @param epoch from 0
   * @param batch batches done in this epoch, from 1
   * @param step batches done in all, from 1
   * @param examples in this batch
   * @param loss of this batch
   * @param moved whether the parameters moved; not while gradients accumulate
   */
  record StepDone(long epoch, int batch, long step, int examples, float loss, boolean moved)
      implements Event {}

  /** Validation begins. */
  record ValidationStarted(long epoch, int batches) implements Event {}

  /** A batch was validated; {@code batch} counts from 1. */
  record ValidationStep(long epoch, int batch) implements Event {}

  /** An epoch is done, and validated if there is something to validate with. */
  record EpochDone(EpochResult result) implements Event {}

  /** The run is over: all epochs are done, or a callback has stopped it. */
  record Finished(History history, String reason) implements Event {}
}
