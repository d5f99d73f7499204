package dev.harpia.simd;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The tiles in use, emitted at first request, and the choice of a tile for a number of channels.
 */
final class ConvTiles {
  /** Vector registers of the machine: AVX-512, and everything that is not x86, has 32. */
  static final int REGISTERS =
      Vectors.LANES == 16 || !System.getProperty("os.arch").matches("amd64|x86_64") ? 32 : 16;

  private static final int LIMIT = 16;
  private static final AtomicReferenceArray<@Nullable ConvTile> TILES =
      new AtomicReferenceArray<>(LIMIT * LIMIT);
  private static final AtomicReferenceArray<@Nullable ConvWeightTile> WEIGHT_TILES =
      new AtomicReferenceArray<>(LIMIT * LIMIT);

  static {
    Compiler.onlyC2("dev/harpia/simd/ConvTile*.*");
    Compiler.onlyC2("dev/harpia/simd/ConvWeightTile*.*");
    Compiler.onlyC2("dev/harpia/simd/PlaneTransposeInRegisters*.*");
  }

  private ConvTiles() {}

  static PlaneTranspose transpose() {
    return ConvTileEmitter.transpose();
  }

  static ConvTile tile(int mr, int nv) {
    int at = mr * LIMIT + nv;
    ConvTile known = TILES.get(at);
    if (known != null) {
      return known;
    }
    ConvTile made = ConvTileEmitter.tile(mr, nv);
    TILES.compareAndSet(at, null, made);
    ConvTile kept = TILES.get(at);
    return kept == null ? made : kept;
  }

  static ConvWeightTile weightTile(int mr, int nr) {
    int at = mr * LIMIT + nr;
    ConvWeightTile known = WEIGHT_TILES.get(at);
    if (known != null) {
      return known;
    }
    ConvWeightTile made = ConvTileEmitter.weightTile(mr, nr);
    WEIGHT_TILES.compareAndSet(at, null, made);
    ConvWeightTile kept = WEIGHT_TILES.get(at);
    return kept == null ? made : kept;
  }

  /**
   * The most vectors that a tile of {@code mr} channels can have with all its operands in
   * registers.
   */
  static int vectors(int mr) {
    int nv = 6;
    while (nv > 1 && mr * nv + nv + 1 > REGISTERS) {
      nv--;
    }
    return nv;
  }

  /** Channels per tile: the one that needs the least time for {@code co} channels. */
  static int channels(int co) {
    if (co <= 6) {
      return co;
    }
    // 8 rows cost a little less per multiplication than 6, but every remainder costs a tile (and a
    // kernel to warm up)
    int best = 6;
    double bestCost = Double.MAX_VALUE;
    for (int mr : REGISTERS == 32 ? new int[] {6, 8, 5, 4, 7} : new int[] {6, 4, 5}) {
      int rest = co % mr;
      double cost = (co / mr) * cost(mr) + (rest == 0 ? 0 : 1.03 * cost(rest));
      if (cost < bestCost * 0.98) {
        best = mr;
        bestCost = cost;
      }
    }
    return best;
  }

  /** The most taps that a weight-gradient tile of {@code mr} channels can have. */
  static int weightTaps(int mr) {
    return Math.clamp((REGISTERS - 1 - mr - 1) / mr, 1, 12);
  }

  /** Channels per weight-gradient tile, for {@code co} channels and {@code k} taps. */
  static int weightChannels(int co, int k) {
    int best = 1;
    double bestCost = Double.MAX_VALUE;
    for (int mr : REGISTERS == 32 ? new int[] {4, 5, 6, 3, 2, 1} : new int[] {3, 4, 2, 1}) {
      if (mr > co) {
        continue;
      }
      int pieces = Math.ceilDiv(k, weightTaps(mr));
      double nr = (double) k / pieces;
      double tile = Math.max(mr * nr, Math.max(mr + nr, 8)) + 0.15 * (mr + nr);
      double rest = co % mr * nr;
      double last = rest == 0 ? 0 : Math.max(rest, Math.max(co % mr + nr, 8)) + 0.15 * (mr + nr);
      double cost = (co / mr * tile + last) * pieces;
      if (cost < bestCost * 0.98) {
        best = mr;
        bestCost = cost;
      }
    }
    return best;
  }

  /** Cycles per tap and vector column: multiplications, and loads that they cannot hide. */
  private static double cost(int mr) {
    int nv = vectors(mr);
    int tile = mr * nv;
    return Math.max(mr, Math.max(0.7 * (mr + nv) / nv, tile < 8 ? 8.0 / nv : 0))
        + 0.15 * (mr + nv) / nv;
  }
}
