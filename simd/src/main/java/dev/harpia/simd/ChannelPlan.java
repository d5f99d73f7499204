package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A forward pass with output channels in the lanes. Pixels are broadcast one by one, so planes may
 * be as narrow as they like, a stride is nothing but a distance between pixels, and a convolution
 * without padding reads its input where it lies; results are transposed into planes.
 */
final class ChannelPlan implements ForwardPlan {
  private static final long PLANES_BUDGET = 512L << 10;

  /** Above this, pieces share planes rather than weights. */
  private static final long WEIGHT_BUDGET = 640L << 10;

  private static final int MOST_TASKS = 8;

  /** Multiplications that are worth handing to another thread. */
  private static final long TASK = 300_000;

  /** Convolutions below this many multiplications are shared out in balanced pieces. */
  private static final long SMALL = 4_000_000;

  /** Pixels that are computed before they are transposed, about: they stay in the first cache. */
  private static final int CHUNK = 128;

  final ConvShape shape;

  /** Whether the outputs are the largest of 2×2 pixels side by side. */
  final boolean pool;

  /** Rows and columns that are computed: pixels that no window sees are left out. */
  final int oh;

  final int ow;
  final int ci;
  final int co;

  /** Channels and taps. */
  final int k;

  /** Vectors of channels of a tile. */
  final int nv;

  final int tiles;
  final int tilesPerTask;
  final int tileBlocks;
  final int bandRows;
  final int bands;

  /** Rows of pixels that are computed together, a multiple of {@link #tileRows}. */
  final int chunkRows;

  /** Rows and column pieces of a tile. */
  final int tileRows;

  final int pieces;

  /** Null where the input is read in place. */
  final @Nullable PackedPlanes planes;

  /** A task object that no call is using. */
  final AtomicReference<@Nullable ChannelTask> idle = new AtomicReference<>();

  private final AtomicReferenceArray<@Nullable ChannelTile> made;
  private final MemorySegment tableMemory;

  ChannelPlan(ConvShape s) {
    this(s, false);
  }

  ChannelPlan(ConvShape s, boolean pool) {
    shape = s;
    this.pool = pool;
    oh = pool ? s.oh() / 2 * 2 : s.oh();
    ow = pool ? s.ow() / 2 * 2 : s.ow();
    ci = s.ci() / s.groups();
    co = s.co() / s.groups();
    k = ci * s.kh() * s.kw();
    int vectors = Math.ceilDiv(co, Vectors.LANES);
    nv = Math.min(2, vectors);
    tiles = Math.ceilDiv(vectors, nv);
    pieces = ChannelTiles.pieces(ow);
    tileRows = ChannelTiles.rows(oh, ow, pieces);
    made = new AtomicReferenceArray<>((tileRows + 1) * 4);
    int wanted = Math.clamp(s.multiplications() / TASK, 2, MOST_TASKS);
    int units = Math.max(1, s.n() * s.groups());
    int split = Math.ceilDiv(wanted, units);
    boolean byChannels = weightBytes() > WEIGHT_BUDGET * s.groups() || oh < 2 * split;
    int band = byChannels ? oh : Math.ceilDiv(oh, split);
    boolean padded = s.ph() > 0 || s.pw() > 0;
    while (padded && band > 1 && packed(band).bytes() > PLANES_BUDGET) {
      band = Math.ceilDiv(band, 2);
    }
    band += pool ? band % 2 : 0;
    TaskSplit few = units == 1 && s.multiplications() < SMALL ? few(!padded) : null;
    band = few == null ? band : few.band();
    bandRows = band;
    bands = Math.ceilDiv(oh, band);
    planes = padded ? packed(band) : null;
    int blocks = few == null ? Math.clamp(Math.ceilDiv(split, bands), 1, tiles) : few.blocks();
    tilesPerTask = Math.ceilDiv(tiles, blocks);
    tileBlocks = Math.ceilDiv(tiles, tilesPerTask);
    int step = pool && tileRows % 2 > 0 ? 2 * tileRows : tileRows;
    chunkRows = Math.min(Math.ceilDiv(bandRows, step) * step, chunk(pool ? ow / 2 : ow, step));
    tableMemory = Arena.ofAuto().allocate(4L * k, 64);
    long at = tableMemory.address();
    for (int c = 0; c < ci; c++) {
      for (int t = 0; t < s.kh() * s.kw(); t++) {
        int ty = t / s.kw() * s.dh();
        int tx = t % s.kw() * s.dw();
        long offset =
            planes == null ? 4L * (((long) c * s.h() + ty) * s.w() + tx) : planes.offset(c, ty, tx);
        Vectors.setInt(at, Math.toIntExact(offset));
        at += 4;
      }
    }
  }

