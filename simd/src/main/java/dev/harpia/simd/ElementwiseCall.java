package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The state of one elementwise run: reused by its thread, so that a run allocates nothing. */
final class ElementwiseCall implements Parallel.Task {
  private static final ThreadLocal<ElementwiseCall> CALLS =
      ThreadLocal.withInitial(ElementwiseCall::new);
  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  /** One vector per address, for the elements beyond the last whole vector. */
  private static final class Scratch {
    /** Keeps the memory alive. */
    final MemorySegment segment =
        Arena.ofAuto().allocate((long) Kernel.ADDRESSES * Vectors.BYTES, Vectors.BYTES);

    long block(int i) {
      return segment.address() + (long) i * Vectors.BYTES;
    }
  }

  private boolean busy;
  private Kernel kernel = None.KERNEL;
  private long n;
  private boolean padded;
  private long firstIndex;
  private long seed;
  private long grain;
  private long a0;
  private long a1;
  private long a2;
  private long a3;
  private long a4;
  private long a5;
  private long a6;
  private long a7;
  private float p0;
  private float p1;
  private float p2;
  private float p3;
  private float p4;
  private float p5;
  private float p6;
  private float p7;

  /**
   * This thread's call; a new one if that is in use, which happens only inside another run's piece.
   */
  static ElementwiseCall take() {
    ElementwiseCall call = CALLS.get();
    if (call.busy) {
      call = new ElementwiseCall();
    }
    call.busy = true;
    return call;
  }

  void giveBack() {
    busy = false;
  }

  void set(Kernel k, long count, boolean whole, long index, long randomSeed) {
    kernel = k;
    n = count;
    padded = whole;
    firstIndex = index;
    seed = randomSeed;
  }

  void addresses(long b0, long b1, long b2, long b3, long b4, long b5, long b6, long b7) {
    a0 = b0;
    a1 = b1;
    a2 = b2;
    a3 = b3;
    a4 = b4;
    a5 = b5;
    a6 = b6;
    a7 = b7;
  }

  void parameters(float q0, float q1, float q2, float q3, float q4, float q5, float q6, float q7) {
    p0 = q0;
    p1 = q1;
    p2 = q2;
    p3 = q3;
    p4 = q4;
    p5 = q5;
    p6 = q6;
    p7 = q7;
  }

  void split(int elementsPerPiece) {
    grain = elementsPerPiece;
    long pieces = (n + grain - 1) / grain;
    if (pieces == 1 || Parallel.threads() == 1) {
      piece(0, n);
    } else {
      while (pieces > Integer.MAX_VALUE) {
        grain *= 2;
        pieces = (n + grain - 1) / grain;
      }
      Parallel.run((int) pieces, this);
    }
  }

  @Override
  public void run(int index) {
    long from = index * grain;
    piece(from, Math.min(grain, n - from));
  }

  private void piece(long from, long count) {
    long whole = padded ? count : count & -Vectors.LANES;
    if (whole > 0) {
      loop(from, 4 * whole);
    }
    if (whole < count) {
      remainder(from + whole, (int) (count - whole));
    }
  }

  /** 4·from where the operand advances, 0 where it is one element for all. */
  private long at(int address, long from) {
    int input = address - kernel.outputs();
    return input >= 0 && (kernel.spec().broadcast() >> input & 1) != 0 ? 0 : 4 * from;
  }

  private void loop(long from, long bytes) {
    kernel.run(
        a0 + at(0, from),
        a1 + at(1, from),
        a2 + at(2, from),
        a3 + at(3, from),
        a4 + at(4, from),
        a5 + at(5, from),
        a6 + at(6, from),
        a7 + at(7, from),
        bytes,
        firstIndex + from,
        seed,
        p0,
        p1,
        p2,
        p3,
        p4,
        p5,
        p6,
        p7);
  }

  /** The same kernel over copies of the last elements: nothing beyond them is read or written. */
  private void remainder(long from, int count) {
    Scratch s = SCRATCH.get();
    long b0 = copyIn(s, 0, a0, from, count);
    long b1 = copyIn(s, 1, a1, from, count);
    long b2 = copyIn(s, 2, a2, from, count);
    long b3 = copyIn(s, 3, a3, from, count);
    long b4 = copyIn(s, 4, a4, from, count);
    long b5 = copyIn(s, 5, a5, from, count);
    long b6 = copyIn(s, 6, a6, from, count);
    long b7 = copyIn(s, 7, a7, from, count);
    kernel.run(
        b0,
        b1,
        b2,
        b3,
        b4,
        b5,
        b6,
        b7,
        Vectors.BYTES,
        firstIndex + from,
        seed,
        p0,
        p1,
        p2,
        p3,
        p4,
        p5,
        p6,
        p7);
    copyOut(s, 0, a0, from, count);
    copyOut(s, 1, a1, from, count);
    copyOut(s, 2, a2, from, count);
    copyOut(s, 3, a3, from, count);
    copyOut(s, 4, a4, from, count);
    copyOut(s, 5, a5, from, count);
    copyOut(s, 6, a6, from, count);
  }

  private long copyIn(Scratch s, int address, long base, long from, int count) {
    int outputs = kernel.outputs();
    if (address >= outputs + kernel.inputs()) {
      return 0;
    }
    if (address >= outputs && (kernel.spec().broadcast() >> (address - outputs) & 1) != 0) {
      return base;
    }
    long block = s.block(address);
    if (address >= outputs || kernel.spec().mode() == KernelSpec.Mode.ACCUMULATE) {
      copy(base + 4 * from, block, count);
    }
    return block;
  }

  private void copyOut(Scratch s, int address, long base, long from, int count) {
    if (address < kernel.outputs()) {
      copy(s.block(address), base + 4 * from, count);
    }
  }

  /** As integers, which no load or store can change. */
  private static void copy(long from, long to, int count) {
    for (int i = 0; i < count; i++) {
      Vectors.setInt(to + 4L * i, Vectors.getInt(from + 4L * i));
    }
  }

  /** Stands in where no kernel has been set yet. */
  private static final class None {
    static final Kernel KERNEL = KernelCompiler.compile("copy", dev.harpia.tensor.Expr.x(0));
  }
}
