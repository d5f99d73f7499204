package dev.harpia.bench.ops;

import dev.harpia.simd.Parallel;
import dev.harpia.simd.Vectors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the machine can do, measured in this run: arithmetic with registers only, and memory traffic
 * at the footprints of the benchmarks, so that what fits a cache is compared with that cache.
 *
 * @param flops peak of fused multiply-adds per second, two operations each
 * @param bytes by footprint in bytes: the faster of copy and triad, in bytes per second
 */
public record Roofline(double flops, TreeMap<Long, Double> bytes) {
  private static final VectorSpecies<Float> F =
      VectorSpecies.of(float.class, VectorShape.forBitSize(8 * Vectors.BYTES));
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final int ROUNDS = 20_000;
  private static final long[] FOOTPRINTS = {12L << 10, 192L << 10, 12L << 20, 192L << 20};

  /** Measures with this many threads, for about {@code seconds} in all. */
  static Roofline measure(int threads, double seconds) {
    double each = seconds / (1 + 2 * FOOTPRINTS.length);
    int pieces = 4 * threads;
    float[] sink = new float[pieces];
    double flop = 2.0 * 12 * F.length() * ROUNDS * pieces;
    double peak =
        flop / best(() -> Parallel.run(pieces, i -> sink[i] = multiplyAdd(ROUNDS, i)), each);
    TreeMap<Long, Double> bytes = new TreeMap<>();
    for (long footprint : FOOTPRINTS) {
      try (Arena arena = Arena.ofShared()) {
        long third = footprint / 3 / (64L * pieces) * (64L * pieces);
        long a = arena.allocate(third + 4096, 4096).address();
        long b = arena.allocate(third + 8192, 4096).address() + 1024;
        long c = arena.allocate(third + 8192, 4096).address() + 2048;
        // small arrays are not worth a second thread: those of the library are not split either
        int parts = third < 256 << 10 ? 1 : pieces;
        long part = third / parts;
        double copy =
            best(() -> Parallel.run(parts, i -> copy(a + i * part, b + i * part, part)), each);
        double triad =
            best(
                () ->
                    Parallel.run(parts, i -> triad(a + i * part, b + i * part, c + i * part, part)),
                each);
        bytes.put(footprint, Math.max(2 * third / copy, 3 * third / triad));
      }
    }
    return new Roofline(peak, bytes);
  }

  /** Bytes per second at the measured footprint nearest to this one. */
  double bandwidth(double footprint) {
    Map.Entry<Long, Double> nearest = bytes.firstEntry();
    for (Map.Entry<Long, Double> e : bytes.entrySet()) {
      if (Math.abs(Math.log(e.getKey() / footprint))
          < Math.abs(Math.log(nearest.getKey() / footprint))) {
        nearest = e;
      }
    }
    return nearest.getValue();
  }

  /** The share of the roofline that this work in this time (seconds) reaches. */
  double share(double flop, double traffic, double footprint, double time) {
    double least = Math.max(flop / flops, traffic / bandwidth(footprint));
    return least / time;
  }

  /** Seconds that the fastest of many runs takes. */
  private static double best(Runnable body, double seconds) {
    int calls = Pace.calls(body, seconds / 2);
    double best = Double.MAX_VALUE;
    long end = System.nanoTime() + (long) (0.5e9 * seconds);
    do {
      best = Math.min(best, Pace.time(body, calls));
    } while (System.nanoTime() < end);
    return best * 1e-9;
  }

  /** Twelve independent chains: enough to hide the latency of two units. */
  private static float multiplyAdd(int rounds, int seed) {
    FloatVector x = FloatVector.broadcast(F, 0.999f);
    FloatVector y = FloatVector.broadcast(F, 1e-3f * seed);
    FloatVector a = FloatVector.zero(F);
    FloatVector b = FloatVector.zero(F);
    FloatVector c = FloatVector.zero(F);
    FloatVector d = FloatVector.zero(F);
    FloatVector e = FloatVector.zero(F);
    FloatVector f = FloatVector.zero(F);
    FloatVector g = FloatVector.zero(F);
    FloatVector h = FloatVector.zero(F);
    FloatVector i = FloatVector.zero(F);
    FloatVector j = FloatVector.zero(F);
    FloatVector k = FloatVector.zero(F);
    FloatVector l = FloatVector.zero(F);
    for (int r = 0; r < rounds; r++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
      k = k.fma(x, y);
      l = l.fma(x, y);
    }
    FloatVector all =
        a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l);
    return all.lane(0);
  }

  private static void copy(long to, long from, long n) {
    for (long o = 0; o < n; o += Vectors.BYTES) {
      FloatVector.fromMemorySegment(F, ALL, from + o, LE).intoMemorySegment(ALL, to + o, LE);
    }
  }

  private static void triad(long a, long b, long c, long n) {
    for (long o = 0; o < n; o += Vectors.BYTES) {
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, b + o, LE);
      FloatVector y = FloatVector.fromMemorySegment(F, ALL, c + o, LE);
      x.add(y.mul(3f)).intoMemorySegment(ALL, a + o, LE);
    }
  }
}
