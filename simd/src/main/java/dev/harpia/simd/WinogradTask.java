package dev.harpia.simd;

/** Runs a {@link WinogradPlan}: each piece transforms, multiplies and transforms back. */
final class WinogradTask implements Parallel.Task {
  private enum Phase {
    WEIGHTS,
    PLANES,
    OUTPUTS
  }

  /** Channels that are transformed in one piece where several pieces share planes. */
  private static final int CHANNELS = 16;

  private static final long SQUARE = (long) Vectors.LANES * Vectors.BYTES;

  private final WinogradPlan plan;
  private Phase phase = Phase.OUTPUTS;
  private long source;
  private long sourceEnd;
  private long weights;
  private long bias;
  private long zeros;
  private long shared;
  private long target;
  private float floor;
  private boolean accumulate;

  private WinogradTask(WinogradPlan plan) {
    this.plan = plan;
  }

  private static WinogradTask of(WinogradPlan plan) {
    WinogradTask task = plan.idle.getAndSet(null);
    return task == null ? new WinogradTask(plan) : task;
  }

  static void pack(WinogradPlan plan, long weight, long packed) {
    WinogradTask task = of(plan);
    task.phase = Phase.WEIGHTS;
    task.source = weight;
    task.target = packed;
    Parallel.run(plan.tiles, task);
    plan.idle.set(task);
  }

