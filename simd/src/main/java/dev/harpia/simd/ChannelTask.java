package dev.harpia.simd;

/** Runs a {@link ChannelPlan}: each piece computes some channels of a band of rows. */
final class ChannelTask implements Parallel.Task {
  private enum Phase {
    WEIGHTS,
    PLANES,
    OUTPUTS
  }

  /** Channels that are packed in one piece where several pieces share planes. */
  private static final int CHANNELS = 16;

  /** Weights of a piece that stay in the second cache while pixels pass by. */
  private static final long HOT = 256L << 10;

  private final ChannelPlan plan;
  private Phase phase = Phase.OUTPUTS;
  private long source;
  private long sourceEnd;
  private long weights;
  private long bias;
  private long shared;
  private long target;
  private float floor;
  private boolean accumulate;

  private ChannelTask(ChannelPlan plan) {
    this.plan = plan;
  }

  private static ChannelTask of(ChannelPlan plan) {
    ChannelTask task = plan.idle.getAndSet(null);
    return task == null ? new ChannelTask(plan) : task;
  }

  static void pack(ChannelPlan plan, long weight, long packed) {
    ChannelTask task = of(plan);
    task.phase = Phase.WEIGHTS;
    task.source = weight;
    task.target = packed;
    Parallel.run(plan.shape.groups() * plan.tiles, task);
    plan.idle.set(task);
  }

  static void run(
      ChannelPlan plan, long x, long weights, long bias, boolean relu, boolean accumulate, long y) {
    ChannelTask task = of(plan);
    ConvShape s = plan.shape;
    task.source = x;
    task.sourceEnd = x + 4L * s.n() * s.ci() * s.h() * s.w();
    task.weights = weights;
    task.target = y;
    task.floor = relu ? 0f : Float.NEGATIVE_INFINITY;
    task.accumulate = accumulate;
    long biasBytes = 4L * s.groups() * plan.lanes() + Vectors.BYTES;
    long planes = plan.sharesPlanes() ? plan.units() * plan.unitBytes() : 0;
    Scratch scratch = Scratch.acquire(biasBytes + 64 + planes);
    try {
      task.bias = scratch.address();
      task.shared = scratch.address() + (biasBytes + 63) / 64 * 64;
      task.copyBias(bias);
      if (plan.sharesPlanes()) {
        task.phase = Phase.PLANES;
        Parallel.run(plan.units() * task.packs(), task);
      }
      task.phase = Phase.OUTPUTS;
      Parallel.run(plan.tasks(), task);
    } finally {
      scratch.keep();
      scratch.release();
    }
    plan.idle.set(task);
  }

  /** Each group's terms from a whole vector on. */
  private void copyBias(long from) {
    for (int g = 0; g < plan.shape.groups(); g++) {
      long to = bias + 4L * g * plan.lanes();
      if (from == 0) {
        PlaneCopies.zero(to, plan.lanes());
      } else {
        PlaneCopies.zero(to + 4L * (plan.lanes() - Vectors.LANES), Vectors.LANES);
        PlaneCopies.copy(from + 4L * g * plan.co, to, plan.co);
      }
    }
  }

  /** Pieces of a unit's packing. */
  private int packs() {
    return Math.ceilDiv(plan.ci, CHANNELS);
  }

  @Override
  public void run(int index) {
    switch (phase) {
      case WEIGHTS -> plan.packTile(index, source, target);
      case PLANES -> {
        int unit = index / packs();
        int first = index % packs() * CHANNELS;
        planes(unit, shared + unit * plan.unitBytes(), first, Math.min(plan.ci, first + CHANNELS));
      }
      case OUTPUTS -> outputs(index);
    }
  }

  private void planes(int unit, long to, int first, int last) {
    PackedPlanes p = plan.planes;
    if (p != null) {
      ConvShape s = plan.shape;
      int y = unit % plan.bands * plan.bandRows * s.sh();
      long plane = 4L * s.h() * s.w();
      long image = unit / plan.bands * plan.ci * plane;
      p.pack(source + image, plane, 0, 1, y, s.h(), to, p.channelBytes, sourceEnd, first, last);
    }
  }

