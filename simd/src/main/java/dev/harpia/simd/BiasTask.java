package dev.harpia.simd;

/** The gradient of a per-channel bias: one piece per channel, images in order. */
final class BiasTask implements Parallel.Task {
  private static final ThreadLocal<BiasTask> CURRENT = ThreadLocal.withInitial(BiasTask::new);

  private int n;
  private int channels;
  private long pixels;
  private long gy;
  private long gbias;
  private boolean accumulate;

  private BiasTask() {}

  static void run(int n, int channels, long pixels, long gy, long gbias, boolean accumulate) {
    BiasTask task = CURRENT.get();
    task.n = n;
    task.channels = channels;
    task.pixels = pixels;
    task.gy = gy;
    task.gbias = gbias;
    task.accumulate = accumulate;
    Parallel.run(channels, task);
  }

  @Override
  public void run(int channel) {
    Scratch scratch = Scratch.acquire((long) Vectors.LANES * Vectors.BYTES);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      long plane = gy + 4 * ((long) i * channels + channel) * pixels;
      sum += LaneSums.sum(plane, pixels, scratch.address());
    }
    scratch.keep();
    scratch.release();
    long at = gbias + 4L * channel;
    Vectors.set(at, (float) (accumulate ? Vectors.get(at) + sum : sum));
  }
}
