package dev.harpia.tensor;

/**
 * Counter-based random numbers: a hash of (seed, stream, index) in place of a state, so that any
 * element's draw can be computed anywhere, in any order.
 *
 * <p>Two 32-bit keys come from the seed through the SplitMix64 finaliser; the index plus the first
 * key is mixed by two rounds of xor-shift and multiplication, the second key in between.
 */
public final class CounterRandom {
  /** Multipliers of the mixing rounds. */
  public static final int M1 = 0x21f0aaad;

  /** Multipliers of the mixing rounds. */
  public static final int M2 = 0x735a2d97;

  private CounterRandom() {}

  /**
   * The 64-bit key of a stream: its low half is added to the index, its high half enters between
   * the rounds.
   */
  public static long key(long seed, int stream) {
    long z = seed + (stream + 1L) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** 32 random bits for element {@code index}, counted modulo 2^32. */
  public static int bits(long seed, int stream, long index) {
    long key = key(seed, stream);
    int h = mix((int) index + (int) key);
    return mix(h ^ (int) (key >>> 32));
  }

  /** A draw from U[0, 1), a multiple of 2^-23. */
  public static float uniform(long seed, int stream, long index) {
    return Float.intBitsToFloat(bits(seed, stream, index) >>> 9 | 0x3f800000) - 1;
  }

  private static int mix(int v) {
    int h = (v ^ (v >>> 16)) * M1;
    h = (h ^ (h >>> 15)) * M2;
    return h ^ (h >>> 15);
  }
}
