package dev.harpia.simd;

import java.util.Arrays;

/**
 * How the inputs of an elementwise operation stretch to its output's shape by the rules of
 * broadcasting, with neighbouring dimensions merged where every input allows it. Immutable: made
 * once per combination of shapes, run any number of times.
 */
public final class Broadcast {
  /** Rows from this length are run one by one; shorter ones in blocks of many rows. */
  private static final int LONG_ROW = 512;

  /** The same where a block costs copies. */
  private static final int LONG_GATHERED_ROW = 4 * Vectors.LANES;

  /** How an input is brought to a block of consecutive output elements. */
  enum Access {
    /** It has the output's shape: read in place. */
    FULL,
    /** One element. */
    SCALAR,
    /** It repeats after a few elements: tiled once for all blocks. */
    PERIODIC,
    /** Anything else: copied for each block. */
    GATHERED
  }

  /** The output's merged dimensions, outermost first; at least one. */
  final int[] dims;

  /**
   * Per input and merged dimension: elements from one index to the next, 0 where it is stretched.
   */
  final int[][] strides;

  final Access[] access;

  /** Elements of the output. */
  final long size;

  /**
   * Elements in a block when rows are short, a multiple of the row; 0 when rows are run one by one.
   */
  final int block;

  /** Inputs that are one element within a row (bit i: input i), respectively within the whole. */
  final int rowMask;

  final int scalarMask;

  private final int inputs;

  private Broadcast(int[] dims, int[][] strides, long size) {
    this.dims = dims;
    this.strides = strides;
    this.size = size;
    this.inputs = strides.length;
    this.access = new Access[inputs];
    int inRow = 0;
    int everywhere = 0;
    int period = inner();
    for (int i = 0; i < inputs; i++) {
      access[i] = classify(i);
      inRow |= strides[i][dims.length - 1] == 0 ? 1 << i : 0;
      everywhere |= access[i] == Access.SCALAR ? 1 << i : 0;
      period = access[i] == Access.PERIODIC ? Math.max(period, period(i)) : period;
    }
    boolean gathered = Arrays.asList(access).contains(Access.GATHERED);
    int longRow = gathered ? LONG_GATHERED_ROW : LONG_ROW;
    this.rowMask = inRow;
    this.scalarMask = everywhere;
    this.block = dims.length == 1 || inner() >= longRow ? 0 : blockOf(period);
  }

  /**
   * The plan for an output of shape {@code out} and inputs of the given shapes, aligned at their
   * last dimensions; the caller has checked that each dimension is the output's or 1.
   */
  public static Broadcast of(int[] out, int[]... inputs) {
    int rank = 0;
    int[] dims = new int[out.length + 1];
    int[][] strides = new int[inputs.length][out.length + 1];
    int[] step = new int[inputs.length];
    Arrays.fill(step, 1);
    long size = 1;
    // from the innermost dimension outwards; merged dimensions are collected in that order
    for (int d = out.length - 1; d >= 0; d--) {
      size *= out[d];
      if (out[d] != 1) {
        int[] stride = new int[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
          int at = d - out.length + inputs[i].length;
          int extent = at < 0 ? 1 : inputs[i][at];
          stride[i] = extent == 1 ? 0 : step[i];
          step[i] *= extent;
        }
        if (rank > 0 && mergeable(stride, strides, dims, rank - 1)) {
          dims[rank - 1] *= out[d];
        } else {
          dims[rank] = out[d];
          for (int i = 0; i < inputs.length; i++) {
            strides[i][rank] = stride[i];
          }
          rank++;
        }
      }
    }
    if (rank == 0) {
      dims[rank++] = 1;
    }
    int[][] reversed = new int[inputs.length][];
    for (int i = 0; i < inputs.length; i++) {
      reversed[i] = reversed(strides[i], rank);
    }
    return new Broadcast(reversed(dims, rank), reversed, size);
  }

  private static boolean mergeable(int[] stride, int[][] strides, int[] dims, int last) {
    for (int i = 0; i < stride.length; i++) {
      int expected = strides[i][last] == 0 ? 0 : strides[i][last] * dims[last];
      if (stride[i] != expected) {
        return false;
      }
    }
    return true;
  }

  private static int[] reversed(int[] a, int count) {
    int[] r = new int[count];
    for (int i = 0; i < count; i++) {
      r[i] = a[count - 1 - i];
    }
    return r;
  }

  /** Elements of a row. */
  int inner() {
    return dims[dims.length - 1];
  }

  /** Elements after which input i repeats: the size of its trailing dimensions. */
  int period(int i) {
    int p = 1;
    for (int d = dims.length - 1; d >= 0 && strides[i][d] == p; d--) {
      p *= dims[d];
    }
    return p;
  }

  private Access classify(int i) {
    if (Arrays.stream(strides[i]).allMatch(s -> s == 0)) {
      // an output of one element has no dimension to tell: in place is right, too
      return Access.SCALAR;
    }
    int p = 1;
    int d = dims.length - 1;
    while (d >= 0 && strides[i][d] == p) {
      p *= dims[d--];
    }
    if (d < 0) {
      return Access.FULL;
    }
    boolean repeats = p > 1 && p <= BroadcastTask.BLOCK;
    for (; d >= 0; d--) {
      repeats &= strides[i][d] == 0;
    }
    return repeats ? Access.PERIODIC : Access.GATHERED;
  }

  /** About a thousand elements: whole periods, whole vectors too where that is not too long. */
  private static int blockOf(int period) {
    int aligned = period;
    while (aligned % Vectors.LANES != 0) {
      aligned *= 2;
    }
    int unit = aligned <= BroadcastTask.BLOCK ? aligned : period;
    return unit * Math.max(1, BroadcastTask.BLOCK / unit);
  }

  /**
   * Runs a kernel whose inputs have the plan's shapes and whose outputs have the output's shape.
   *
   * @param padded whether every output may be written, and every input read, up to the next whole
   *     vector after its end
   */
  public void run(
      Kernel k,
      boolean padded,
      long firstIndex,
      long seed,
      long a0,
      long a1,
      long a2,
      long a3,
      long a4,
      long a5,
      long a6,
      long a7,
      float p0,
      float p1,
      float p2,
      float p3,
      float p4,
      float p5,
      float p6,
      float p7) {
    if (k.inputs() > inputs) {
      throw new IllegalArgumentException(
          k.name() + ": " + k.inputs() + " inputs: the plan has " + inputs);
    }
    if (size == 0) {
      return;
    }
    if (dims.length == 1) {
      Elementwise.run(
          k.broadcast(scalarMask & (1 << k.inputs()) - 1),
          size,
          padded,
          firstIndex,
          seed,
          a0,
          a1,
          a2,
          a3,
          a4,
          a5,
          a6,
          a7,
          p0,
          p1,
          p2,
          p3,
          p4,
          p5,
          p6,
          p7);
      return;
    }
    BroadcastTask task = BroadcastTask.POOL.take();
    task.call.random(firstIndex, seed);
    task.call.addresses(a0, a1, a2, a3, a4, a5, a6, a7);
    task.call.parameters(p0, p1, p2, p3, p4, p5, p6, p7);
    task.start(this, k, padded);
    BroadcastTask.POOL.give(task);
  }

  /** One output, two inputs. */
  public void binary(Kernel k, long out, long x, long y, boolean padded) {
    run(k, padded, 0, 0, out, x, y, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
