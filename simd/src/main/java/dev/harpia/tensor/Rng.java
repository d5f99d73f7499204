package dev.harpia.tensor;

import dev.harpia.simd.Parallel;
import dev.harpia.simd.Vectors;

/**
 * A seeded, splittable stream of random numbers: SplitMix64 (Steele, Lea, Flood 2014), a counter
 * behind a mixing function, so that its whole state is two longs which checkpoints save. Values are
 * the same on every platform.
 *
 * <p>Where none is passed, operations draw from the current thread's stream, {@link #current()}.
 */
public final class Rng {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final ThreadLocal<Rng> CURRENT = ThreadLocal.withInitial(() -> new Rng(0));

  /** Normals that are worth a thread: some 40 µs. */
  private static final long PIECE = 1024;

  /** What a normal takes from the stream. */
  private static final long DRAWS = 2;

  /** π/2 less its nearest double. */
  private static final double HALF_PI_LOW = 6.123233995736766e-17;

  /** 1/(i(i+1)). */
  private static final double[] INVERSE = new double[17];

  static {
    for (int i = 1; i < INVERSE.length; i++) {
      INVERSE[i] = 1.0 / (i * (i + 1));
    }
  }

  private long seed;
  private long counter;

  /** A stream that is fully determined by {@code seed}. */
  public Rng(long seed) {
    this.seed = mix(seed + GOLDEN);
  }

  private Rng(long seed, long counter) {
    this.seed = seed;
    this.counter = counter;
  }

  /** The current thread's stream; starts from seed 0. */
  public static Rng current() {
    if (Scope.tracing()) {
      throw new IllegalStateException(
          "plan: random numbers are drawn while tracing; a plan would repeat them; use evaluation"
              + " mode");
    }
    return CURRENT.get();
  }

  /** Restarts the current thread's stream from {@code seed}. */
  public static void seed(long seed) {
    CURRENT.set(new Rng(seed));
  }

  /** The state, for {@link #restore}. */
  public long[] state() {
    return new long[] {seed, counter};
  }

  /** Continues from a state. */
  public void restore(long[] state) {
    if (state.length != 2) {
      throw new IllegalArgumentException("rng: a state has 2 numbers, this has " + state.length);
    }
    seed = state[0];
    counter = state[1];
  }

  /** An independent stream. */
  public Rng split() {
    return new Rng(nextLong() | 1, 0);
  }

  /** 64 random bits. */
  public long nextLong() {
    return mix(seed + GOLDEN * ++counter);
  }

  /** Uniform in [0, 1), a multiple of 2⁻²⁴. */
  public float uniform() {
    return (nextLong() >>> 40) * 0x1p-24f;
  }

  /** Uniform in [0, bound). */
  public int below(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("rng.below: bound " + bound + " must be positive");
    }
    return (int) Math.unsignedMultiplyHigh(nextLong(), bound);
  }

  /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
  public double uniformDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Standard normal (Box–Muller). */
  public float normal() {
    double u = ((nextLong() >>> 11) + 1) * 0x1p-53;
    double v = uniformDouble();
    return (float) (StrictMath.sqrt(-2 * StrictMath.log(u)) * cosine(2 * StrictMath.PI * v));
  }

  /** Writes what n calls of {@link #normal} would give, times {@code std}, plus {@code mean}. */
  void normals(long address, long n, float mean, float std) {
    long own = seed;
    long before = counter;
    counter += DRAWS * n;
    Parallel.run(
        Math.toIntExact((n + PIECE - 1) / PIECE),
        piece -> {
          long from = piece * PIECE;
          Rng rng = new Rng(own, before + DRAWS * from);
          for (long i = from; i < Math.min(n, from + PIECE); i++) {
            Vectors.set(address + 4 * i, mean + std * rng.normal());
          }
        });
  }

  /**
   * cos x for x in [0, 2π], by Taylor's series within π/4 of a multiple of π/2. StrictMath makes an
   * array on the heap for every cosine, which drawing millions of numbers shows.
   */
  private static double cosine(double x) {
    int n = (int) (x * (2 / StrictMath.PI) + 0.5);
    double y = Math.fma(-n, HALF_PI_LOW, Math.fma(-n, StrictMath.PI / 2, x));
    double value = n % 2 == 0 ? series(y * y, 1) : y * series(y * y, 2);
    return n == 1 || n == 2 ? -value : value;
  }

  /** 1 − z/(k(k+1))·(1 − z/((k+2)(k+3))·(1 − …)): cos √z for k = 1, sin √z / √z for k = 2. */
  private static double series(double z, int k) {
    double sum = 1;
    for (int i = k + 14; i >= k; i -= 2) {
      sum = 1 - z * INVERSE[i] * sum;
    }
    return sum;
  }

  /** A random order of 0 … n−1 (Fisher–Yates). */
  public int[] permutation(int n) {
    int[] p = new int[n];
    for (int i = 0; i < n; i++) {
      int j = below(i + 1);
      p[i] = p[j];
      p[j] = i;
    }
    return p;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
