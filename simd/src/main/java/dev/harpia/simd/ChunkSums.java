package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;

/** Adds partial results in their order. */
final class ChunkSums implements Parallel.Task {
  private static final ThreadLocal<ChunkSums> CURRENT = ThreadLocal.withInitial(ChunkSums::new);
  private static final long PIECE = 1 << 14;

  private long partials;
  private int chunks;
  private long floats;
  private long to;
  private boolean accumulate;

  private ChunkSums() {}

  static void run(long partials, int chunks, long floats, long to, boolean accumulate) {
    ChunkSums task = CURRENT.get();
    task.partials = partials;
    task.chunks = chunks;
    task.floats = floats;
    task.to = to;
    task.accumulate = accumulate;
    Parallel.run((int) Math.ceilDiv(floats, PIECE), task);
  }

  @Override
  public void run(int index) {
    long first = index * PIECE;
    long last = Math.min(floats, first + PIECE);
    long whole = last - (last - first) % LANES;
    for (long i = first; i < whole; i += LANES) {
      column(partials + 4 * i, 4 * floats, chunks, to + 4 * i, accumulate);
    }
    for (long i = whole; i < last; i++) {
      float sum = Vectors.get(partials + 4 * i);
      for (int c = 1; c < chunks; c++) {
        sum += Vectors.get(partials + 4 * (c * floats + i));
      }
      Vectors.set(to + 4 * i, accumulate ? Vectors.get(to + 4 * i) + sum : sum);
    }
  }

  private static void column(long from, long step, int count, long to, boolean accumulate) {
    FloatVector sum = FloatVector.fromMemorySegment(F, ALL, from, LE);
    for (int c = 1; c < count; c++) {
      sum = sum.add(FloatVector.fromMemorySegment(F, ALL, from + c * step, LE));
    }
    if (accumulate) {
      sum = sum.add(FloatVector.fromMemorySegment(F, ALL, to, LE));
    }
    sum.intoMemorySegment(ALL, to, LE);
  }
}
