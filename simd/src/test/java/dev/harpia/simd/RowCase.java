package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A structured kernel on given inputs, and what a double-precision reference makes of them.
 *
 * @param inputs float[] or int[]
 * @param expected results; those of kernels that write I32 hold whole numbers
 * @param integer which results are I32
 * @param tolerance allowed |difference| / max(1, |expected|)
 * @param adds whether the kernel can add into its results
 */
record RowCase(
    String name,
    List<Object> inputs,
    List<double[]> expected,
    long integer,
    double tolerance,
    boolean adds,
    Kernel kernel) {
  /**
   * Tolerances are stated for 16 lanes. With fewer lanes each adds up a chain of floats that is
   * longer by this factor, and the bound of its rounding error grows with it.
   */
  private static final double LONGER_CHAINS = Math.max(1, 16.0 / Vectors.LANES);

  /** A kernel call. */
  interface Kernel {
    void run(long[] in, long[] out, boolean add);
  }

  private static final int GUARD = 128;
  private static final byte CANARY = (byte) 0xA5;
  private static final float OLD = 0.5f;

  RowCase(
      String name,
      List<Object> inputs,
      List<double[]> expected,
      double tolerance,
      boolean adds,
      Kernel kernel) {
    this(name, inputs, expected, 0, tolerance, adds, kernel);
  }

  @Override
  public String toString() {
    return name;
  }

  /**
   * Memory for one call: operands between canaries, off the vector's alignment by {@code shift}
   * floats.
   */
  final class Memory {
    final long[] in = new long[inputs.size()];
    final long[] out = new long[expected.size()];
    private final List<MemorySegment> blocks = new ArrayList<>();

    Memory(Arena arena, int shift) {
      for (int i = 0; i < in.length; i++) {
        in[i] = block(arena, shift, length(inputs.get(i)));
      }
      for (int i = 0; i < out.length; i++) {
        out[i] = block(arena, shift, expected.get(i).length);
      }
      reset(false);
    }

    private long block(Arena arena, int shift, long n) {
      MemorySegment block = arena.allocate(4 * n + 2 * GUARD + 64, 64);
      block.fill(CANARY);
      blocks.add(block);
      return block.address() + GUARD + 4L * shift;
    }

    /** Inputs as given; results garbage, or what is to be added to. */
    void reset(boolean add) {
      for (int i = 0; i < in.length; i++) {
        for (int k = 0; k < length(inputs.get(i)); k++) {
          Vectors.setInt(in[i] + 4L * k, bits(inputs.get(i), k));
        }
      }
      for (int i = 0; i < out.length; i++) {
        for (int k = 0; k < expected.get(i).length; k++) {
          Vectors.set(out[i] + 4L * k, add ? OLD : Float.NaN);
        }
      }
    }

    void run(boolean add) {
      kernel.run(in, out, add);
    }

    void checkGuards() {
      int b = 0;
      for (int i = 0; i < in.length; i++) {
        guards("input " + i, blocks.get(b++), in[i], length(inputs.get(i)));
        for (int k = 0; k < length(inputs.get(i)); k++) {
          assertThat(Vectors.getInt(in[i] + 4L * k))
              .as("%s: input %d at %d", name, i, k)
              .isEqualTo(bits(inputs.get(i), k));
        }
      }
      for (int i = 0; i < out.length; i++) {
        guards("result " + i, blocks.get(b++), out[i], expected.get(i).length);
      }
    }

    private void guards(String what, MemorySegment block, long start, long n) {
      for (long o = 0; o < block.byteSize(); o++) {
        long at = block.address() + o;
        if (at < start || at >= start + 4 * n) {
          assertThat(block.get(java.lang.foreign.ValueLayout.JAVA_BYTE, o))
              .as("%s: canary of %s at byte %d of %d", name, what, at - start, 4 * n)
              .isEqualTo(CANARY);
        }
      }
    }

    void checkValues(boolean add) {
      for (int i = 0; i < out.length; i++) {
        double[] want = expected.get(i);
        boolean whole = (integer >> i & 1) != 0;
        for (int k = 0; k < want.length; k++) {
          double got = whole ? Vectors.getInt(out[i] + 4L * k) : Vectors.get(out[i] + 4L * k);
          double w = add ? want[k] + OLD : want[k];
          if (!close(got, w, (add ? tolerance + 1e-7 : tolerance) * LONGER_CHAINS)) {
            throw new AssertionError(
                "%s%s: result %d at %d of %d: %s, not %s"
                    .formatted(name, add ? " (adding)" : "", i, k, want.length, got, w));
          }
        }
      }
    }

    private boolean close(double got, double want, double allowed) {
      if (Double.isNaN(want) || Double.isInfinite(want)) {
        return Double.compare(got, want) == 0;
      }
      return Math.abs(got - want) <= allowed * Math.max(1, Math.abs(want));
    }

    /** The results' bits, all NaN alike. */
    int digest() {
      int hash = 1;
      for (int i = 0; i < out.length; i++) {
        int[] bits = new int[expected.get(i).length];
        for (int k = 0; k < bits.length; k++) {
          bits[k] = Float.floatToIntBits(Vectors.get(out[i] + 4L * k));
        }
        hash = 31 * hash + Arrays.hashCode(bits);
      }
      return hash;
    }
  }

  /** Runs the kernel in memory off and on the vector's alignment, writing and adding. */
  void check() {
    for (int shift : new int[] {0, 3}) {
      for (boolean add : adds ? new boolean[] {false, true} : new boolean[] {false}) {
        try (Arena arena = Arena.ofConfined()) {
          Memory memory = new Memory(arena, shift);
          memory.reset(add);
          memory.run(add);
          memory.checkValues(add);
          memory.checkGuards();
        }
      }
    }
  }

  /** The bits of one call, in aligned memory. */
  int digest() {
    try (Arena arena = Arena.ofConfined()) {
      Memory memory = new Memory(arena, 0);
      memory.run(false);
      return memory.digest();
    }
  }

  private static int length(Object array) {
    return array instanceof float[] f ? f.length : ((int[]) array).length;
  }

  private static int bits(Object array, int k) {
    return array instanceof float[] f ? Float.floatToRawIntBits(f[k]) : ((int[]) array)[k];
  }
}
