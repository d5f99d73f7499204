package dev.harpia.simd;

/**
 * Runs a {@link TapPlan}: each piece packs its band of source planes and computes its outputs tile
 * by tile.
 */
final class TapTask implements Parallel.Task {
  /** What loads and stores of whole vectors may overrun, and the room for one square of pixels. */
  private static final long LANES_SLACK = (long) Vectors.LANES * Vectors.BYTES;

  /** Channels that are packed in one piece where several pieces share planes. */
  private static final int CHANNELS = 16;

  private final TapPlan plan;
  private boolean packing;
  private long shared;
  private long source;
  private long sourceEnd;
  private long weights;
  private long bias;
  private long target;
  private float floor;
  private boolean accumulate;

  private TapTask(TapPlan plan) {
    this.plan = plan;
  }

  private static TapTask of(TapPlan plan) {
    TapTask task = plan.idle.getAndSet(null);
    return task == null ? new TapTask(plan) : task;
  }

  /**
   * Computes {@code target} = (floor ≤) bias + taps, or adds to it. {@code weights} are packed by
   * the same plan.
   */
  static void run(
      TapPlan plan,
      long source,
      long weights,
      long bias,
      boolean relu,
      boolean accumulate,
      long target) {
    TapTask task = of(plan);
    task.source = source;
    PackedPlanes p = plan.planes;
    task.sourceEnd = source + 4L * plan.n * plan.groups * p.channels * p.h * p.w;
    task.weights = weights;
    task.bias = bias;
    task.target = target;
    task.floor = relu ? 0f : Float.NEGATIVE_INFINITY;
    task.accumulate = accumulate;
    if (plan.sharesPlanes()) {
      Scratch scratch = Scratch.acquire(plan.units() * plan.unitBytes());
      try {
        task.shared = scratch.address();
        task.packing = true;
        Parallel.run(plan.units() * task.packs(), task);
        task.packing = false;
        Parallel.run(plan.tasks(), task);
      } finally {
        scratch.keep();
        scratch.release();
      }
    } else {
      Parallel.run(plan.tasks(), task);
    }
    plan.idle.set(task);
  }

  /** Pieces of a unit's packing. */
  private int packs() {
    return Math.ceilDiv(plan.planes.channels, CHANNELS);
  }

  @Override
  public void run(int index) {
    if (packing) {
      int unit = index / packs();
      int first = index % packs() * CHANNELS;
      int last = Math.min(plan.planes.channels, first + CHANNELS);
      pack(unit, shared + unit * plan.unitBytes(), first, last);
      return;
    }
    long planes = plan.sharesPlanes() ? 0 : plan.unitBytes();
    long bytes = planes + plan.mr * plan.tileChannelBytes + 128 + 2 * LANES_SLACK;
    Scratch scratch = Scratch.acquire(bytes);
    try {
      int unit = index / plan.tileBlocks;
      long packed = scratch.address();
      if (plan.sharesPlanes()) {
        packed = shared + unit * plan.unitBytes();
      } else {
        pack(unit, packed, 0, plan.planes.channels);
      }
      piece(index, packed, scratch.address() + planes);
    } finally {
      scratch.keep();
      scratch.release();
    }
  }

  private void pack(int unit, long packed, int firstChannel, int lastChannel) {
    TapPlan p = plan;
    int from = unit % p.bands * p.bandRows;
    int group = unit / p.bands % p.groups;
    int firstImage = unit / p.bands / p.groups * p.imagesPerTask;
    int images = Math.min(p.imagesPerTask, p.n - firstImage);
    PackedPlanes planes = p.planes;
    long planeBytes = 4L * planes.h * planes.w;
    long imageBytes = planeBytes * planes.channels * p.groups;
    planes.pack(
        source + firstImage * imageBytes + (long) group * planes.channels * planeBytes,
        planeBytes,
        imageBytes,
        images,
        p.sourceRow(from),
        planes.h,
        packed,
        planes.channelBytes,
        sourceEnd,
        firstChannel,
        lastChannel);
  }

  private void piece(int index, long packed, long tile) {
    TapPlan p = plan;
    int block = index % p.tileBlocks;
    int unit = index / p.tileBlocks;
    int group = unit / p.bands % p.groups;
    int firstImage = unit / p.bands / p.groups * p.imagesPerTask;
    int images = Math.min(p.imagesPerTask, p.n - firstImage);
    int from = unit % p.bands * p.bandRows;
    int to = Math.min(p.outH, from + p.bandRows);
    int firstRow = p.sourceRow(from);
    PackedPlanes planes = p.planes;
    int last = Math.min(p.tiles, (block + 1) * p.tilesPerTask);
    for (int t = block * p.tilesPerTask; t < last; t++) {
      if (planes.batch) {
        imagesTile(group, t, firstImage, images, from, to, firstRow, packed, tile);
      } else {
        pixelsTile(group, t, firstImage, from, to, firstRow, packed, tile);
      }
    }
  }