  static void run(
      WinogradPlan plan,
      long x,
      long weights,
      long bias,
      boolean relu,
      boolean accumulate,
      long y) {
    WinogradTask task = of(plan);
    ConvShape s = plan.shape;
    task.source = x;
    task.sourceEnd = x + 4L * s.n() * s.ci() * s.h() * s.w();
    task.weights = weights;
    task.target = y;
    task.floor = relu ? 0f : Float.NEGATIVE_INFINITY;
    task.accumulate = accumulate;
    long biasBytes = 4L * plan.lanes();
    long planes = plan.byChannels ? plan.units() * plan.unitBytes() : 0;
    Scratch scratch = Scratch.acquire(biasBytes + 2L * Vectors.BYTES + planes);
    try {
      task.bias = scratch.address();
      task.zeros = scratch.address() + biasBytes;
      task.shared = task.zeros + 2L * Vectors.BYTES;
      PlaneCopies.zero(task.bias, plan.lanes() + 2 * Vectors.LANES);
      if (bias != 0) {
        PlaneCopies.copy(bias, task.bias, plan.co);
      }
      if (plan.byChannels) {
        task.phase = Phase.PLANES;
        Parallel.run(plan.units() * task.packs(), task);
      }
      task.phase = Phase.OUTPUTS;
      Parallel.run(plan.units() * (plan.byChannels ? plan.tiles : 1), task);
    } finally {
      scratch.keep();
      scratch.release();
    }
    plan.idle.set(task);
  }

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
        int last = Math.min(plan.ci, first + CHANNELS);
        Scratch scratch = Scratch.acquire(rowBytes());
        try {
          planes(unit, shared + unit * plan.unitBytes(), first, last, scratch.address());
        } finally {
          scratch.keep();
          scratch.release();
        }
      }
      case OUTPUTS -> outputs(index);
    }
  }

  /** Room for a channel's pixels and for what becomes of them across rows, with slack. */
  private long rowBytes() {
    PackedPlanes p = plan.pixels;
    return p.bytes() + 4L * Vectors.BYTES + 16L * p.rows * plan.columns + 4L * Vectors.BYTES;
  }

  /** Transforms channels of a band into [kind of row][channel][row][kind of column][column]. */
  private void planes(int unit, long to, int first, int last, long scratch) {
    WinogradPlan p = plan;
    ConvShape s = p.shape;
    PackedPlanes pixels = p.pixels;
    long plane = 4L * s.h() * s.w();
    int row = unit % p.bands * p.bandRows;
    int rows = Math.min(p.bandRows, p.rows - row);
    long image = source + unit / p.bands * p.ci * plane;
    long across = scratch + pixels.bytes() + 4L * Vectors.BYTES;
    long pitch = 16L * p.columns;
    for (int c = first; c < last; c++) {
      pixels.pack(image + c * plane, plane, 0, 1, 2 * row, s.h(), scratch, 0, sourceEnd);
      for (int r = 0; r < 2 * rows + 2; r++) {
        long from = scratch + 4L * r * pixels.pitch;
        WinogradKernels.across(from, across + r * pitch, 4L * p.columns, p.columns);
      }
      long channel = to + c * p.channelBytes();
      for (int r = 0; r < rows; r++) {
        long from = across + 2 * r * pitch;
        long out = channel + r * pitch;
        WinogradKernels.down(from, pitch, out, p.rowKindBytes(), 4 * p.columns);
      }
    }
  }

  private void outputs(int index) {
    WinogradPlan p = plan;
    long own = p.byChannels ? 0 : p.unitBytes();
    long products = 16 * p.nv * p.productBytes();
    long pixels = (4L * p.bandRows * p.columns + 1) * Vectors.BYTES;
    Scratch scratch = Scratch.acquire(own + products + pixels + 2 * SQUARE + rowBytes());
    try {
      int unit = p.byChannels ? index / p.tiles : index;
      long in = shared + unit * p.unitBytes();
      long block = scratch.address() + own;
      long out = block + products;
      if (!p.byChannels) {
        in = scratch.address();
        planes(unit, in, 0, p.ci, out + pixels + 2 * SQUARE);
      }
      int first = p.byChannels ? index % p.tiles : 0;
      int last = p.byChannels ? first + 1 : p.tiles;
      for (int tile = first; tile < last; tile++) {
        products(unit, tile, in, block);
        back(unit, tile, block, out, out + pixels + SQUARE);
      }
    } finally {
      scratch.keep();
      scratch.release();
    }
  }

  /** The products of all 16 kinds, [kind][vector of channels][patch]. */
  private void products(int unit, int tile, long in, long block) {
    WinogradPlan p = plan;
    int rows = Math.min(p.bandRows, p.rows - unit % p.bands * p.bandRows);
    int nv = p.vectors(tile);
    long panel = weights + 64L * p.ci * tile * p.nv * Vectors.LANES;
    long pitch = 16L * p.columns;
    long ldc = (long) p.columns * Vectors.BYTES;
    for (int kind = 0; kind < 16; kind++) {
      long from = in + kind / 4 * p.rowKindBytes() + 4L * (kind % 4) * p.columns;
      long to = block + kind * p.nv * p.productBytes();
      for (int r = 0; r < rows; r += p.tileRows) {
        int height = Math.min(p.tileRows, rows - r);
        for (int i = 0; i < p.pieces; i++) {
          int column = p.column(i);
          p.tile(height, i, nv)
              .run(
                  panel + 4L * kind * p.ci * nv * Vectors.LANES,
                  from + r * pitch + 4L * column,
                  pitch,
                  p.table(),
                  p.ci,
                  zeros,
                  to + r * ldc + (long) column * Vectors.BYTES,
                  p.productBytes(),
                  ldc);
        }
      }
    }
  }

  /** From products to pixels, and into the planes of their channels. */
  private void back(int unit, int tile, long block, long out, long square) {
    WinogradPlan p = plan;
    ConvShape s = p.shape;
    int row = unit % p.bands * p.bandRows;
    int height = Math.min(2 * p.bandRows, s.oh() - 2 * row);
    int channel = tile * p.nv * Vectors.LANES;
    long plane = 4L * s.oh() * s.ow();
    long to = target + ((long) (unit / p.bands) * p.co + channel) * plane + 8L * row * s.ow();
    long step = p.nv * p.productBytes();
    for (int j = 0; j < p.vectors(tile); j++) {
      long vectors = block + j * p.productBytes();
      long term = bias + 4L * channel + (long) j * Vectors.BYTES;
      for (int r = 0; r < height; r++) { // a row may overrun into the next, which comes after it
        long from = vectors + (long) (r / 2) * p.columns * Vectors.BYTES;
        long line = out + (long) r * s.ow() * Vectors.BYTES;
        if (r % 2 == 0) {
          WinogradKernels.upper(from, step, term, line, p.columns);
        } else {
          WinogradKernels.lower(from, step, term, line, p.columns);
        }
      }
      int lanes = Math.min(Vectors.LANES, p.co - channel - j * Vectors.LANES);
      long planes = to + j * Vectors.LANES * plane;
      if (accumulate) {
        PlaneTransposes.add(out, planes, plane, lanes, height * s.ow(), 0f, square);
      } else {
        PlaneTransposes.out(out, planes, plane, lanes, height * s.ow(), 0f, floor, square);
      }
    }
  }
}
