package dev.harpia.tensor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.ref.Cleaner;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * All of the library's off-heap memory: every block is allocated here, counted against one limit,
 * and freed by the garbage collector when nothing refers to it.
 */
public final class Budget {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicLong USED = new AtomicLong();
  private static final Map<String, AtomicLong> HOLDERS = new ConcurrentHashMap<>();

  /** Less than any limit that is not set by hand: up to this nobody need look the limit up. */
  private static final long SMALL =
      System.getProperty("harpia.memory.limit") == null ? 64L << 20 : 0;

  /** Looked up when first needed, as asking the machine for its memory takes a while. */
  private static final class Limit {
    static final long BYTES = limit();
  }

  private Budget() {}

  /** Bytes that the library holds off the heap. */
  public static long used() {
    return USED.get();
  }

  /**
   * Bytes that the library may hold: {@code -Dharpia.memory.limit}, or three quarters of the
   * machine's or container's memory.
   */
  public static long limitBytes() {
    return Limit.BYTES;
  }

  /** Allocates zeroed memory for {@code holder}, the name under which a message lists it. */
  static MemorySegment allocate(long bytes, long alignment, String holder) {
    if (!reserve(bytes)) {
      // as the JDK does for direct buffers: unreachable tensors may hold the memory
      System.gc();
      long deadline = System.nanoTime() + 500_000_000L;
      while (!reserve(bytes)) {
        if (System.nanoTime() > deadline) {
          throw exhausted(bytes, holder);
        }
        pause(2);
      }
    }
    AtomicLong held = HOLDERS.computeIfAbsent(holder, h -> new AtomicLong());
    held.addAndGet(bytes);
    MemorySegment segment;
    try {
      segment = Arena.ofAuto().allocate(bytes, alignment);
    } catch (OutOfMemoryError e) {
      release(bytes, held);
      throw exhausted(bytes, holder);
    }
    CLEANER.register(segment, () -> release(bytes, held));
    return segment;
  }

  private static boolean reserve(long bytes) {
    long now = USED.addAndGet(bytes);
    if (now <= SMALL || now <= Limit.BYTES) {
      return true;
    }
    USED.addAndGet(-bytes);
    return false;
  }

  private static void release(long bytes, AtomicLong held) {
    USED.addAndGet(-bytes);
    held.addAndGet(-bytes);
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static OutOfOffHeapMemoryException exhausted(long bytes, String holder) {
    String largest =
        HOLDERS.entrySet().stream()
            .filter(e -> e.getValue().get() > 0)
            .sorted((a, b) -> Long.compare(b.getValue().get(), a.getValue().get()))
            .limit(5)
            .map(e -> e.getKey() + " " + mib(e.getValue().get()))
            .collect(Collectors.joining(", "));
    return new OutOfOffHeapMemoryException(
        "off-heap memory: "
            + mib(bytes)
            + " for "
            + holder
            + " would exceed the limit of "
            + mib(Limit.BYTES)
            + " (in use: "
            + mib(USED.get())
            + (largest.isEmpty() ? "" : "; largest holders: " + largest)
            + "); work inside a Scope so that each step's memory is reused, or raise"
            + " -Dharpia.memory.limit");
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }

  private static long limit() {
    String text = System.getProperty("harpia.memory.limit");
    if (text == null) {
      long total =
          ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
              ? os.getTotalMemorySize()
              : Runtime.getRuntime().maxMemory() * 4;
      return total / 4 * 3;
    }
    return parse(text);
  }

  /** Bytes, or a number followed by k, m or g. */
  static long parse(String text) {
    String s = text.strip().toLowerCase(Locale.ROOT);
    int shift =
        switch (s.isEmpty() ? ' ' : s.charAt(s.length() - 1)) {
          case 'k' -> 10;
          case 'm' -> 20;
          case 'g' -> 30;
          default -> 0;
        };
    try {
      long n = Long.parseLong(shift == 0 ? s : s.substring(0, s.length() - 1));
      if (n > 0 && n <= Long.MAX_VALUE >> shift) {
        return n << shift;
      }
    } catch (NumberFormatException e) {
      // falls through to the message
    }
    throw new IllegalArgumentException(
        "-Dharpia.memory.limit="
            + text
            + ": must be a positive number of bytes, or one followed by k, m or g");
  }
}
