package dev.harpia.nn.plan;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A batch that gathers requests; everything under the batcher's lock, and used again and again. */
final class Gathering {
  private static final float[] NONE = {};

  private final float[][] inputs;
  private final float[][] outputs;
  private final Condition full;
  private final Condition finished;
  private int count;
  private int left;
  private boolean done;
  private @Nullable Throwable failure;

  Gathering(int most, ReentrantLock lock) {
    inputs = new float[most][];
    outputs = new float[most][];
    clear(most);
    full = lock.newCondition();
    finished = lock.newCondition();
  }

  /** Adds a request; whether it is the first. */
  boolean add(float[] input, float[] output) {
    inputs[count] = input;
    outputs[count] = output;
    if (++count == inputs.length) {
      full.signal();
    }
    return count == 1;
  }

  boolean full() {
    return count == inputs.length;
  }

  int count() {
    return count;
  }

  float[] input(int row) {
    return inputs[row];
  }

  float[] output(int row) {
    return outputs[row];
  }

  /** Returns when the batch is full, or after a time, or when the thread is interrupted. */
  void awaitOthers(long nanos) {
    try {
      for (long wait = nanos; !full() && wait > 0; ) {
        wait = full.awaitNanos(wait);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void awaitDone() {
    while (!done) {
      finished.awaitUninterruptibly();
    }
  }

  void done(@Nullable Throwable reason) {
    failure = reason;
    done = true;
    finished.signalAll();
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /** A request has its answer; whether it was the last, and the batch is as new. */
  boolean leave() {
    if (++left < count) {
      return false;
    }
    clear(count);
    return true;
  }

  private void clear(int rows) {
    for (int i = 0; i < rows; i++) {
      inputs[i] = NONE; // arrays of callers are theirs again
      outputs[i] = NONE;
    }
    count = 0;
    left = 0;
    done = false;
    failure = null;
  }
}
