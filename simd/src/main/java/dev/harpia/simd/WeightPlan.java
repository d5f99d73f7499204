package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How a weight gradient is computed, decided by its shape alone. The batch falls into units (a few
 * images, or a band of rows); consecutive units form a chunk, each chunk sums into its own copy of
 * the gradient, and the copies are added in order: the same bits for any number of threads.
 */
final class WeightPlan {
  private static final long PLANES_BUDGET = 512L << 10;
  private static final long PARTIAL_BUDGET = 16L << 20;
  private static final int WANTED_TASKS = 8;
  private static final int WANTED_VECTORS = 128;

  final ConvShape shape;
  final int ci;
  final int co;
  final int k;
  final PackedPlanes x;
  final PackedPlanes gy;
  final int bandRows;
  final int bands;
  final int imagesPerUnit;
  final int units;
  final int chunks;
  final int mr;
  final int tiles;
  final int tilesPerTask;
  final int tileBlocks;
  final int tapPieces;
  final int vectors;

  /** A task object that no call is using: calls in a row share one. */
  final AtomicReference<@Nullable WeightTask> idle = new AtomicReference<>();

  private final MemorySegment tables;

  WeightPlan(ConvShape s) {
    this(s, ConvLayout.imagesForWeights(s));
  }

  /** With images or pixels in the lanes. */
  WeightPlan(ConvShape s, boolean batch) {
    shape = s;
    ci = s.ci() / s.groups();
    co = s.co() / s.groups();
    int taps = s.kh() * s.kw();
    k = ci * taps;
    int reachY = (s.kh() - 1) * s.dh();
    int reachX = (s.kw() - 1) * s.dw();
    boolean[] used = new boolean[s.sh() * s.sw()];
    for (int i = 0; i < taps; i++) {
      int ty = i / s.kw() * s.dh();
      int tx = i % s.kw() * s.dw();
      used[ty % s.sh() * s.sw() + tx % s.sw()] = true;
    }
    int pitch = batch ? (s.ow() - 1) * s.sw() + reachX + 1 : s.ow() + reachX / s.sw();
    int band = s.oh();
    PackedPlanes fit;
    PackedPlanes gradients;
    while (true) {
      int rows = batch ? (band - 1) * s.sh() + reachY + 1 : band + reachY / s.sh();
      fit =
          new PackedPlanes(
              batch, ci, s.h(), s.w(), s.sh(), s.sw(), s.ph(), s.pw(), rows, pitch, used);
      int gPitch = batch ? s.ow() : pitch;
      // enough rows to fill whole vectors: those after the band are zero
      int gRows =
          batch
              ? band
              : Math.ceilDiv(Math.ceilDiv(band * pitch, Vectors.LANES) * Vectors.LANES, pitch);
      gradients =
          new PackedPlanes(
              batch, co, s.oh(), s.ow(), 1, 1, 0, 0, gRows, gPitch, new boolean[] {true});
      if (band == 1 || fit.bytes() + gradients.bytes() <= PLANES_BUDGET) {
        break;
      }
      band = Math.ceilDiv(band, 2);
    }
    x = fit;
    gy = gradients;
    bandRows = band;
    bands = Math.ceilDiv(s.oh(), band);
    vectors = vectors(band);
    int images = 1;
    if (batch) {
      images = Vectors.LANES;
    } else if (bands == 1) {
      long one = x.bytes() + gy.bytes();
      int fits =
          (int) Math.max(1, Math.min(PLANES_BUDGET / one, Math.ceilDiv(WANTED_VECTORS, vectors)));
      images = Math.max(1, Math.min(s.n(), fits));
    }
    imagesPerUnit = images;
    units = Math.ceilDiv(s.n(), images) * bands;
    long partial = 4L * s.co() * k;
    long most = Math.max(1, Math.min(WANTED_TASKS, PARTIAL_BUDGET / partial));
    int wanted = (int) Math.max(1, Math.min(most, units));
    int perChunk = Math.max(1, Math.ceilDiv(units, wanted));
    chunks = Math.max(1, Math.ceilDiv(units, perChunk));
    mr = ConvTiles.weightChannels(co, k);
    tiles = Math.ceilDiv(co, mr);
    int blocks = Math.min(tiles, Math.max(1, WANTED_TASKS / (chunks * s.groups())));
    tilesPerTask = Math.ceilDiv(tiles, blocks);
    tileBlocks = Math.ceilDiv(tiles, tilesPerTask);
    tapPieces = Math.ceilDiv(k, ConvTiles.weightTaps(mr));
    int pixels = batch ? band * s.ow() : vectors * images;
    tables = Arena.ofAuto().allocate(4L * (k + pixels), 64);
    long at = tables.address();
    for (int c = 0; c < ci; c++) {
      for (int i = 0; i < taps; i++) {
        put(at, x.offset(c, i / s.kw() * s.dh(), i % s.kw() * s.dw()));
        at += 4;
      }
    }
    for (int p = 0; p < pixels; p++) {
      put(
          at,
          batch
              ? ((long) (p / s.ow()) * s.sh() * pitch + (long) (p % s.ow()) * s.sw())
                  * Vectors.BYTES
              : p / vectors * x.bytes() + (long) (p % vectors) * Vectors.BYTES);
      at += 4;
    }
  }

  private static void put(long at, long value) {
    Vectors.setInt(at, Math.toIntExact(value));
  }

  /** Vectors that {@code rows} rows of one image take per channel. */
  int vectors(int rows) {
    return x.batch
        ? rows * shape.ow()
        : Math.ceilDiv((rows - 1) * x.pitch + shape.ow(), Vectors.LANES);
  }

  /** Images of a unit that are packed one after the other. */
  int xCopies() {
    return x.batch ? 1 : imagesPerUnit;
  }

  /** Bytes between packed channels of the gradient of y, for all images of a unit. */
  long gradientStride() {
    return x.batch ? gy.channelBytes : (long) vectors * imagesPerUnit * Vectors.BYTES;
  }

  /** Offsets of channel and tap, k of them. */
  long taps() {
    return tables.address();
  }

  /** Offsets of consecutive vectors of pixels. */
  long pixels() {
    return tables.address() + 4L * k;
  }

  int tasks() {
    return chunks * shape.groups() * tileBlocks;
  }

  int unitsPerChunk() {
    return Math.ceilDiv(units, chunks);
  }
}
