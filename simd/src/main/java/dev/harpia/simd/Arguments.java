package dev.harpia.simd;

/** What one call gives to its kernel, however the loop is split. */
final class Arguments {
  static final ObjectPool<Arguments> POOL = new ObjectPool<>(Arguments::new);

  final long[] address = new long[Kernel.ADDRESSES];
  private final float[] parameter = new float[Kernel.PARAMETERS];
  long firstIndex;
  private long seed;

  void random(long index, long randomSeed) {
    firstIndex = index;
    seed = randomSeed;
  }

  void addresses(long a0, long a1, long a2, long a3, long a4, long a5, long a6, long a7) {
    address[0] = a0;
    address[1] = a1;
    address[2] = a2;
    address[3] = a3;
    address[4] = a4;
    address[5] = a5;
    address[6] = a6;
    address[7] = a7;
  }

  void parameters(float p0, float p1, float p2, float p3, float p4, float p5, float p6, float p7) {
    parameter[0] = p0;
    parameter[1] = p1;
    parameter[2] = p2;
    parameter[3] = p3;
    parameter[4] = p4;
    parameter[5] = p5;
    parameter[6] = p6;
    parameter[7] = p7;
  }

  /** Runs the kernel at other addresses than the call's own. */
  void run(Kernel k, long[] a, long bytes, long index) {
    float[] p = parameter;
    k.run(
        a[0],
        a[1],
        a[2],
        a[3],
        a[4],
        a[5],
        a[6],
        a[7],
        bytes,
        firstIndex + index,
        seed,
        p[0],
        p[1],
        p[2],
        p[3],
        p[4],
        p[5],
        p[6],
        p[7]);
  }
}
