package dev.harpia.simd;

/**
 * Copies of rows: slices, concatenation and broadcasting along an axis. They serve F32 and I32;
 * {@code add} is for F32.
 */
public final class Copies {
  /** Elements of a row that one piece of work takes. */
  private static final long CHUNK = 16384;

  private static final Job.Body BLOCK =
      (job, from, to) -> {
        long chunks = (job.n + CHUNK - 1) / CHUNK;
        for (long i = from; i < to; i++) {
          long start = i % chunks * CHUNK;
          long row = i / chunks;
          RowMaps.copy(
              job.a + 4 * (row * job.c + start),
              job.b + 4 * (row * job.d + start),
              Math.min(CHUNK, job.n - start),
              job.add);
        }
      };
  private static final Job.Body FILL =
      (job, from, to) -> {
        long chunks = (job.n + CHUNK - 1) / CHUNK;
        for (long i = from; i < to; i++) {
          long start = i % chunks * CHUNK;
          long row = i / chunks;
          float value = job.s * Vectors.get(job.b + 4 * row);
          long n = Math.min(CHUNK, job.n - start);
          RowMaps.fill(job.a + 4 * (row * job.n + start), n, value, job.add);
        }
      };
  private static final Job.Body CLEAR =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          Vectors.zero(job.a + 4 * i * CHUNK, 4 * Math.min(CHUNK, job.n - i * CHUNK));
        }
      };
  private static final Job.Body EXPAND =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          long y = job.a + 4 * i * job.n * job.m;
          for (long k = 0; k < job.n; k++) {
            RowMaps.scaleBy(y + 4 * k * job.m, job.b + 4 * i * job.m, job.m, job.s, job.add);
          }
        }
      };
  private static final Job.Body TRIANGLE =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          long edge = Math.clamp(i % job.n + job.k + (job.flag ? 1 : 0), 0, job.m);
          long x = job.b + 4 * i * job.m;
          long y = job.a + 4 * i * job.m;
          if (job.flag) {
            RowMaps.copy(y, x, edge, job.add);
            zero(y + 4 * edge, job.m - edge, job.add);
          } else {
            zero(y, edge, job.add);
            RowMaps.copy(y + 4 * edge, x + 4 * edge, job.m - edge, job.add);
          }
        }
      };

  private Copies() {}

  /**
   * Copies {@code rows} rows of {@code n} elements; strides in elements. A slice of [outer, axis,
   * inner] has the strides count·inner and axis·inner, concatenation and the gradient of a slice
   * the other way round.
   */
  public static void block(
      long y, long yStride, long x, long xStride, long rows, long n, boolean add) {
    if (n == 0) {
      return;
    }
    Job job = Job.take();
    job.a = y;
    job.b = x;
    job.c = yStride;
    job.d = xStride;
    job.n = n;
    job.add = add;
    job.over(rows * ((n + CHUNK - 1) / CHUNK), 2 * Math.min(n, CHUNK), BLOCK);
    job.free();
  }

  /** y = 0. */
  public static void clear(long y, long n) {
    Job job = Job.take();
    job.a = y;
    job.n = n;
    job.over((n + CHUNK - 1) / CHUNK, CHUNK, CLEAR);
    job.free();
  }

  /**
   * y [outer, axis, inner] = [y +] scale·x [outer, 1, inner]: broadcasting, and the gradient of a
   * sum or a mean.
   */
  public static void expand(
      long y, long x, long outer, long axis, long inner, float scale, boolean add) {
    Job job = Job.take();
    job.a = y;
    job.b = x;
    job.n = axis;
    job.m = inner;
    job.s = scale;
    job.add = add;
    if (inner == 1) {
      job.over(outer * ((axis + CHUNK - 1) / CHUNK), Math.min(axis, CHUNK), FILL);
    } else {
      job.over(outer, axis * inner, EXPAND);
    }
    job.free();
  }

  /**
   * y [batch, rows, columns] = [y +] x below and on the diagonal {@code diagonal} (counted
   * upwards), zero above it.
   */
  public static void lowerTriangle(
      long y, long x, long batch, long rows, long columns, long diagonal, boolean add) {
    triangle(y, x, batch, rows, columns, diagonal, true, add);
  }

  /**
   * y [batch, rows, columns] = [y +] x above and on the diagonal {@code diagonal}, zero below it.
   */
  public static void upperTriangle(
      long y, long x, long batch, long rows, long columns, long diagonal, boolean add) {
    triangle(y, x, batch, rows, columns, diagonal, false, add);
  }

  private static void triangle(
      long y,
      long x,
      long batch,
      long rows,
      long columns,
      long diagonal,
      boolean lower,
      boolean add) {
    Job job = Job.take();
    job.a = y;
    job.b = x;
    job.n = rows;
    job.m = columns;
    job.k = diagonal;
    job.flag = lower;
    job.add = add;
    job.over(batch * rows, columns, TRIANGLE);
    job.free();
  }

  private static void zero(long y, long n, boolean add) {
    if (!add) {
      RowMaps.fill(y, n, 0, false);
    }
  }
}
