package dev.harpia.tests.soak;

/** Durations counted in classes of 2 % width: any number of them in constant memory. */
final class Times {
  private static final int PER_OCTAVE = 32;
  private final long[] counts = new long[64 * PER_OCTAVE];

  void add(long nanos) {
    int octave = 63 - Long.numberOfLeadingZeros(Math.max(nanos, PER_OCTAVE));
    int part = (int) (nanos >>> (octave - 5)) & (PER_OCTAVE - 1);
    counts[octave * PER_OCTAVE + part]++;
  }

  void addAll(Times other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  long count() {
    long n = 0;
    for (long c : counts) {
      n += c;
    }
    return n;
  }

  /** In nanoseconds. */
  double quantile(double q) {
    long rank = (long) Math.ceil(q * count());
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank && seen > 0) {
        int octave = i / PER_OCTAVE;
        return Math.scalb(1 + (i % PER_OCTAVE + 0.5) / PER_OCTAVE, octave);
      }
    }
    return 0;
  }
}
