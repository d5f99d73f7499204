package dev.harpia.simd;

/**
 * Softmax and log-softmax over one axis of [outer, axis, inner], forward and backward.
 *
 * <p>y = e^(x − max x) / Σ e^(x − max x), and log y. A row of −∞ only, and a row that holds NaN or
 * +∞, gives NaN, as PyTorch does. Probabilities below 2^−126 become zero.
 */
public final class Softmax {
  private static final Job.Body ROWS =
      (job, from, to) -> {
        if (RowExpAhead.suits(job.n)) {
          rowsAhead(job.a, job.b, job.n, from, to);
          return;
        }
        for (long r = from; r < to; r++) {
          row(job.a + 4 * r * job.n, job.b + 4 * r * job.n, job.n);
        }
      };
  private static final Job.Body LOG_ROWS =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          logRow(job.a + 4 * r * job.n, job.b + 4 * r * job.n, job.n);
        }
      };
  private static final Job.Body BACKWARD_ROWS =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          long o = 4 * r * job.n;
          float s = (float) RowSums.dot(job.b + o, job.c + o, job.n);
          RowMaps.softmaxGradient(job.a + o, job.c + o, job.b + o, job.n, s, job.add);
        }
      };
  private static final Job.Body LOG_BACKWARD_ROWS =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          long o = 4 * r * job.n;
          float s = (float) RowSums.sum(job.b + o, job.n);
          RowExpGradients.logSoftmaxGradient(job.a + o, job.b + o, job.c + o, job.n, s, job.add);
        }
      };

  /** Rows that {@link FirstCalls} does, or so, if they are short. */
  private static final int FIRST = 16;

  private static final int FIRST_LENGTH = 256;
  private static int first = FIRST;

  private Softmax() {}

  /** y = softmax(x) along the axis. May work in place. */
  public static void forward(long y, long x, long outer, long axis, long inner) {
    run(y, x, 0, outer, axis, inner, false, false);
  }

  /** y = log softmax(x) along the axis. May work in place. */
  public static void logForward(long y, long x, long outer, long axis, long inner) {
    run(y, x, 0, outer, axis, inner, true, false);
  }

  /** gx = [gx +] y·(gy − Σ gy·y), with y the result of {@link #forward}. */
  public static void backward(
      long gx, long gy, long y, long outer, long axis, long inner, boolean add) {
    run(gx, gy, y, outer, axis, inner, false, add);
  }

  /** gx = [gx +] gy − e^y·Σ gy, with y the result of {@link #logForward}. */
  public static void logBackward(
      long gx, long gy, long y, long outer, long axis, long inner, boolean add) {
    run(gx, gy, y, outer, axis, inner, true, add);
  }

  private static void run(
      long to, long from, long y, long outer, long axis, long inner, boolean log, boolean add) {
    if (axis == 0) {
      return;
    }
    Job job = Job.take();
    job.a = to;
    job.b = from;
    job.c = y;
    job.add = add;
    job.flag = log;
    if (inner == 1) {
      job.n = axis;
      if (y == 0) {
        job.over(outer, 4 * axis, log ? LOG_ROWS : ROWS);
      } else {
        job.over(outer, 4 * axis, log ? LOG_BACKWARD_ROWS : BACKWARD_ROWS);
      }
    } else {
      SoftmaxColumns.run(job, outer, axis, inner);
    }
    job.free();
  }

  private static void row(long y, long x, long n) {
    if (first > 0 && n <= FIRST_LENGTH) {
      first--;
      FirstCalls.softmaxRow(y, x, (int) n);
      return;
    }
    double sum = RowExp.exp(y, x, n, RowExtremes.maxOfNumbers(x, n));
    RowMaps.scaleBy(y, y, n, (float) (1 / sum), false);
  }

  /** The last row looks ahead to itself, which is as good as any. */
  private static void rowsAhead(long y, long x, long n, long from, long to) {
    Scratch scratch = Scratch.acquire(Vectors.BYTES);
    long most = scratch.address();
    float max = RowExtremes.maxOfNumbers(x + 4 * from * n, n);
    for (long r = from; r < to; r++) {
      long o = 4 * r * n;
      long next = r + 1 < to ? o + 4 * n : o;
      float sum = RowExpAhead.exp(y + o, x + o, n, max, x + next, most);
      RowMaps.scaleBy(y + o, y + o, n, (float) (1 / (double) sum), false);
      max = RowExpAhead.largest(most);
    }
    scratch.keep();
    scratch.release();
  }

  private static void logRow(long y, long x, long n) {
    float max = RowExtremes.maxOfNumbers(x, n);
    float log = (float) StrictMath.log(RowExp.sum(x, n, max));
    RowMaps.shiftBy(y, x, n, max, log, false);
  }
}
