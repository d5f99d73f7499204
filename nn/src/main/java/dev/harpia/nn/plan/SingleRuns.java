package dev.harpia.nn.plan;

import java.util.concurrent.Semaphore;

/** Requests that run one by one, as many at a time as there are processors; the others wait. */
final class SingleRuns implements AutoCloseable {
  private final Semaphore turns;
  private final WorkspacePool pool;

  SingleRuns(Plan plan) {
    int processors = Runtime.getRuntime().availableProcessors();
    turns = new Semaphore(processors);
    pool = plan.pool(processors);
  }

  /** An interrupt does not end the wait and stays set, unlike in the pool, where nobody waits. */
  void run(float[] input, float[] output) {
    turns.acquireUninterruptibly();
    try {
      pool.run(input, output);
    } finally {
      turns.release();
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
