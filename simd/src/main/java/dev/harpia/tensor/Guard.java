package dev.harpia.tensor;

import dev.harpia.simd.Vectors;

/**
 * Debugging aids under {@code -Dharpia.guard=true}: canaries after every tensor, NaN over released
 * memory, places in messages.
 */
final class Guard {
  static final boolean ON = Boolean.getBoolean("harpia.guard");

  /** With {@code -Dharpia.check=nan} the first operation that produces a NaN is an exception. */
  static final boolean CHECK_NAN = "nan".equals(System.getProperty("harpia.check"));

  /** Bytes of canary after a tensor's padding. */
  static final long BYTES = ON ? 64 : 0;

  private static final int CANARY = 0x7fc0dead;
  private static final int STALE = 0x7fc0ffee;

  private Guard() {}

  /** The first frame outside this package. */
  static String caller() {
    String own = Guard.class.getPackageName();
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(
                        f ->
                            !f.getClassName().startsWith(own + ".")
                                || f.getClassName().endsWith("Test"))
                    .findFirst()
                    .map(f -> f.toStackTraceElement().toString())
                    .orElse("unknown place"));
  }

  static void arm(long address) {
    for (long o = 0; o < BYTES; o += 4) {
      Vectors.setInt(address + o, CANARY);
    }
  }

  static void verify(long address, String what) {
    for (long o = 0; o < BYTES; o += 4) {
      if (Vectors.getInt(address + o) != CANARY) {
        throw new IllegalStateException(
            what + ": memory after a tensor was overwritten at byte +" + o);
      }
    }
  }

  static void poison(long address, long bytes) {
    for (long o = 0; o + 4 <= bytes; o += 4) {
      Vectors.setInt(address + o, STALE);
    }
  }
}
