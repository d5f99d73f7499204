package dev.harpia.simd;

/**
 * A {@link PackedRow} in pieces. A small one falls into two halves: threads mostly meet their own
 * again, in their cache.
 */
final class PackedRowTask implements Parallel.Task {
  static final ObjectPool<PackedRowTask> POOL = new ObjectPool<>(PackedRowTask::new);

  /** From here on a call takes long enough to wake a sleeping worker for. */
  private static final long LONG_BYTES = 1 << 20;

  private static final long PIECE_BYTES = 1 << 18;
  private static final int MOST_PIECES = 16;

  private long x;
  private long packed;
  private int chunks;
  private long bias;
  private float floor;
  private int count;
  private int pieces;
  private long y;

  private PackedRowTask() {}

  void run(long x, long packed, int chunks, long bias, float floor, int count, long y) {
    this.x = x;
    this.packed = packed;
    this.chunks = chunks;
    this.bias = bias;
    this.floor = floor;
    this.count = count;
    this.y = y;
    long bytes = count * PackedRow.chunkBytes(chunks);
    if (bytes < LONG_BYTES) {
      pieces = 2;
      Parallel.brief(pieces, this);
    } else {
      int wanted = (int) Math.min(MOST_PIECES, bytes / PIECE_BYTES) & -2;
      pieces = Math.min(count, wanted);
      Parallel.run(pieces, this);
    }
  }

  @Override
  public void run(int piece) {
    int first = (int) ((long) piece * count / pieces);
    int end = (int) ((piece + 1L) * count / pieces);
    PackedRow.panels(x, packed, chunks, bias, floor, first, end, y);
  }
}
