package dev.harpia.simd;

/** The library's one pool of threads. */
public final class Parallel {
  /** Work that falls into numbered, independent pieces. */
  @FunctionalInterface
  public interface Task {
    /** Does piece {@code index}. */
    void run(int index);
  }

  private Parallel() {}

  /** How many threads take part in a parallel region that the calling thread starts. */
  public static int threads() {
    return 1;
  }

  /**
   * Runs pieces 0 … count−1, in any order, on the pool and the calling thread; returns when all are
   * done.
   */
  public static void run(int count, Task task) {
    for (int i = 0; i < count; i++) {
      task.run(i);
    }
  }
}
