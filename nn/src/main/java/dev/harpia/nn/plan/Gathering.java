package dev.harpia.nn.plan;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A batch that gathers requests, used again and again. It gathers under the batcher's lock; answers
 * are handed out without it, as the threads that are woken would queue up for it one by one.
 */
final class Gathering {
  private static final float[] NONE = {};

  private final float[][] inputs;
  private final float[][] outputs;
  private final @Nullable Thread[] callers;
  private final Condition full;
  private final AtomicInteger left = new AtomicInteger();
  private int count;
  private volatile boolean done;
  private @Nullable Throwable failure; // published by done

  Gathering(int most, ReentrantLock lock) {
    inputs = new float[most][];
    outputs = new float[most][];
    callers = new Thread[most];
    clear(most);
    full = lock.newCondition();
  }

  /** Adds a request, under the lock; whether it is the first. */
  boolean add(float[] input, float[] output) {
    inputs[count] = input;
    outputs[count] = output;
    callers[count] = Thread.currentThread();
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

  /** An interrupt does not end the wait, and stays set. */
  void awaitDone() {
    boolean interrupted = false;
    while (!done) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets all go; only the first, which ran the batch, may call it, and leaves after it. */
  void done(@Nullable Throwable reason) {
    failure = reason;
    done = true;
    for (int i = 1; i < count; i++) {
      LockSupport.unpark(callers[i]);
    }
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /** A request has its answer; whether it was the last, and the batch is as new. */
  boolean leave() {
    int all = count;
    if (left.incrementAndGet() < all) {
      return false;
    }
    clear(all);
    return true;
  }

  private void clear(int rows) {
    Arrays.fill(inputs, 0, rows, NONE); // arrays of callers are theirs again
    Arrays.fill(outputs, 0, rows, NONE);
    Arrays.fill(callers, 0, rows, null);
    count = 0;
    left.set(0);
    done = false;
    failure = null;
  }
}
