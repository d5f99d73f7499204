package dev.harpia.nn.plan;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Shape;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers single requests of many threads into batches: a batch runs when it is full, or when its
 * first request has waited for a time; while a batch runs, the next one gathers. There is no thread
 * of its own: the caller whose request opens a batch runs it for all.
 *
 * <pre>{@code
 * try (var batcher = MicroBatcher.of(model, Shape.of(784), 32, Duration.ofNanos(200_000))) {
 *   batcher.run(features, scores); // from any thread
 * }
 * }</pre>
 *
 * <p>For models whose rows do not see each other, as layers in evaluation mode treat them. A row's
 * last bits may depend on the size of its batch, as other kernels serve other sizes. Worth its
 * while where weights are large: reading them once then serves all.
 */
public final class MicroBatcher implements AutoCloseable {
  private final BatchRunner[] runners;
  private final int most;
  private final long delay;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition turn = lock.newCondition();
  private final Condition idle = lock.newCondition();
  private final Deque<Gathering> spare = new ArrayDeque<>();
  private Gathering open;
  private boolean running;
  private boolean closed;
  private int pending;
  private long requests;
  private long batches;

  private MicroBatcher(BatchRunner[] runners, Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("batching: delay " + delay + ": negative");
    }
    this.runners = runners;
    this.delay = delay.toNanos();
    most = runners[runners.length - 1].rows();
    open = new Gathering(most, lock);
    BatchRunner first = runners[0];
    for (BatchRunner r : runners) {
      if (r.inputs() != first.inputs() || r.outputs() != first.outputs()) {
        throw new IllegalArgumentException(
            "batching: rows of " + first + " and of " + r + " differ: one model is wanted");
      }
    }
  }

  /**
   * For a layer and F32 items of a shape. Plans are compiled for 1, 2, 4, … and {@code most} items,
   * each with weights of its own.
   *
   * @param most how many requests a batch has at most
   * @param delay how long the first request of a batch waits for others; zero means no longer than
   *     for the batch before to end
   */
  public static MicroBatcher of(Layer layer, Shape item, int most, Duration delay) {
    return of(n -> Plan.compile(layer, item.insert(0, n)), delay, sizes(most));
  }

  /**
   * For plans of one F32 input and one F32 output whose first dimension is the batch.
   *
   * @param plans gives the plan for a size
   * @param sizes the sizes of batches; a batch in between runs as the next larger one
   */
  public static MicroBatcher of(IntFunction<Plan> plans, Duration delay, int... sizes) {
    if (sizes.length == 0) {
      throw new IllegalArgumentException("batching: no size of batches: at least one is wanted");
    }
    return new MicroBatcher(
        IntStream.of(sizes)
            .distinct()
            .sorted()
            .mapToObj(n -> new BatchRunner(plans.apply(n), n))
            .toArray(BatchRunner[]::new),
        delay);
  }

  /** The sizes 1, 2, 4, … and {@code most}. */
  public static int[] sizes(int most) {
    if (most < 1 || most > 1 << 16) {
      throw new IllegalArgumentException(
          "batching: batches of " + most + ": must be from 1 to 65536");
    }
    int powers = 32 - Integer.numberOfLeadingZeros(most);
    return IntStream.concat(IntStream.range(0, powers).map(i -> 1 << i), IntStream.of(most))
        .toArray();
  }

  /**
   * Computes one item: waits for others, and returns when {@code output} is filled. An interrupt
   * does not end the wait and stays set.
   *
   * @throws IllegalStateException if the batcher is closed or the batch fails
   */
  public void run(float[] input, float[] output) {
    if (input.length != runners[0].inputs() || output.length != runners[0].outputs()) {
      throw new IllegalArgumentException(
          "batching: arrays of %d and %d: the model takes %d numbers and gives %d"
              .formatted(input.length, output.length, runners[0].inputs(), runners[0].outputs()));
    }
    Gathering batch;
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("batching: closed: it takes no more requests");
      }
      pending++;
      requests++;
      batch = open;
      boolean first = batch.add(input, output);
      if (batch.full()) {
        open = next();
      }
      if (first) {
        lead(batch);
      } else {
        batch.awaitDone();
      }
      Throwable failure = batch.failure();
      if (batch.leave()) {
        spare.add(batch);
      }
      if (--pending == 0) {
        idle.signalAll();
      }
      if (failure != null) {
        throw new IllegalStateException("batching: the batch failed: " + failure, failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for others, then for the batch before, and runs; the lock is let go meanwhile. */
  private void lead(Gathering batch) {
    batch.awaitOthers(delay);
    while (running) {
      turn.awaitUninterruptibly();
    }
    running = true;
    batches++;
    if (open == batch) {
      open = next();
    }
    @Nullable Throwable failure = null;
    lock.unlock();
    try {
      runner(batch.count()).run(batch);
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      lock.lock();
      running = false;
      turn.signal();
      batch.done(failure);
    }
  }

  private BatchRunner runner(int count) {
    for (BatchRunner r : runners) {
      if (r.rows() >= count) {
        return r;
      }
    }
    throw new IllegalStateException("batching: " + count + " requests in a batch of " + most);
  }

  private Gathering next() {
    Gathering batch = spare.poll();
    return batch != null ? batch : new Gathering(most, lock);
  }

  /** How many requests there have been. */
  public long requests() {
    lock.lock();
    try {
      return requests;
    } finally {
      lock.unlock();
    }
  }

  /** How many batches they made. */
  public long batches() {
    lock.lock();
    try {
      return batches;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more requests, and returns when those that are in have been answered. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      while (pending > 0) {
        idle.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "MicroBatcher of up to " + most + " requests, " + delay / 1000 + " µs";
  }
}
