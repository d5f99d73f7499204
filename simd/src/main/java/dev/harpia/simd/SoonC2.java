package dev.harpia.simd;

/**
 * Methods that C2 alone shall compile ({@link Compiler#onlyC2}), where the advice is given beside
 * other work: a model's first answer need not wait for it, many calls must.
 */
final class SoonC2 {
  /** Less than half the calls after which the first compiler takes up a method. */
  private static final int INTERPRETED = 48;

  /** And far fewer turns of a loop than make it take up the loop. */
  private static final int SHORT = 1 << 18;

  private final Thread thread;

  /** Calls so far, or so; −1 once the compiler has its advice. */
  private int calls;

  SoonC2(String type, String... methods) {
    String[] patterns = new String[methods.length];
    for (int i = 0; i < methods.length; i++) {
      patterns[i] = type + "." + methods[i];
    }
    thread = Compiler.background(() -> Compiler.onlyC2(patterns));
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
    if (all < INTERPRETED && turns < SHORT) {
      calls = (int) all;
      return false;
    }
    await();
    calls = -1;
    return true;
  }

  private void await() {
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
