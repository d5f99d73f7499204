package dev.harpia.simd;

/**
 * Reads and adds by I32 indices along the middle axis of [outer, axis, inner]. An embedding table
 * [V, D] is [1, V, D].
 *
 * <p>Contributions to one place are added in the order of the indices, whatever the number of
 * threads. Indices are checked beforehand with {@link #firstBad}.
 */
public final class Gather {
  private static final long CHUNK = 256;

  /** Into how many parts a scatter to few columns splits the places along the axis. */
  private static final long PARTS = 4;

  private static final Job.Body SELECT =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          long at = i / job.l * job.n + Vectors.getInt(job.c + 4 * (i % job.l));
          RowMaps.copy(job.a + 4 * i * job.m, job.b + 4 * at * job.m, job.m, job.add);
        }
      };
  private static final Job.Body INDEX_ADD =
      (job, from, to) -> {
        long chunks = (job.m + CHUNK - 1) / CHUNK;
        for (long i = from; i < to; i++) {
          long part = i % job.k;
          long column = i / job.k % chunks * CHUNK;
          long o = i / job.k / chunks;
          long y = job.a + 4 * (o * job.n * job.m + column);
          long x = job.b + 4 * (o * job.l * job.m + column);
          addRows(job, y, x, Math.min(CHUNK, job.m - column), part);
        }
      };
  private static final Job.Body TAKE =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          take(job, i);
        }
      };
  private static final Job.Body SCATTER =
      (job, from, to) -> {
        for (long o = from; o < to; o++) {
          scatter(job, o);
        }
      };
  private static final Job.Body ZERO =
      (job, from, to) -> Vectors.zero(job.a + 4 * from, 4 * (to - from));

  private Gather() {}

  /** The first position whose index is not in [0, limit); −1 if all are. */
  public static long firstBad(long indices, long n, int limit) {
    for (long i = 0; i < n; i++) {
      int index = Vectors.getInt(indices + 4 * i);
      if (index < 0 || index >= limit) {
        return i;
      }
    }
    return -1;
  }

  /**
   * y [outer, count, inner] = [y +] x[:, index, :] with x [outer, axis, inner] and indices [count].
   */
  public static void select(
      long y, long x, long indices, long outer, long axis, long count, long inner, boolean add) {
    Job job = job(y, x, indices, axis, count, inner);
    job.add = add;
    job.over(outer * count, 2 * inner, SELECT);
    job.free();
  }

  /**
   * y [outer, axis, inner] at places indices [count] += x [outer, count, inner]; without {@code
   * add} y is cleared first.
   */
  public static void indexAdd(
      long y, long x, long indices, long outer, long axis, long count, long inner, boolean add) {
    Job job = job(y, x, indices, axis, count, inner);
    if (!add) {
      job.over(outer * axis * inner, 1, ZERO);
    }
    long chunks = (inner + CHUNK - 1) / CHUNK;
    job.k = outer * chunks < PARTS && count * inner > 16384 ? PARTS : 1;
    job.over(outer * chunks * job.k, 2 * count * Math.min(inner, CHUNK), INDEX_ADD);
    job.free();
  }

  /** y [outer, count, inner] = [y +] x[o, index[o, k, i], i], with indices in the shape of y. */
  public static void take(
      long y, long x, long indices, long outer, long axis, long count, long inner, boolean add) {
    Job job = job(y, x, indices, axis, count, inner);
    job.add = add;
    job.over(outer * count, 8 * inner, TAKE);
    job.free();
  }

  /** y[o, index[o, k, i], i] += x [outer, count, inner]; without {@code add} y is cleared first. */
  public static void scatterAdd(
      long y, long x, long indices, long outer, long axis, long count, long inner, boolean add) {
    Job job = job(y, x, indices, axis, count, inner);
    if (!add) {
      job.over(outer * axis * inner, 1, ZERO);
    }
    job.over(outer, 8 * count * inner, SCATTER);
    job.free();
  }

  /** y [n, classes] = 1 where the column is the row's index, else 0. */
  public static void oneHot(long y, long indices, long n, long classes) {
    Vectors.zero(y, 4 * n * classes);
    for (long i = 0; i < n; i++) {
      Vectors.set(y + 4 * (i * classes + Vectors.getInt(indices + 4 * i)), 1);
    }
  }

  private static Job job(long y, long x, long indices, long axis, long count, long inner) {
    Job job = Job.take();
    job.a = y;
    job.b = x;
    job.c = indices;
    job.n = axis;
    job.l = count;
    job.m = inner;
    return job;
  }

  private static void addRows(Job job, long y, long x, long n, long part) {
    for (long k = 0; k < job.l; k++) {
      long index = Vectors.getInt(job.c + 4 * k);
      if (index % job.k == part) {
        long to = y + 4 * index * job.m;
        if (n == 1) {
          Vectors.set(to, Vectors.get(to) + Vectors.get(x + 4 * k * job.m));
        } else {
          RowFolds.add(to, x + 4 * k * job.m, n);
        }
      }
    }
  }

  private static void take(Job job, long row) {
    long y = job.a + 4 * row * job.m;
    long x = job.b + 4 * (row / job.l) * job.n * job.m;
    long index = job.c + 4 * row * job.m;
    for (long i = 0; i < job.m; i++) {
      float v = Vectors.get(x + 4 * (Vectors.getInt(index + 4 * i) * job.m + i));
      Vectors.set(y + 4 * i, job.add ? v + Vectors.get(y + 4 * i) : v);
    }
  }

  private static void scatter(Job job, long o) {
    long y = job.a + 4 * o * job.n * job.m;
    long first = 4 * o * job.l * job.m;
    for (long i = 0; i < job.l * job.m; i++) {
      long at = y + 4 * (Vectors.getInt(job.c + first + 4 * i) * job.m + i % job.m);
      Vectors.set(at, Vectors.get(at) + Vectors.get(job.b + first + 4 * i));
    }
  }
}
