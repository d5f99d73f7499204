package dev.harpia.simd;

/**
 * Stable sorting and the k largest of rows [rows, n], with indices. NaN is larger than anything and
 * −0 equals +0, as in PyTorch.
 *
 * <p>Keys of 64 bits, the value's order above the index, go through least-significant-digit radix
 * passes of eight bits over the value; passes in which all keys agree are left out.
 */
public final class Sorting {
  private static final int DIGITS = 256;

  private static final Job.Body SORT =
      (job, from, to) -> {
        Scratch block = Scratch.acquire(16 * job.n + 4 * DIGITS);
        long keys = block.address();
        for (long r = from; r < to; r++) {
          long sorted = sort(keys, job.b + 4 * r * job.n, job.n, job.flag);
          write(job.a + 4 * r * job.k, job.c + 4 * r * job.k, sorted, job.b + 4 * r * job.n, job.k);
        }
        block.keep();
        block.release();
      };

  private Sorting() {}

  /**
   * Writes values and indices (I32) of each row, ascending or descending; equal elements keep their
   * order.
   */
  public static void sort(
      long values, long indices, long x, long rows, long n, boolean descending) {
    top(values, indices, x, rows, n, n, descending);
  }

  /**
   * Writes the k first values and indices [rows, k] of each sorted row: the largest, in falling
   * order, or the smallest.
   */
  public static void top(
      long values, long indices, long x, long rows, long n, long k, boolean largest) {
    Job job = Job.take();
    job.a = values;
    job.b = x;
    job.c = indices;
    job.n = n;
    job.k = k;
    job.flag = largest;
    job.over(rows, 32 * n, SORT);
    job.free();
  }

  /**
   * Sorts a row's keys in two buffers of n longs and a table; returns the buffer that holds them in
   * the end.
   */
  private static long sort(long keys, long x, long n, boolean descending) {
    long from = keys;
    long to = keys + 8 * n;
    long table = keys + 16 * n;
    encode(from, x, n, descending);
    for (int shift = 32; shift < 64; shift += 8) {
      Vectors.zero(table, 4 * DIGITS);
      count(table, from, n, shift);
      long first = table + 4 * (Doubles.getLong(from) >>> shift & DIGITS - 1);
      if (Vectors.getInt(first) != n) {
        starts(table);
        move(to, from, table, n, shift);
        long other = from;
        from = to;
        to = other;
      }
    }
    return from;
  }

  private static void encode(long keys, long x, long n, boolean descending) {
    for (long i = 0; i < n; i++) {
      int bits = Float.floatToIntBits(Vectors.get(x + 4 * i) + 0f);
      int order = bits ^ (bits >> 31 | Integer.MIN_VALUE);
      Doubles.putLong(keys + 8 * i, (long) (descending ? ~order : order) << 32 | i);
    }
  }

  private static void count(long table, long keys, long n, int shift) {
    for (long o = 0; o < 8 * n; o += 8) {
      long digit = table + 4 * (Doubles.getLong(keys + o) >>> shift & DIGITS - 1);
      Vectors.setInt(digit, Vectors.getInt(digit) + 1);
    }
  }

  private static void starts(long table) {
    int sum = 0;
    for (long o = 0; o < 4 * DIGITS; o += 4) {
      int count = Vectors.getInt(table + o);
      Vectors.setInt(table + o, sum);
      sum += count;
    }
  }

  private static void move(long to, long from, long table, long n, int shift) {
    for (long o = 0; o < 8 * n; o += 8) {
      long key = Doubles.getLong(from + o);
      long digit = table + 4 * (key >>> shift & DIGITS - 1);
      int place = Vectors.getInt(digit);
      Vectors.setInt(digit, place + 1);
      Doubles.putLong(to + 8L * place, key);
    }
  }

  private static void write(long values, long indices, long keys, long x, long n) {
    for (long i = 0; i < n; i++) {
      int index = (int) Doubles.getLong(keys + 8 * i);
      Vectors.setInt(indices + 4 * i, index);
      Vectors.set(values + 4 * i, Vectors.get(x + 4L * index));
    }
  }
}
