package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * One row against a weight matrix that was brought into the kernel's order beforehand: {@code y =
 * act(x·Wᵀ + b)} with x [k], W [n, k], for requests of batch 1.
 *
 * <p>The bits are those of {@link Gemv}, which reads W as it lies and has to sum over the lanes for
 * each element of y: here the lanes of a vector are neighbours in y, every lane of Gemv is an
 * accumulator, and its tree over the lanes is a tree over accumulators. W is read from end to end,
 * so the kernel runs at the speed of the second-level cache.
 *
 * <p>Packed: for each vector of y, k (rounded up to whole vectors, with zeros) rows of LANES
 * elements.
 */
public final class PackedRow {
  /** Larger matrices stay as they lie: a second copy would cost more than it gains. */
  private static final long MOST_BYTES = 1 << 28;

  /** From here on two threads, each with its own half in its cache, gain more than they cost. */
  private static final long SHARED_BYTES = 160 << 10;

  private static final int WARM_CALLS = 2000;
  private static final int WARM_TURNS = 16_000;
  private static final SoonC2 ADVICE = new SoonC2("dev/harpia/simd/RowPanelInRegisters*", "*");

  /** What the first calls do without. */
  private static final class Kernel {
    static final RowPanel PANEL = RowPanelEmitter.emit();

    /** Added where there is no bias: unlike 0, −0 changes nothing. */
    static final long NOTHING = Arena.global().allocate(Vectors.BYTES, 64).address();

    static {
      for (int l = 0; l < Vectors.LANES; l++) {
        Vectors.set(NOTHING + 4L * l, -0f);
      }
    }
  }

  private PackedRow() {}

  /** Makes the loop due for compilation, as {@code MicroKernels.warm} does. */
  private static void warm() {
    if (System.getProperty("java.vm.info", "").contains("interpreted")) {
      return;
    }
    long chunk = (long) Vectors.LANES * Vectors.BYTES;
    Scratch scratch = Scratch.acquire(3 * chunk);
    long work = scratch.address();
    Vectors.zero(work, 3 * chunk);
    for (int i = 0; i < WARM_CALLS; i++) {
      // few that compute: an interpreted one takes 0.1 ms, the others nothing
      int chunks = i % 64 == 0 ? 1 : i % 1000 == 999 ? -WARM_TURNS : -1;
      Kernel.PANEL.run(work, work + chunk, chunks, Kernel.NOTHING, 0, work + 2 * chunk);
    }
    scratch.release();
  }

  /** Whether a product of this size is worth packing. */
  public static boolean suits(int m, int n, int k) {
    return m == 1 && n > 1 && k > 0 && 4L * n * k <= MOST_BYTES;
  }

  private static int chunks(int k) {
    return (k + Vectors.LANES - 1) / Vectors.LANES;
  }

  private static long panelBytes(int k) {
    return (long) chunks(k) * Vectors.LANES * Vectors.BYTES;
  }

  /** Bytes of a packed matrix [n, k]. */
  public static long bytes(int n, int k) {
    return panelBytes(k) * ((n + Vectors.LANES - 1) / Vectors.LANES);
  }

  /** Packs the matrix [n, k] at {@code weight}. */
  public static void pack(long weight, int n, int k, long packed) {
    // by way of the heap: an interpreted access to an array takes a tenth of one to memory
    int lanes = Vectors.LANES;
    float[] row = new float[k];
    float[] panel = new float[chunks(k) * lanes * lanes];
    for (int j = 0; j < n; j += lanes) {
      int rows = Math.min(lanes, n - j);
      if (rows < lanes) {
        Arrays.fill(panel, 0);
      }
      for (int r = 0; r < rows; r++) {
        Vectors.copy(weight + 4L * k * (j + r), row);
        interleave(row, panel, r);
      }
      Vectors.copy(panel, packed + j / lanes * panelBytes(k));
    }
  }

  private static void interleave(float[] row, float[] panel, int lane) {
    int at = lane;
    for (float w : row) {
      panel[at] = w;
      at += Vectors.LANES;
    }
  }

  /**
   * Computes y.
   *
   * @param bias n elements, or 0 for none
   * @param relu whether negative results become 0 (NaN stays)
   */
  public static void run(long x, long packed, long bias, boolean relu, int n, int k, long y) {
    int lanes = Vectors.LANES;
    int chunks = chunks(k);
    int whole = n / lanes;
    if (ADVICE.before(whole + 1L, (whole + 1L) * chunks)) {
      warm();
    } else if (ADVICE.pending()) {
      FirstCalls.packedRow(x, packed, bias, relu, n, k, y);
      return;
    }
    float floor = relu ? 0 : Float.NEGATIVE_INFINITY;
    boolean ragged = k % lanes != 0;
    if (!ragged && whole * lanes == n) {
      panels(x, packed, chunks, bias, floor, whole, y);
      return;
    }
    long padded = (long) chunks * Vectors.BYTES;
    Scratch scratch = Scratch.acquire(padded + 2L * Vectors.BYTES);
    long row = x;
    if (ragged) {
      row = scratch.address();
      Vectors.zero(row + padded - Vectors.BYTES, Vectors.BYTES);
      Packing.copy(x, 0, 1, chunks - 1, row, 0);
      elements(x, (chunks - 1) * lanes, k, row);
    }
    panels(row, packed, chunks, bias, floor, whole, y);
    if (whole * lanes < n) {
      long from = scratch.address() + padded;
      long to = from + Vectors.BYTES;
      long done = 4L * whole * lanes;
      int rest = n - whole * lanes;
      if (bias != 0) {
        elements(bias + done, 0, rest, from);
      }
      long panel = packed + whole * panelBytes(k);
      Kernel.PANEL.run(row, panel, chunks, bias == 0 ? Kernel.NOTHING : from, floor, to);
      elements(to, 0, rest, y + done);
    }
    scratch.keep();
    scratch.release();
  }

  private static void panels(
      long x, long packed, int chunks, long bias, float floor, int count, long y) {
    if (count > 1 && count * chunkBytes(chunks) >= SHARED_BYTES) {
      PackedRowTask task = PackedRowTask.POOL.take();
      task.run(x, packed, chunks, bias, floor, count, y);
      PackedRowTask.POOL.give(task);
    } else {
      panels(x, packed, chunks, bias, floor, 0, count, y);
    }
  }

  static long chunkBytes(int chunks) {
    return (long) chunks * Vectors.LANES * Vectors.BYTES;
  }

  /** The vectors {@code first} … {@code end} − 1 of y. */
  static void panels(
      long x, long packed, int chunks, long bias, float floor, int first, int end, long y) {
    long bytes = chunkBytes(chunks);
    for (int j = first; j < end; j++) {
      long at = (long) j * Vectors.BYTES;
      long b = bias == 0 ? Kernel.NOTHING : bias + at;
      Kernel.PANEL.run(x, packed + j * bytes, chunks, b, floor, y + at);
    }
  }

  private static void elements(long from, int first, int end, long to) {
    for (int i = first; i < end; i++) {
      Vectors.set(to + 4L * i, Vectors.get(from + 4L * i));
    }
  }
}