  private void outputs(int index) {
    ChannelPlan p = plan;
    ConvShape s = p.shape;
    long chunk = (long) p.chunkRows * p.ow * Vectors.BYTES;
    long square = (long) Vectors.LANES * Vectors.BYTES;
    long own = p.sharesPlanes() ? 0 : p.unitBytes();
    Scratch scratch = Scratch.acquire(own + p.nv * chunk + 2 * square);
    try {
      int unit = index / p.tileBlocks;
      int from = unit % p.bands * p.bandRows;
      int image = unit / p.bands; // and group
      long in = source + 4L * (((long) image * p.ci * s.h()) + (long) from * s.sh()) * s.w();
      if (p.sharesPlanes()) {
        in = shared + unit * p.unitBytes();
      } else if (p.planes != null) {
        in = scratch.address();
        planes(unit, in, 0, p.ci);
      }
      int first = index % p.tileBlocks * p.tilesPerTask;
      int tiles = Math.min(p.tiles - first, p.tilesPerTask);
      int rows = Math.min(p.bandRows, p.oh - from);
      int chunks = Math.ceilDiv(rows, p.chunkRows);
      boolean hot = 4L * p.k * p.nv * Vectors.LANES * tiles <= HOT;
      for (int i = 0; i < chunks * tiles; i++) {
        int tile = first + (hot ? i % tiles : i / chunks);
        int row = (hot ? i / tiles : i % chunks) * p.chunkRows;
        int end = Math.min(rows, row + p.chunkRows);
        chunk(image, tile, in, row, end, from, scratch.address() + own, chunk);
      }
    } finally {
      scratch.keep();
      scratch.release();
    }
  }

  /** Rows from {@code row} to before {@code end} of the band that begins at row {@code from}. */
  private void chunk(
      int image, int tile, long in, int row, int end, int from, long block, long step) {
    ChannelPlan p = plan;
    ConvShape s = p.shape;
    int group = image % s.groups();
    int channel = tile * p.nv * Vectors.LANES;
    int nv = p.vectors(tile);
    long lane = (long) group * p.lanes() + channel;
    long rowBytes = p.pitch() * s.sh();
    long ldc = (long) p.ow * Vectors.BYTES;
    for (int r = row; r < end; r += p.tileRows) {
      int height = Math.min(p.tileRows, end - r);
      for (int i = 0; i < p.pieces; i++) {
        int column = p.column(i);
        p.tile(height, i, nv)
            .run(
                weights + 4L * p.k * lane,
                in + r * rowBytes + 4L * column * s.sw(),
                rowBytes,
                p.table(),
                p.k,
                bias + 4 * lane,
                block + (r - row) * ldc + (long) column * Vectors.BYTES,
                step,
                ldc);
      }
    }
    store(image, channel, nv, from + row, end - row, block, step);
  }

  /** Transposes rows of pixels into the planes of their channels. */
  private void store(int image, int channel, int nv, int row, int rows, long block, long step) {
    ChannelPlan p = plan;
    int scale = p.pool ? 2 : 1;
    int width = p.ow / scale;
    long plane = 4L * (p.oh / scale) * width;
    long to = target + ((long) image * p.co + channel) * plane + 4L * (row / scale) * width;
    int pixels = rows / scale * width;
    long square = block + p.nv * step + (long) Vectors.LANES * Vectors.BYTES;
    for (int j = 0; j < nv; j++) {
      int lanes = Math.min(Vectors.LANES, p.co - channel - j * Vectors.LANES);
      long vectors = block + j * step;
      long out = to + j * Vectors.LANES * plane;
      if (p.pool) {
        pairs(vectors, rows / 2, width);
      }
      if (accumulate) {
        PlaneTransposes.add(vectors, out, plane, lanes, pixels, 0f, square);
      } else {
        PlaneTransposes.out(vectors, out, plane, lanes, pixels, 0f, floor, square);
      }
    }
  }

  private static void pairs(long vectors, int rows, int width) {
    long pitch = 2L * width * Vectors.BYTES;
    for (int r = 0; r < rows; r++) {
      long to = vectors + (long) r * width * Vectors.BYTES;
      MaxPoolValues.pairs(vectors + 2 * r * pitch, pitch, to, width);
    }
  }
}
