package dev.harpia.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * When a warm-up may end: some time after the last call that was clearly faster, or allocated
 * clearly less, than all before. Vector code that is not compiled yet boxes every vector on the
 * heap, so calls that allocate much are not warm, however long the compiler takes on a busy
 * machine; but patience has an end.
 */
public final class Settling {
  private static final int PATIENCE = 20;

  private static final @Nullable ThreadMXBean THREADS =
      ManagementFactory.getThreadMXBean() instanceof ThreadMXBean b ? b : null;

  private final long span;
  private final double usualBytes;
  private final long begin = System.nanoTime();
  private long quiet;
  private double bestNanos = Double.MAX_VALUE;
  private double bestBytes = Double.MAX_VALUE;

  /**
   * A warm-up of at least {@code seconds}.
   *
   * @param usualBytes a warm call allocates no more than this
   */
  public Settling(double seconds, double usualBytes) {
    span = (long) (1e9 * seconds);
    quiet = begin + span;
    this.usualBytes = usualBytes;
  }

  /** Whether to go on after a call of this time that allocated this much. */
  public boolean goOn(double nanos, double bytes) {
    long now = System.nanoTime();
    if (nanos < 0.9 * bestNanos || bytes < 0.9 * bestBytes - 64) {
      quiet = now + span;
    }
    bestNanos = Math.min(bestNanos, nanos);
    bestBytes = Math.min(bestBytes, bytes);
    return (now < quiet || bytes > usualBytes) && now - begin < PATIENCE * span;
  }

  /** Heap bytes that the calling thread has allocated so far. */
  public static long allocatedBytes() {
    return THREADS == null ? 0 : THREADS.getCurrentThreadAllocatedBytes();
  }
}
