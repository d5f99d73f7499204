package dev.harpia.simd;

import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.incubator.vector.IntVector;
import org.jspecify.annotations.Nullable;

/** The {@link DotTile}s of this machine, each made when it is first of use. */
final class DotTiles {
  // For each level of the sums over lanes: lanes without bit d come from the first vector of a
  // pair, the others from the second; and the lanes that are added to them.
  static final IntVector OWN8 = lanes(8, 0);
  static final IntVector OWN4 = lanes(4, 0);
  static final IntVector OWN2 = lanes(2, 0);
  static final IntVector OWN1 = lanes(1, 0);
  static final IntVector OTHER8 = lanes(8, 8);
  static final IntVector OTHER4 = lanes(4, 4);
  static final IntVector OTHER2 = lanes(2, 2);
  static final IntVector OTHER1 = lanes(1, 1);

  /** Most sums of one tile: registers left for the operands. */
  static final int SUMS = MicroKernels.WIDE == 4 ? 16 : 8;

  private static final int WORK = 4096;
  private static final int WARM_CALLS = 2000;
  private static final int WARM_TURNS = 16_000;
  private static final AtomicReferenceArray<@Nullable DotTile> TILES =
      new AtomicReferenceArray<>(3 * 5);

  private DotTiles() {}

  private static IntVector lanes(int d, int other) {
    int[] lanes = new int[Vectors.LANES];
    for (int l = 0; l < lanes.length; l++) {
      lanes[l] = ((l & d) == 0 ? l : l + lanes.length) ^ other;
    }
    return IntVector.fromArray(Vectors.I, lanes, 0);
  }

  /**
   * A tile.
   *
   * @param rows 1, 2 or 4
   * @param columns a power of two, at most {@link #SUMS} / rows
   */
  static DotTile tile(int rows, int columns) {
    int i = Integer.numberOfTrailingZeros(rows) * 5 + Integer.numberOfTrailingZeros(columns);
    DotTile tile = TILES.get(i);
    return tile == null ? define(i, rows, columns) : tile;
  }

  private static synchronized DotTile define(int i, int rows, int columns) {
    DotTile tile = TILES.get(i);
    if (tile == null) {
      tile = DotTileEmitter.emit(rows, columns);
      if (!MicroKernels.INTERPRETED) {
        warm(tile);
      }
      TILES.set(i, tile);
    }
    return tile;
  }

  /** Makes a new tile due for compilation, as {@code MicroKernels.warm} does. */
  private static void warm(DotTile tile) {
    Scratch scratch = Scratch.acquire(2 * WORK);
    long work = scratch.address();
    Vectors.zero(work, 2 * WORK);
    for (int i = 0; i < WARM_CALLS; i++) {
      // few that compute: an interpreted one takes 0.1 ms, the others nothing
      int k = i % 64 == 0 ? Vectors.LANES + 1 : i % 1000 == 999 ? -WARM_TURNS : -1;
      tile.run(work, 0, work, 0, k, work + WORK);
    }
    scratch.release();
  }
}
