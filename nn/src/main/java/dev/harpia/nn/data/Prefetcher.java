package dev.harpia.nn.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Fills one batch at a time on a thread of its own. The thread ends with the epoch, and by itself
 * when nothing was asked for in a while, so that an abandoned iteration leaves nothing behind; it
 * is started again when needed.
 */
final class Prefetcher {
  private static final long IDLE_MILLIS = 500;

  private final int[] order;
  private final long epoch;
  private @Nullable Thread thread;
  private @Nullable BatchBuffer wanted; // null: nothing to do
  private int from;
  private int to;
  private @Nullable Throwable failure;
  private boolean ended;

  Prefetcher(int[] order, long epoch) {
    this.order = order;
    this.epoch = epoch;
  }

  /** Has examples {@code order[from … to)} read into a buffer. */
  synchronized void request(BatchBuffer buffer, int from, int to) {
    wanted = buffer;
    this.from = from;
    this.to = to;
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("harpia-loader").unstarted(this::work);
      thread.start();
    }
    notifyAll();
  }

  /** Waits until the buffer is full; throws what reading it threw. */
  synchronized void await() {
    while (wanted != null && failure == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("loader: interrupted while waiting for a batch", e);
      }
    }
    switch (failure) {
      case null -> {}
      case IOException e -> throw new UncheckedIOException(e);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException("loader: " + e, e);
    }
  }

  /** Ends the thread, and waits until it writes to the buffer no more. */
  synchronized void end() {
    ended = true;
    notifyAll();
    boolean interrupted = false;
    while (thread != null && !thread.equals(Thread.currentThread())) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      while (next()) {
        BatchBuffer buffer = wanted;
        if (buffer != null) {
          buffer.fill(order, from, to, epoch);
        }
        synchronized (this) {
          wanted = null;
          notifyAll();
        }
      }
    } catch (Throwable e) { // whatever a data set throws belongs to whoever takes the batch
      synchronized (this) {
        failure = e;
      }
    } finally {
      synchronized (this) {
        if (Thread.currentThread().equals(thread)) { // else there is a younger one already
          thread = null;
        }
        notifyAll();
      }
    }
  }

  /** Waits for work; false when the thread should end. */
  private synchronized boolean next() throws InterruptedException {
    long deadline = System.nanoTime() + IDLE_MILLIS * 1_000_000;
    while (wanted == null && !ended) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        // Within the lock: a request that comes now finds no thread, and starts one.
        thread = null;
        return false;
      }
      wait(left);
    }
    return !ended;
  }
}