  /** Few pieces of nearly equal sums, where there is little to share out. */
  private TaskSplit few(boolean apart) {
    double[] work = new double[tiles];
    for (int t = 0; t < tiles; t++) {
      int vectors = vectors(t);
      work[t] = (double) ow * k * Vectors.LANES * vectors * (vectors < 2 ? ConvLayout.SINGLE : 1);
    }
    return TaskSplit.of(oh, pool ? 2 : 1, work, apart);
  }

  private PackedPlanes packed(int band) {
    ConvShape s = shape;
    int rows = (band - 1) * s.sh() + (s.kh() - 1) * s.dh() + 1;
    int pitch = (ow - 1) * s.sw() + (s.kw() - 1) * s.dw() + 1;
    boolean[] all = {true};
    return new PackedPlanes(false, ci, s.h(), s.w(), 1, 1, s.ph(), s.pw(), rows, pitch, all);
  }

  /** Rows whose pixels fill whole vectors, where that takes few of them. */
  private static int chunk(int ow, int step) {
    int best = step;
    double bestCost = Double.MAX_VALUE;
    for (int rows = step; rows == step || rows * ow <= 2 * CHUNK; rows += step) {
      int pixels = rows * ow;
      double waste = (double) Math.ceilDiv(pixels, Vectors.LANES) * Vectors.LANES / pixels;
      double cost = waste + Math.abs(Math.log((double) pixels / CHUNK)) / 100;
      if (cost < bestCost) {
        best = rows;
        bestCost = cost;
      }
    }
    return best;
  }

  /** Whether offsets into the input fit the tables. */
  static boolean fits(ConvShape s) {
    return 4L * s.ci() / s.groups() * s.h() * s.w() < Integer.MAX_VALUE / 2;
  }

  /** Whether several pieces read the same packed planes, so that these are packed before. */
  boolean sharesPlanes() {
    return planes != null && tileBlocks > 1;
  }

  /** Images, groups and bands. */
  int units() {
    return shape.n() * shape.groups() * bands;
  }

  int tasks() {
    return units() * tileBlocks;
  }

  /** Bytes of a unit's packed planes. */
  long unitBytes() {
    return planes == null ? 0 : (planes.bytes() + 63) / 64 * 64;
  }

  /** Bytes between rows of the input as tiles read it. */
  long pitch() {
    return 4L * (planes == null ? shape.w() : planes.pitch);
  }

  long table() {
    return tableMemory.address();
  }

  /** Channels of a group, in whole vectors. */
  int lanes() {
    return Math.ceilDiv(co, Vectors.LANES) * Vectors.LANES;
  }

  /** Vectors of channels in a tile. */
  int vectors(int tile) {
    return Math.min(nv, Math.ceilDiv(co, Vectors.LANES) - tile * nv);
  }

  /** First column of a piece; the piece after the last one begins at the row's end. */
  int column(int piece) {
    return (int) ((long) ow * piece / pieces);
  }

  /** The kernel for a tile of this height, at a piece of the row, with this many vectors. */
  ChannelTile tile(int height, int piece, int vectors) {
    int width = column(piece + 1) - column(piece);
    int at = (height * 2 + width % 2) * 2 + vectors - 1; // widths differ by at most one
    ChannelTile known = made.get(at);
    if (known == null) {
      known = ChannelTiles.tile(height, width, vectors, shape.sw());
      made.set(at, known);
    }
    return known;
  }

  @Override
  public long weightBytes() {
    return 4L * shape.groups() * lanes() * k;
  }

  /** Packs into [group][tile][channel, tap][lane], zero where there is no channel. */
  @Override
  public void packWeights(long weight, long packed) {
    ChannelTask.pack(this, weight, packed);
  }

  /** Packs one tile, numbered through all groups. */
  void packTile(int index, long weight, long packed) {
    int group = index / tiles;
    int tile = index % tiles;
    int width = vectors(tile) * Vectors.LANES;
    int first = tile * nv * Vectors.LANES;
    long to = packed + 4L * k * ((long) group * lanes() + first);
    for (int i = 0; i < width; i++) {
      if (first + i < co) {
        long from = weight + 4L * k * ((long) group * co + first + i);
        spread(from, to + 4L * i, 4L * width);
      } else {
        clear(to + 4L * i, 4L * width);
      }
    }
  }

  private void spread(long from, long to, long step) {
    for (int t = 0; t < k; t++) {
      Vectors.set(to + t * step, Vectors.get(from + 4L * t));
    }
  }

  private void clear(long to, long step) {
    for (int t = 0; t < k; t++) {
      Vectors.set(to + t * step, 0f);
    }
  }

  @Override
  public void run(long x, long weights, long bias, boolean relu, boolean accumulate, long y) {
    ChannelTask.run(this, x, weights, bias, relu, accumulate, y);
  }
}
