package dev.harpia.nn.plan;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Shape;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
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
 * while where weights are large: reading them once then serves all. A model that is seen to answer
 * one request in less than {@value #QUICK_MICROS} µs is not: handing over its answer costs as much
 * as computing it. Its requests then run at once, each in a workspace of its own, without a delay.
 */
public final class MicroBatcher implements AutoCloseable {
  /** What a woken thread costs, or so. */
  private static final int QUICK_MICROS = 20;

  private static final int QUICK_TIMES = 4;

  /** How often a single row is timed where all batches have more, in batches. */
  private static final int PROBE = 64;

  private final BatchRunner[] runners;
  private final int most;
  private final long delay;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition turn = lock.newCondition();
  private final Condition idle = lock.newCondition();
  private final AtomicInteger pending = new AtomicInteger();
  private final LongAdder requests = new LongAdder();
  private final LongAdder batches = new LongAdder();
  private final Deque<Gathering> spare = new ArrayDeque<>();
  private Gathering open;
  private boolean running;
  private int sinceProbe;
  private int quick;
  private volatile @Nullable SingleRuns alone;
  private volatile boolean closed;

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
    pending.incrementAndGet();
    try {
      if (closed) {
        throw new IllegalStateException("batching: closed: it takes no more requests");
      }
      requests.increment();
      SingleRuns single = alone;
      if (single != null) {
        batches.increment();
        single.run(input, output);
      } else {
        gather(input, output);
      }
    } finally {
      if (pending.decrementAndGet() == 0 && closed) {
        signalIdle();
      }
    }
  }

  private void gather(float[] input, float[] output) {
    Gathering batch;
    boolean first;
    lock.lock();
    try {
      batch = open;
      first = batch.add(input, output);
      if (batch.full()) {
        open = next();
      }
      if (first) {
        awaitTurn(batch);
      }
    } finally {
      lock.unlock();
    }
    if (first) {
      lead(batch);
    } else {
      batch.awaitDone();
    }
    Throwable failure = batch.failure();
    if (batch.leave()) {
      keep(batch);
    }
    if (failure != null) {
      throw new IllegalStateException("batching: the batch failed: " + failure, failure);
    }
  }

  /** Waits for others, then for the batch before; under the lock, which is let go meanwhile. */
  private void awaitTurn(Gathering batch) {
    batch.awaitOthers(delay);
    while (running) {
      turn.awaitUninterruptibly();
    }
    running = true;
    if (open == batch) {
      open = next();
    }
  }

  private void lead(Gathering batch) {
    batches.increment();
    @Nullable Throwable failure = null;
    try {
      int count = batch.count();
      BatchRunner runner = runner(count);
      long start = System.nanoTime();
      runner.run(batch);
      if (runner.rows() == 1) {
        timed(System.nanoTime() - start);
      } else if (runners[0].rows() == 1 && ++sinceProbe >= PROBE) {
        timed(runners[0].time());
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      endTurn();
      batch.done(failure);
    }
  }

  private void endTurn() {
    lock.lock();
    try {
      running = false;
      turn.signal();
    } finally {
      lock.unlock();
    }
  }

  private void keep(Gathering batch) {
    lock.lock();
    try {
      spare.add(batch);
    } finally {
      lock.unlock();
    }
  }

  private void signalIdle() {
    lock.lock();
    try {
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes note of how long a single row takes; by whoever is running. */
  private void timed(long nanos) {
    sinceProbe = 0;
    quick = nanos < 1000L * QUICK_MICROS ? quick + 1 : 0;
    if (quick >= QUICK_TIMES && alone == null) {
      alone = runners[0].singly();
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

  /**
   * Runs batches of every size on what their workspaces hold until their kernels are compiled: some
   * seconds. Requests wait meanwhile, so it is for the time before the first.
   *
   * @param most for each size
   * @return whether all were compiled in time
   */
  public boolean warmup(Duration most) {
    lock.lock();
    try {
      while (running) {
        turn.awaitUninterruptibly();
      }
      running = true;
    } finally {
      lock.unlock();
    }
    boolean all = true;
    try {
      for (BatchRunner r : runners) {
        all &= r.warmup(most);
      }
      for (int i = 0; i < QUICK_TIMES && runners[0].rows() == 1; i++) {
        timed(runners[0].time());
      }
    } finally {
      endTurn();
    }
    return all;
  }

  /** Whether requests run one by one, as the model is that quick. */
  boolean alone() {
    return alone != null;
  }

  /** How many requests there have been. */
  public long requests() {
    return requests.sum();
  }

  /** How many batches they made, of one request or more. */
  public long batches() {
    return batches.sum();
  }

  /** Takes no more requests, and returns when those that are in have been answered. */
  @Override
  public void close() {
    closed = true;
    lock.lock();
    try {
      while (pending.get() > 0) {
        idle.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
    SingleRuns single = alone;
    if (single != null) {
      single.close();
    }
  }

  @Override
  public String toString() {
    return "MicroBatcher of up to " + most + " requests, " + delay / 1000 + " µs";
  }
}