  private void pixelsTile(
      int group, int t, int image, int from, int to, int firstRow, long packed, long tile) {
    TapPlan p = plan;
    int o = t * p.mr;
    int width = Math.min(p.mr, p.co - o);
    long panel = weights;
    long outPlane = 4L * p.outH * p.outW;
    long channel = (long) group * p.co + o;
    long out = target + ((long) image * p.groups * p.co + channel) * outPlane;
    long pitch = 4L * p.planes.pitch;
    for (int i = 0; i < p.grids.length; i++) {
      TapGrid g = p.grids[i];
      int k = p.planes.channels * g.taps();
      int first = g.rowFrom(from);
      int rows = g.rowFrom(to) - first;
      if (rows > 0) {
        int pixels = (rows - 1) * p.planes.pitch + g.cols();
        int vectors = Math.ceilDiv(pixels, Vectors.LANES);
        strip(
            width,
            panel + 4L * channel * k,
            packed + (first - firstRow / p.sy()) * pitch,
            Vectors.BYTES,
            p.table(i),
            k,
            tile,
            Vectors.BYTES,
            p.tileChannelBytes,
            vectors);
        long at = out + 4L * ((long) (g.oy0() + first * g.osy()) * p.outW + g.ox0());
        for (int c = 0; c < width; c++) {
          store(
              g, tile + c * p.tileChannelBytes, pitch, at + c * outPlane, rows, bias(channel + c));
        }
      }
      panel += 4L * p.groups * p.co * k;
    }
  }

  /** The bias of an output channel. */
  private float bias(long channel) {
    return bias == 0 ? 0f : Vectors.get(bias + 4 * channel);
  }

  private void store(TapGrid g, long tile, long pitch, long at, int rows, float shift) {
    long outPitch = 4L * plan.outW * g.osy();
    if (g.osx() == 1) {
      if (accumulate) {
        PlaneCopies.addRows(tile, pitch, at, outPitch, rows, g.cols(), shift);
      } else {
        PlaneCopies.rows(tile, pitch, at, outPitch, rows, g.cols(), shift, floor);
      }
    } else if (accumulate) {
      PlaneCopies.addScattered(tile, pitch, at, outPitch, 4L * g.osx(), rows, g.cols(), shift);
    } else {
      PlaneCopies.scatter(tile, pitch, at, outPitch, 4L * g.osx(), rows, g.cols(), shift, floor);
    }
  }

  private void imagesTile(
      int group,
      int t,
      int image,
      int images,
      int from,
      int to,
      int firstRow,
      long packed,
      long tile) {
    TapPlan p = plan;
    int o = t * p.mr;
    int width = Math.min(p.mr, p.co - o);
    long panel = weights;
    long channel = (long) group * p.co + o;
    long vector = Vectors.BYTES;
    int sx = p.planes.sx;
    for (int i = 0; i < p.grids.length; i++) {
      TapGrid g = p.grids[i];
      int k = p.planes.channels * g.taps();
      int last = g.rowFrom(to);
      for (int r = g.rowFrom(from); r < last; r++) {
        strip(
            width,
            panel + 4L * channel * k,
            packed + (long) (r * p.sy() - firstRow) * p.planes.pitch * vector,
            sx * vector,
            p.table(i),
            k,
            tile + ((long) (g.oy0() + r * g.osy() - from) * p.outW + g.ox0()) * vector,
            g.osx() * vector,
            p.tileChannelBytes,
            g.cols());
      }
      panel += 4L * p.groups * p.co * k;
    }
    long outPlane = 4L * p.outH * p.outW;
    long outImage = outPlane * p.groups * p.co;
    long at = target + image * outImage + channel * outPlane + 4L * from * p.outW;
    int pixels = (to - from) * p.outW;
    long block = tile + (p.mr * p.tileChannelBytes + 63) / 64 * 64 + LANES_SLACK;
    for (int c = 0; c < width; c++) {
      long vectors = tile + c * p.tileChannelBytes;
      if (accumulate) {
        PlaneTransposes.add(
            vectors, at + c * outPlane, outImage, images, pixels, bias(channel + c), block);
      } else {
        PlaneTransposes.out(
            vectors, at + c * outPlane, outImage, images, pixels, bias(channel + c), floor, block);
      }
    }
  }

  /** Runs tiles over a line of vectors, of nearly equal widths so that none is thin. */
  private static void strip(
      int mr,
      long a,
      long b,
      long bstep,
      long table,
      int k,
      long c,
      long cstep,
      long ldc,
      int vectors) {
    int pieces = Math.ceilDiv(vectors, ConvTiles.vectors(mr));
    int done = 0;
    for (int i = 0; i < pieces; i++) {
      int nv = (vectors - done) / (pieces - i);
      ConvTiles.tile(mr, nv)
          .run(a, b + done * bstep, bstep, table, k, c + done * cstep, cstep, ldc);
      done += nv;
    }
  }
}
