package dev.harpia.simd;

/** Runs a pool, some planes in each piece. */
final class PoolTask implements Parallel.Task {
  enum Kind {
    MAX,
    MAX_VALUES,
    MAX_BACKWARD,
    AVERAGE,
    AVERAGE_BACKWARD
  }

  private static final ThreadLocal<PoolTask> CURRENT = ThreadLocal.withInitial(PoolTask::new);

  /** Pixels of a piece: enough to outweigh handing it to another thread. */
  private static final int PIECE = 16_384;

  private Kind kind = Kind.MAX;
  private PoolWindows windows = new AdaptivePool(0, 1, 1, 1, 1);
  private int planesPerPiece;
  private long inner;
  private long outer;
  private long argmax;
  private boolean accumulate;

  private PoolTask() {}

  /** {@code inner} are the planes [H, W], {@code outer} the planes [OH, OW]. */
  static void run(
      Kind kind, PoolWindows windows, long inner, long outer, long argmax, boolean accumulate) {
    PoolTask task = CURRENT.get();
    task.kind = kind;
    task.windows = windows;
    task.inner = inner;
    task.outer = outer;
    task.argmax = argmax;
    task.accumulate = accumulate;
    long pixels = Math.max(1, (long) windows.h() * windows.w());
    task.planesPerPiece = (int) Math.max(1, PIECE / pixels);
    Parallel.run(Math.ceilDiv(windows.planes(), task.planesPerPiece), task);
  }

  @Override
  public void run(int index) {
    PoolWindows p = windows;
    int first = index * planesPerPiece;
    int last = Math.min(p.planes(), first + planesPerPiece);
    long in = 4L * p.h() * p.w();
    long out = 4L * p.oh() * p.ow();
    boolean places = kind != Kind.MAX_VALUES;
    Scratch scratch = Scratch.acquire(scratchBytes(p) + (places ? 0 : out));
    try {
      for (int i = first; i < last; i++) {
        long arg = places ? argmax + i * out : scratch.address() + scratchBytes(p);
        plane(inner + i * in, outer + i * out, arg, scratch.address());
      }
    } finally {
      scratch.keep();
      scratch.release();
    }
  }

  private static long scratchBytes(PoolWindows p) {
    int margin = p instanceof PoolShape s ? s.margin() : 0;
    return 16L * p.w() + 16L * margin + (long) Vectors.LANES * Vectors.BYTES;
  }

  private void plane(long in, long out, long arg, long scratch) {
    switch (kind) {
      case MAX_VALUES -> {
        if (windows instanceof PoolShape s && s.rowsInVectors()) {
          MaxPoolValues.plane(s, in, out, scratch);
        } else {
          MaxPoolKernels.plane(windows, in, out, arg, scratch);
        }
      }
      case MAX -> {
        if (windows instanceof PoolShape s && s.pairs()) {
          MaxPoolPairs.plane(in, s.w(), out, arg, s.oh(), s.ow());
        } else if (windows instanceof PoolShape s && s.rowsInVectors()) {
          MaxPoolKernels.plane(s, in, out, arg, scratch);
        } else {
          MaxPoolKernels.plane(windows, in, out, arg, scratch);
        }
      }
      case MAX_BACKWARD -> {
        clear(in);
        MaxPoolKernels.scatter(out, arg, in, windows.oh() * windows.ow());
      }
      case AVERAGE -> AveragePoolKernels.plane(windows, in, out, scratch);
      case AVERAGE_BACKWARD -> {
        clear(in);
        AveragePoolKernels.spread(windows, out, in, scratch);
      }
    }
  }

  private void clear(long plane) {
    if (!accumulate) {
      PlaneCopies.clear(plane, (long) windows.h() * windows.w());
    }
  }
}
