package dev.harpia.simd;

/**
 * Runs a {@link WeightPlan}: each piece packs its units and sums their products into its chunk's
 * copy of the gradient.
 */
final class WeightTask implements Parallel.Task {

  /** A tile's partial sums, a vector each. */
  private static final long SUMS = 64L * Vectors.BYTES;

  private final WeightPlan plan;
  private long x;
  private long gy;
  private long partials;

  private WeightTask(WeightPlan plan) {
    this.plan = plan;
  }

  private static WeightTask of(WeightPlan plan) {
    WeightTask task = plan.idle.getAndSet(null);
    return task == null ? new WeightTask(plan) : task;
  }

  /** Computes the gradient's chunks at {@code partials}: [chunk][co][ci, tap]. */
  static void run(WeightPlan plan, long x, long gy, long partials) {
    WeightTask task = of(plan);
    task.x = x;
    task.gy = gy;
    task.partials = partials;
    Parallel.run(plan.tasks(), task);
    plan.idle.set(task);
  }

  @Override
  public void run(int index) {
    WeightPlan p = plan;
    long bytes = SUMS + p.xCopies() * p.x.bytes() + p.co * p.gradientStride() + p.gy.bytes() + 64;
    Scratch scratch = Scratch.acquire(bytes);
    try {
      piece(index, scratch.address());
    } finally {
      scratch.keep();
      scratch.release();
    }
  }

  private void piece(int index, long scratch) {
    WeightPlan p = plan;
    int block = index % p.tileBlocks;
    int rest = index / p.tileBlocks;
    int group = rest % p.shape.groups();
    int chunk = rest / p.shape.groups();
    int firstTile = block * p.tilesPerTask;
    int lastTile = Math.min(p.tiles, firstTile + p.tilesPerTask);
    long stride = p.gradientStride();
    long packedX = scratch + SUMS;
    long packedG = packedX + (p.xCopies() * p.x.bytes() + 63) / 64 * 64;
    int last = Math.min(p.units, (chunk + 1) * p.unitsPerChunk());
    long partial = partials + 4L * p.k * ((long) chunk * p.shape.co() + (long) group * p.co);
    for (int unit = chunk * p.unitsPerChunk(); unit < last; unit++) {
      int n = packUnit(unit, group, packedX, packedG, stride);
      boolean first = unit == chunk * p.unitsPerChunk();
      for (int t = firstTile; t < lastTile; t++) {
        tile(t, n, packedX, packedG, stride, scratch, partial, first);
      }
    }
  }

  /** Packs a unit's planes; returns how many vectors the sums run over. */
  private int packUnit(int unit, int group, long packedX, long packedG, long stride) {
    WeightPlan p = plan;
    ConvShape s = p.shape;
    int band = unit % p.bands;
    int firstImage = unit / p.bands * p.imagesPerUnit;
    int images = Math.min(p.imagesPerUnit, s.n() - firstImage);
    int from = band * p.bandRows;
    int to = Math.min(s.oh(), from + p.bandRows);
    long xPlane = 4L * s.h() * s.w();
    long xImage = xPlane * s.ci();
    long xEnd = x + xImage * s.n();
    long gPlane = 4L * s.oh() * s.ow();
    long gImage = gPlane * s.co();
    long gEnd = gy + gImage * s.n();
    long xAt = x + firstImage * xImage + (long) group * p.ci * xPlane;
    long gAt = gy + firstImage * gImage + (long) group * p.co * gPlane;
    if (p.x.batch) {
      p.x.pack(xAt, xPlane, xImage, images, from * s.sh(), s.h(), packedX, p.x.channelBytes, xEnd);
      p.gy.pack(gAt, gPlane, gImage, images, from, to, packedG, stride, gEnd);
      return (to - from) * s.ow();
    }
    long imageVectors = (long) p.vectors * Vectors.BYTES;
    for (int i = 0; i < images; i++) {
      long xTo = packedX + i * p.x.bytes();
      p.x.pack(
          xAt + i * xImage, xPlane, xImage, 1, from * s.sh(), s.h(), xTo, p.x.channelBytes, xEnd);
      PlaneCopies.zero(xTo + p.x.channels * p.x.channelBytes, 2 * Vectors.LANES);
    }
    // in the order of the target: each channel's trailing zeros run into what is packed next
    for (int c = 0; c < p.co; c++) {
      for (int i = 0; i < images; i++) {
        p.gy.packChannel(
            gAt + i * gImage + c * gPlane, from, to, packedG + c * stride + i * imageVectors);
      }
    }
    return images == 1 ? p.vectors(to - from) : images * p.vectors;
  }

  private void tile(
      int t,
      int n,
      long packedX,
      long packedG,
      long stride,
      long sums,
      long partial,
      boolean first) {
    WeightPlan p = plan;
    int o = t * p.mr;
    int mr = Math.min(p.mr, p.co - o);
    int done = 0;
    for (int i = 0; i < p.tapPieces; i++) {
      int nr = (p.k - done) / (p.tapPieces - i);
      ConvTiles.weightTile(mr, nr)
          .run(packedG + o * stride, stride, packedX, p.taps() + 4L * done, p.pixels(), n, sums);
      LaneSums.add(sums, mr, nr, partial + 4L * ((long) o * p.k + done), 4L * p.k, first);
      done += nr;
    }
  }
}
