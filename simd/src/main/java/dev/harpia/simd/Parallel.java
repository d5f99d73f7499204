package dev.harpia.simd;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The library's one pool of threads: as many as the machine has processors (or {@code
 * -Dharpia.threads}), the caller included.
 *
 * <p>Pieces are claimed one by one, so which thread does which piece varies: a task must give the
 * same result whoever runs its pieces, and callers split work by shape, never by the number of
 * threads. The pool serves one region at a time. A region that starts while another is running, be
 * it nested in a piece or called from another thread, is done by its caller alone: the processors
 * are busy anyway, nothing waits, nothing can deadlock.
 *
 * <p>A region allocates nothing on the heap; callers reuse their task objects.
 */
public final class Parallel {
  /** Work that falls into numbered, independent pieces. */
  @FunctionalInterface
  public interface Task {
    /** Does piece {@code index}. */
    void run(int index);
  }

  /**
   * Long enough to bridge the gap between two operations of a model, short enough to cost nothing.
   */
  private static final long SPIN_NANOS = 30_000;

  /**
   * So many brief calls in quick succession announce more. Many, because a worker that finds no
   * processor of its own takes the caller's for as long as it spins.
   */
  private static final int QUICK = 500;

  private static final Task NOTHING = index -> {};
  private static final ScopedValue<Integer> LIMIT = ScopedValue.newInstance();
  private static final int THREADS = processors();

  private static final AtomicBoolean BUSY = new AtomicBoolean();

  /** Number of the region in the upper half, pieces not yet claimed in the lower half. */
  private static final AtomicLong TICKET = new AtomicLong();

  private static final AtomicInteger FINISHED = new AtomicInteger();
  private static final AtomicReference<@Nullable Throwable> FAILURE = new AtomicReference<>();

  /** The caller, while it sleeps until the last piece is finished. */
  private static final AtomicReference<@Nullable Thread> SLEEPER = new AtomicReference<>();

  /** Workers that sleep, each in its own slot. */
  private static final AtomicReferenceArray<@Nullable Thread> ASLEEP =
      new AtomicReferenceArray<>(THREADS);

  // Of the current region. Written before the ticket is published and constant while pieces remain,
  // so a worker that has claimed a piece always sees the values of that piece's region.
  private static Task task = NOTHING;
  private static int pieces;
  private static int helpers;

  private static boolean started; // guarded by BUSY

  /** When brief work last found its workers asleep, and how often in quick succession. */
  private static long lastBrief;

  private static int quick;

  private Parallel() {}

  private static int processors() {
    Integer wanted = Integer.getInteger("harpia.threads");
    if (wanted == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (wanted < 1 || wanted > 1024) {
      throw new IllegalArgumentException(
          "harpia.threads: " + wanted + ": must be between 1 and 1024");
    }
    return wanted;
  }

  /** How many threads, at most, take part in a parallel region that the calling thread starts. */
  public static int threads() {
    if (Thread.currentThread() instanceof Worker) {
      return 1;
    }
    return LIMIT.isBound() ? Math.min(LIMIT.get(), THREADS) : THREADS;
  }

  /**
   * Runs {@code body} with at most {@code threads} threads in each region that it starts on the
   * calling thread. Results are the same bits for any number.
   */
  public static void limit(int threads, Runnable body) {
    limited(threads).run(body);
  }

  /** As {@link #limit(int, Runnable)}, for a body with a result. */
  public static <R, X extends Throwable> R limit(
      int threads, ScopedValue.CallableOp<? extends R, X> body) throws X {
    return limited(threads).<R, X>call(body);
  }

  private static ScopedValue.Carrier limited(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("limit: " + threads + " threads: must be at least 1");
    }
    return ScopedValue.where(LIMIT, threads);
  }

