package dev.harpia.simd;

import org.jspecify.annotations.Nullable;

/**
 * Methods that C2 alone shall compile ({@link Compiler#onlyC2}), where the advice is given beside
 * other work, from some calls on: a model's first answer need neither wait for it nor share the
 * processors with it, many calls must.
 */
final class SoonC2 {
  /** Less than half the calls after which the first compiler takes up a method. */
  private static final int INTERPRETED = 48;

  /** From how many calls on the advice is prepared: a small model's first answer makes fewer. */
  private static final int PREPARED = 40;

  /** And far fewer turns of a loop than make it take up the loop. */
  private static final int SHORT = 1 << 18;

  private final String[] patterns;
  private @Nullable Thread thread;

  /** Calls so far, or so; −1 once the compiler has its advice. */
  private int calls;

  SoonC2(String type, String... methods) {
    patterns = new String[methods.length];
    for (int i = 0; i < methods.length; i++) {
      patterns[i] = type + "." + methods[i];
    }
  }

  /**
   * To be called before so many calls of the methods, whose loops make so many turns.
   *
   * @return whether the compiler has got its advice just now
   */
  boolean before(long more, long turns) {
    if (calls < 0) {
      return false;
    }
    long all = calls + more;
    boolean few = all < INTERPRETED && turns < SHORT;
    if (few) {
      calls = (int) all;
    }
    if (few && all < PREPARED) {
      return false;
    }
    Thread advising = advising();
    if (few) {
      return false;
    }
    await(advising);
    calls = -1;
    return true;
  }

  /** Whether the compiler has no advice yet, so that the methods would be interpreted. */
  boolean pending() {
    return calls >= 0;
  }

  private synchronized Thread advising() {
    if (thread == null) {
      thread = Compiler.background(() -> Compiler.onlyC2(patterns));
    }
    return thread;
  }

  private static void await(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
