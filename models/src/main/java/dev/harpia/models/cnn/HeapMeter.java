package dev.harpia.models.cnn;

import dev.harpia.models.run.Machine;
import dev.harpia.nn.train.Callback;
import dev.harpia.nn.train.Event;
import dev.harpia.nn.train.Training;

/**
 * Counts the bytes that the training thread allocates on the Java heap from step to step of an
 * epoch.
 */
final class HeapMeter implements Callback {
  private long first;
  private long perStep = -1;

  @Override
  public void on(Event event, Training training) {
    if (event instanceof Event.StepDone step) {
      long now = Machine.allocatedBytes();
      if (step.batch() == 1) {
        first = now;
      } else if (now >= 0) {
        perStep = (now - first) / (step.batch() - 1);
      }
    }
  }

  /**
   * Bytes per step of the last epoch; −1 where the JVM does not count, or an epoch has one step
   * only.
   */
  long bytesPerStep() {
    return perStep;
  }
}