  /**
   * Runs pieces 0 … count−1, in any order, on the pool and the calling thread; returns when all are
   * done. What a piece throws is thrown here; pieces not begun by then are left out.
   */
  public static void run(int count, Task task) {
    int threads = count < 2 ? 1 : Math.min(threads(), count);
    if (threads == 1 || BUSY.get() || !BUSY.compareAndSet(false, true)) {
      for (int i = 0; i < count; i++) {
        task.run(i);
      }
      return;
    }
    Throwable failure;
    try {
      start();
      failure = region(count, task, threads - 1);
    } finally {
      BUSY.set(false);
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /**
   * As {@link #run}, for work of one or two microseconds, which is less than waking a worker takes:
   * the caller does it alone unless workers are awake. Calls in quick succession wake them, so that
   * requests that follow one another are shared and single ones are not kept waiting.
   */
  static void brief(int count, Task task) {
    if (worthSharing(Math.min(threads(), count) - 1)) {
      run(count, task);
    } else {
      for (int i = 0; i < count; i++) {
        task.run(i);
      }
    }
  }

  /** Races are harmless: they only decide who does the work. */
  private static boolean worthSharing(int helping) {
    if (helping < 1 || BUSY.get()) {
      return false;
    }
    boolean awake = started;
    for (int i = 0; i < helping && awake; i++) {
      awake = ASLEEP.get(i) == null;
    }
    if (awake) {
      return true;
    }
    long now = System.nanoTime();
    quick = now - lastBrief < SPIN_NANOS ? quick + 1 : 0;
    lastBrief = now;
    return quick >= QUICK;
  }

  private static @Nullable Throwable region(int count, Task work, int helping) {
    task = work;
    pieces = count;
    helpers = helping;
    FINISHED.set(0);
    long region = (TICKET.get() >>> 32) + 1;
    TICKET.set(region << 32 | count);
    for (int i = 0; i < helping; i++) {
      Thread worker = ASLEEP.get(i);
      if (worker != null) {
        LockSupport.unpark(worker);
      }
    }
    claim(-1);
    awaitLast();
    task = NOTHING;
    return FAILURE.getAndSet(null);
  }

  /** Claims and runs pieces until none is left; the caller has number −1. */
  private static void claim(int number) {
    int done = 0;
    for (long t = TICKET.get(); (int) t != 0 && number < helpers; t = TICKET.get()) {
      if (!TICKET.compareAndSet(t, t - 1)) {
        Thread.onSpinWait();
        continue;
      }
      done++;
      if (FAILURE.get() == null) {
        try {
          task.run(pieces - (int) t);
        } catch (Throwable e) {
          FAILURE.compareAndSet(null, e);
        }
      }
    }
    if (done > 0) {
      int all = pieces; // the region cannot end before the next line
      if (FINISHED.addAndGet(done) == all) {
        Thread sleeper = SLEEPER.get();
        if (sleeper != null) {
          LockSupport.unpark(sleeper);
        }
      }
    }
  }

  private static void awaitLast() {
    if (spin(-1)) {
      return;
    }
    SLEEPER.set(Thread.currentThread());
    boolean interrupted = false;
    while (FINISHED.get() != pieces) {
      LockSupport.park(TICKET);
      interrupted |= Thread.interrupted(); // park returns at once while the flag is set
    }
    SLEEPER.set(null);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Spins for a bounded time; whether what the thread with this number waits for has come. */
  private static boolean spin(int number) {
    long start = System.nanoTime();
    do {
      for (int i = 0; i < 64; i++) {
        if (number < 0 ? FINISHED.get() == pieces : work(number)) {
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() - start < SPIN_NANOS);
    return false;
  }

  private static boolean work(int number) {
    return (int) TICKET.get() != 0 && number < helpers;
  }

  private static void start() {
    if (!started) {
      for (int i = 0; i < THREADS - 1; i++) {
        new Worker(i).start();
      }
      started = true;
    }
  }

  private static final class Worker extends Thread {
    private final int number;

    Worker(int number) {
      super(null, null, "harpia-" + (number + 1), 0, false);
      this.number = number;
      setDaemon(true);
    }

    @Override
    public void run() {
      while (true) {
        if (!spin(number)) {
          ASLEEP.set(number, this);
          while (!work(number)) {
            LockSupport.park(TICKET);
            Thread.interrupted(); // a task may have interrupted us; the flag would keep us awake
          }
          ASLEEP.set(number, null);
        }
        claim(number);
      }
    }
  }
}
