package dev.harpia.nn.plan;

import dev.harpia.tensor.Tensor;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Lends the workspaces of one plan to any number of threads, platform or virtual, at most a fixed
 * number at a time: memory is bounded by the size, whatever the number of callers. Results are the
 * same bits for any number of callers.
 *
 * <pre>{@code
 * try (var lease = pool.borrow()) {
 *   lease.input().copyFrom(features);
 *   lease.run();
 *   lease.output().copyTo(scores);
 * }
 * }</pre>
 *
 * <p>Workspaces are made when first needed, and the one given back last is lent first, as its
 * memory is still in cache. A caller that need not wait allocates nothing on the Java heap.
 */
public final class WorkspacePool implements AutoCloseable {
  /** More than can ever wait: wakes everyone. */
  private static final int ALL = 1 << 30;

  private final Plan plan;
  private final int size;
  private final BackPressure policy;
  private final Semaphore permits;
  private final FreeList free;
  private final @Nullable Lease[] leases;
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger lent = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder borrowed = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder waited = new LongAdder();
  private final Object returns = new Object();
  private volatile boolean closed;

  WorkspacePool(Plan plan, int size, BackPressure policy) {
    if (size < 1 || size > 1 << 16) {
      throw new IllegalArgumentException("pool: size " + size + ": must be from 1 to 65536");
    }
    this.plan = plan;
    this.size = size;
    this.policy = policy;
    permits = new Semaphore(size);
    free = new FreeList(size);
    leases = new Lease[size];
  }

  /**
   * A workspace for the calling thread alone, until it closes the lease.
   *
   * @throws PoolBusyException if none is free within the bounds of the pool's {@link BackPressure}
   * @throws IllegalStateException if the pool is closed, or the thread is interrupted while it
   *     waits
   */
  public Lease borrow() {
    if (!permits.tryAcquire()) {
      await();
    }
    lent.incrementAndGet(); // before the look at closed: awaitReturns must not miss this caller
    if (closed) {
      returned();
      throw closed();
    }
    int index = free.take(); // there is one: no more than size callers hold a permit
    Lease lease = leases[index];
    if (lease == null) {
      lease = make(index);
    }
    lease.owner = Thread.currentThread();
    borrowed.increment();
    return lease;
  }

  private Lease make(int index) {
    boolean done = false;
    try {
      Lease lease = new Lease(index, plan.newWorkspace());
      leases[index] = lease;
      made.incrementAndGet();
      done = true;
      return lease;
    } finally {
      if (!done) { // no memory for it: the next caller may have more luck
        giveBack(index);
      }
    }
  }

  private void await() {
    if (closed) {
      throw closed();
    }
    int others = waiting.getAndIncrement();
    long start = System.nanoTime();
    try {
      long patience = policy.patience().toNanos();
      if (others >= policy.queue() || !permits.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
        refused.increment();
        throw new PoolBusyException(
            "pool: all "
                + size
                + " workspaces are in use and "
                + others
                + " other callers wait (back-pressure: "
                + policy
                + "): send fewer requests at a time, or make the pool larger or more patient");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("pool: interrupted while waiting for a workspace", e);
    } finally {
      waiting.decrementAndGet();
      waited.add(System.nanoTime() - start);
    }
  }

  private void giveBack(int index) {
    free.give(index);
    permits.release();
    returned();
  }

  private void returned() {
    if (lent.decrementAndGet() == 0 && closed) {
      synchronized (returns) {
        returns.notifyAll();
      }
    }
  }

  /** Runs a plan of one input and one output on arrays. */
  public void run(float[] input, float[] output) {
    try (Lease lease = borrow()) {
      lease.input().copyFrom(input);
      lease.run();
      lease.output().copyTo(output);
    }
  }

  // ---- closing

  /**
   * Lends no more: who asks or waits gets an {@link IllegalStateException}. Leases that are out
   * stay valid until they are closed. Closing twice does nothing.
   */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      permits.release(ALL);
    }
  }

  /** Whether it has been closed. */
  public boolean isClosed() {
    return closed;
  }

  /** Waits until all leases are back, at most for a time; whether they are. For a closed pool. */
  public boolean awaitReturns(Duration most) throws InterruptedException {
    if (!closed) {
      throw new IllegalStateException("pool: close it before waiting for what it has lent");
    }
    long deadline = System.nanoTime() + most.toNanos();
    synchronized (returns) {
      for (long left = most.toNanos(); lent.get() > 0 && left > 0; ) {
        returns.wait(Math.max(1, left / 1_000_000));
        left = deadline - System.nanoTime();
      }
      return lent.get() == 0;
    }
  }

  private IllegalStateException closed() {
    return new IllegalStateException(
        "pool: closed: it lends no more workspaces of " + plan + "; make a new one with plan.pool");
  }

  // ---- figures

  /** The plan. */
  public Plan plan() {
    return plan;
  }

  /** How many workspaces there are at most. */
  public int size() {
    return size;
  }

  /** How many workspaces have been made. */
  public int made() {
    return made.get();
  }

  /** How many workspaces are lent now. */
  public int inUse() {
    return lent.get();
  }

  /** How many callers wait now. */
  public int waiting() {
    return waiting.get();
  }

  /** How many times a workspace was lent. */
  public long borrowed() {
    return borrowed.sum();
  }

  /** How many callers were refused. */
  public long refused() {
    return refused.sum();
  }

  /** How long callers have waited, together. */
  public Duration waited() {
    return Duration.ofNanos(waited.sum());
  }

  @Override
  public String toString() {
    return "WorkspacePool of "
        + size
        + (closed ? ", closed" : "")
        + ", "
        + inUse()
        + " in use, "
        + waiting()
        + " callers waiting";
  }

  /**
   * A workspace lent to the thread that borrowed it, which gives it back with {@link #close}. Using
   * it after that, or from another thread, is an exception.
   */
  public final class Lease implements AutoCloseable {
    private final int index;
    private final Plan.Workspace workspace;
    private @Nullable Thread owner;

    private Lease(int index, Plan.Workspace workspace) {
      this.index = index;
      this.workspace = workspace;
    }

    private Plan.Workspace mine() {
      if (!Thread.currentThread().equals(owner)) {
        throw new IllegalStateException(
            "lease: used after it was closed, or by another thread than the one that borrowed it:"
                + " borrow a workspace where it is used");
      }
      return workspace;
    }

    /** The only input. */
    public Tensor input() {
      return mine().input();
    }

    /** An input by name. */
    public Tensor input(String name) {
      return mine().input(name);
    }

    /** The only output; valid until the next run, or until the lease is closed. */
    public Tensor output() {
      return mine().output();
    }

    /** An output by name; valid until the next run, or until the lease is closed. */
    public Tensor output(String name) {
      return mine().output(name);
    }

    /** Computes the outputs from the inputs. */
    public void run() {
      mine().run();
    }

    /** Gives the workspace back; closing twice is an exception if it has been lent again since. */
    @Override
    public void close() {
      if (owner != null) {
        mine();
        owner = null;
        giveBack(index);
      }
    }
  }
}
