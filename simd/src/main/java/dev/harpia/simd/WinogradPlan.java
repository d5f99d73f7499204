package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A forward pass of 3×3 kernels, stride 1, by Winograd's F(2×2, 3×3): 16 products instead of 36 for
 * each four outputs. Sums are taken in another order than in the other plans, and pass through
 * differences: results differ by some units of the last place; where an infinity or NaN meets a
 * patch of 4×4 pixels, all four outputs of the patch may be NaN.
 */
final class WinogradPlan implements ForwardPlan {
  /** Of the transformed weights: above this, pieces share planes rather than weights. */
  private static final long WEIGHT_BUDGET = 2L << 20;

  private static final long PLANES_BUDGET = 512L << 10;
  private static final int FEWEST_CHANNELS = 32;
  private static final int FEWEST_PATCHES = 36;

  final ConvShape shape;
  final int ci;
  final int co;

  /** Vectors of channels of a tile. */
  final int nv;

  final int tiles;

  /** Rows and columns of patches. */
  final int rows;

  final int columns;
  final int bandRows;
  final int bands;

  /** Whether a piece computes one tile of channels, or all. */
  final boolean byChannels;

  /** Rows of pixels that a band of patches sees, one channel at a time. */
  final PackedPlanes pixels;

  /** Columns of patches fall into pieces; rows of patches into pairs. */
  final int pieces;

  final int tileRows;

  /** A task object that no call is using. */
  final AtomicReference<@Nullable WinogradTask> idle = new AtomicReference<>();

  private final AtomicReferenceArray<@Nullable ChannelTile> made;
  private final MemorySegment table;

  WinogradPlan(ConvShape s) {
    shape = s;
    ci = s.ci();
    co = s.co();
    int vectors = Math.ceilDiv(co, Vectors.LANES);
    nv = Math.min(2, vectors);
    tiles = Math.ceilDiv(vectors, nv);
    rows = Math.ceilDiv(s.oh(), 2);
    columns = Math.ceilDiv(s.ow(), 2);
    byChannels = tiles > 1 && weightBytes() > WEIGHT_BUDGET;
    bandRows = byChannels ? rows : band();
    bands = Math.ceilDiv(rows, bandRows);
    pieces = ChannelTiles.pieces(columns);
    tileRows = ChannelTiles.rows(bandRows, columns, pieces);
    made = new AtomicReferenceArray<>((tileRows + 1) * 4);
    boolean[] all = {true};
    pixels =
        new PackedPlanes(
            false, 1, s.h(), s.w(), 1, 1, s.ph(), s.pw(), 2 * bandRows + 2, 2 * columns + 2, all);
    table = Arena.ofAuto().allocate(4L * ci, 64);
    for (int c = 0; c < ci; c++) {
      Vectors.setInt(table.address() + 4L * c, Math.toIntExact(c * channelBytes()));
    }
  }

  /**
   * Rows of patches of a band: planes should stay in the second cache, bands come in even numbers
   * and overlap little.
   */
  private int band() {
    int best = 1;
    double bestCost = Double.MAX_VALUE;
    for (int band = 1; band <= rows; band++) {
      long bytes = 64L * ci * band * columns;
      int pairs = Math.ceilDiv(Math.ceilDiv(rows, band), 2);
      double cost = 2.0 * pairs * band / rows * (1 + 0.1 / band);
      cost *= bytes > PLANES_BUDGET ? 1.05 : 1;
      if (cost < bestCost && (band == 1 || bytes <= 2 * PLANES_BUDGET)) {
        best = band;
        bestCost = cost;
      }
    }
    return best;
  }

  /** Whether this plan can compute a shape. */
  static boolean computes(ConvShape s) {
    return s.kh() == 3
        && s.kw() == 3
        && s.sh() == 1
        && s.sw() == 1
        && s.dh() == 1
        && s.dw() == 1
        && s.groups() == 1
        && 64L * s.ci() * s.oh() * s.ow() < Integer.MAX_VALUE / 2;
  }

  /** Whether it is worth it. */
  static boolean suits(ConvShape s) {
    return computes(s)
        && s.ci() >= FEWEST_CHANNELS
        && s.co() >= FEWEST_CHANNELS
        && Math.ceilDiv(s.oh(), 2) * Math.ceilDiv(s.ow(), 2) >= FEWEST_PATCHES;
  }

  /** Bytes between transformed channels. */
  long channelBytes() {
    return 16L * bandRows * columns + Vectors.BYTES;
  }

  /** Bytes of the channels of one of the four kinds of rows. */
  long rowKindBytes() {
    return ci * channelBytes();
  }

  /** Bytes of a band's transformed planes, and slack that tiles may read. */
  long unitBytes() {
    return (4 * rowKindBytes() + 64 + 63) / 64 * 64;
  }

  /** Bytes of a tile's products of one kind. */
  long productBytes() {
    return (long) bandRows * columns * Vectors.BYTES;
  }

  long table() {
    return table.address();
  }

  int vectors(int tile) {
    return Math.min(nv, Math.ceilDiv(co, Vectors.LANES) - tile * nv);
  }

  int column(int piece) {
    return (int) ((long) columns * piece / pieces);
  }

  /** The kernel for a tile of this height, at a piece of the row, with this many vectors. */
  ChannelTile tile(int height, int piece, int vectors) {
    int width = column(piece + 1) - column(piece);
    int at = (height * 2 + width % 2) * 2 + vectors - 1; // widths differ by at most one
    ChannelTile known = made.get(at);
    if (known == null) {
      known = ChannelTiles.tile(height, width, vectors, 1);
      made.set(at, known);
    }
    return known;
  }

  /** Channels in whole vectors. */
  int lanes() {
    return Math.ceilDiv(co, Vectors.LANES) * Vectors.LANES;
  }

  int units() {
    return shape.n() * bands;
  }

  @Override
  public long weightBytes() {
    return 64L * lanes() * ci;
  }

  /** Packs into [tile][kind][channel][lane]. */
  @Override
  public void packWeights(long weight, long packed) {
    WinogradTask.pack(this, weight, packed);
  }

  void packTile(int tile, long weight, long packed) {
    int width = vectors(tile) * Vectors.LANES;
    int first = tile * nv * Vectors.LANES;
    long kind = 4L * ci * width;
    long to = packed + 64L * ci * first;
    PlaneCopies.clear(to, 4 * kind);
    for (int o = first; o < Math.min(co, first + width); o++) {
      for (int c = 0; c < ci; c++) {
        long at = to + 4L * ((long) c * width + o - first);
        WinogradKernels.kernel(weight + 36L * ((long) o * ci + c), at, kind);
      }
    }
  }

  @Override
  public void run(long x, long weights, long bias, boolean relu, boolean accumulate, long y) {
    WinogradTask.run(this, x, weights, bias, relu, accumulate, y);
  }
}
