package dev.harpia.simd;

/**
 * Sums of an expression over elements, in an order fixed by the count alone: the same bits for any
 * number of threads, cold and hot. Stretches of 4096 elements are added up in float32 vectors,
 * their lanes and the stretches in double precision.
 */
public final class Reduction implements Parallel.Task {
  private static final ObjectPool<Reduction> POOL = new ObjectPool<>(Reduction::new);
  private static final int STRETCH = 4096;
  private static final int PIECE = 16384;

  /** Four accumulators hide the latency of additions; longer expressions hide it themselves. */
  private static final int CHEAP = 12;

  private final Arguments call = new Arguments();
  private double[] partial = new double[64];
  private Kernel kernel = KernelCompiler.COPY;
  private long n;
  private long grain;

  private Reduction() {}

  /**
   * The sum over n elements of the expression of a kernel with one output. Addresses and parameters
   * are those of the kernel's inputs.
   */
  public static double sum(
      Kernel k,
      long n,
      long firstIndex,
      long seed,
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
    if (k.outputs() != 1) {
      throw new IllegalArgumentException(k.name() + ": " + k.outputs() + " outputs: a sum has one");
    }
    if (n <= 0) {
      return 0;
    }
    Reduction r = POOL.take();
    r.call.random(firstIndex, seed);
    r.call.addresses(0, a1, a2, a3, a4, a5, a6, a7);
    r.call.parameters(p0, p1, p2, p3, p4, p5, p6, p7);
    double sum = r.start(k, n);
    POOL.give(r);
    return sum;
  }

  /** The sum over n elements, one input. */
  public static double sum(Kernel k, long x, long n) {
    return sum(k, n, 0, 0, x, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** The sum over n elements, two inputs. */
  public static double sum(Kernel k, long x, long y, long n) {
    return sum(k, n, 0, 0, x, y, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  private double start(Kernel k, long count) {
    kernel = k;
    n = count;
    grain = PIECE;
    while ((n + grain - 1) / grain > 1 << 16) {
      grain *= 2;
    }
    int pieces = (int) ((n + grain - 1) / grain);
    if (partial.length < pieces) {
      partial = new double[2 * pieces];
    }
    if (pieces == 1) {
      run(0);
    } else {
      Parallel.run(pieces, this);
    }
    double sum = 0;
    for (int i = 0; i < pieces; i++) {
      sum += partial[i];
    }
    return sum;
  }

  @Override
  public void run(int index) {
    Span span = Span.take();
    long from = index * grain;
    long to = Math.min(from + grain, n);
    double sum = 0;
    for (long e = from; e < to; e += STRETCH) {
      span.move(call, kernel, e);
      sum += stretch(span, e, (int) Math.min(STRETCH, to - e));
    }
    span.give();
    partial[index] = sum;
  }

  private double stretch(Span span, long from, int count) {
    int four = kernel.operations() <= CHEAP ? count & -(4 * Vectors.LANES) : 0;
    int whole = count & -Vectors.LANES;
    double sum = 0;
    if (four > 0) {
      sum = lanes(span, kernel.summing(KernelSpec.Mode.SUM4), from, 0, four);
    }
    if (whole > four) {
      sum += lanes(span, kernel.summing(KernelSpec.Mode.SUM), from, four, whole);
    }
    if (count > whole) {
      long values = span.copyIn(kernel, (long) Float.BYTES * whole, count - whole);
      span.runBlock(kernel, call, from + whole);
      sum += total(values, count - whole);
    }
    return sum;
  }

  private double lanes(Span span, Kernel k, long from, int first, int end) {
    long values = span.sums();
    span.advance(k, (long) Float.BYTES * first, values);
    call.run(k, span.at, (long) Float.BYTES * (end - first), from + first);
    span.advance(k, (long) -Float.BYTES * first, 0);
    return total(values, Vectors.LANES);
  }

  private static double total(long values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Vectors.get(values + 4L * i);
    }
    return sum;
  }
}
