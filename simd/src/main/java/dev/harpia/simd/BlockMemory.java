package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * A position in a broadcast and the memory in which short rows of stretched inputs are laid out.
 */
final class BlockMemory {
  private static final ObjectPool<BlockMemory> POOL = new ObjectPool<>(BlockMemory::new);

  /** Room for the longest block and for whole vectors. */
  private static final long BYTES = 2L * Float.BYTES * BroadcastTask.BLOCK + 256;

  /** Elements from each input's start to its part of the current row. */
  final long[] offset = new long[Kernel.ADDRESSES];

  private final MemorySegment memory = Arena.ofAuto().allocate(Kernel.ADDRESSES * BYTES, 64);
  private int[] coordinates = new int[8];

  static BlockMemory take() {
    return POOL.take();
  }

  void give() {
    POOL.give(this);
  }

  /** Where input i's block is. */
  long block(int i) {
    return memory.address() + i * BYTES;
  }

  /** Goes to a row. */
  void seek(Broadcast plan, long row) {
    int outer = plan.dims.length - 1;
    if (coordinates.length < outer) {
      coordinates = new int[outer];
    }
    Arrays.fill(offset, 0);
    long rest = row;
    for (int d = outer - 1; d >= 0; d--) {
      coordinates[d] = (int) (rest % plan.dims[d]);
      rest /= plan.dims[d];
      for (int i = 0; i < plan.strides.length; i++) {
        offset[i] += (long) coordinates[d] * plan.strides[i][d];
      }
    }
  }

  /** Goes to the next row. */
  void nextRow(Broadcast plan) {
    for (int d = plan.dims.length - 2; d >= 0; d--) {
      boolean more = ++coordinates[d] < plan.dims[d];
      int steps = more ? 1 : 1 - plan.dims[d];
      for (int i = 0; i < plan.strides.length; i++) {
        offset[i] += (long) steps * plan.strides[i][d];
      }
      if (more) {
        return;
      }
      coordinates[d] = 0;
    }
  }

  /** Lays out the inputs that repeat, once for all blocks. */
  void tile(Broadcast plan, int inputs, long[] address, int outputs, long count) {
    for (int i = 0; i < inputs; i++) {
      if (plan.access[i] == Broadcast.Access.PERIODIC) {
        long base = address[outputs + i];
        int period = plan.period(i);
        copy(base, block(i), (int) Math.min(period, count));
        for (long done = period; done < count; done *= 2) {
          copy(block(i), block(i) + Float.BYTES * done, (int) Math.min(done, count - done));
        }
      }
    }
  }

  /** Lays out the next rows of the inputs that follow no simple pattern, and moves on. */
  void gather(Broadcast plan, int inputs, long[] address, int outputs, int count) {
    boolean any = false;
    for (int i = 0; i < inputs; i++) {
      any |= plan.access[i] == Broadcast.Access.GATHERED;
    }
    int inner = plan.inner();
    int last = plan.dims.length - 1;
    for (int e = 0; any && e < count; e += inner) {
      for (int i = 0; i < inputs; i++) {
        if (plan.access[i] == Broadcast.Access.GATHERED) {
          long from = address[outputs + i] + Float.BYTES * offset[i];
          long to = block(i) + 4L * e;
          if (plan.strides[i][last] == 0) {
            fill(Vectors.get(from), to, inner);
          } else {
            copy(from, to, inner);
          }
        }
      }
      nextRow(plan);
    }
  }

  /**
   * Whole vectors: what is too much lies in the next row, which is written after this one, or in
   * the slack.
   */
  private static void fill(float value, long to, int count) {
    FloatVector v = FloatVector.broadcast(Vectors.F, value);
    for (long o = 0; o < 4L * count; o += Vectors.BYTES) {
      v.intoMemorySegment(Vectors.ALL, to + o, Vectors.LE);
    }
  }

  private static void copy(long from, long to, int count) {
    if (count >= Vectors.LANES) {
      Vectors.copy(from, to, 4L * count);
    } else {
      for (int i = 0; i < count; i++) {
        Vectors.setInt(to + 4L * i, Vectors.getInt(from + 4L * i));
      }
    }
  }
}
