package dev.harpia.simd;

import java.util.concurrent.ConcurrentHashMap;

/** The tiles with channels in the lanes, emitted at first request, and their shapes. */
final class ChannelTiles {
  /** Pixels of a tile with one or two vectors of channels: these, their weights and one pixel. */
  private static final int PIXELS = ConvTiles.REGISTERS == 32 ? 14 : 6;

  /** Rows of a tile: each takes an address register. */
  private static final int ROWS = 7;

  private static final ConcurrentHashMap<Key, ChannelTile> TILES = new ConcurrentHashMap<>();

  static {
    Compiler.onlyC2("dev/harpia/simd/ChannelTile*.*");
  }

  private ChannelTiles() {}

  private record Key(int rows, int columns, int nv, int step) {}

  /**
   * The tile of {@code rows} × {@code columns} pixels, {@code step} floats apart in the input, with
   * {@code nv} vectors of channels.
   */
  static ChannelTile tile(int rows, int columns, int nv, int step) {
    return TILES.computeIfAbsent(
        new Key(rows, columns, nv, step), key -> ChannelTileEmitter.tile(rows, columns, nv, step));
  }

  /** Into how many pieces a row falls. */
  static int pieces(int columns) {
    return Math.ceilDiv(columns, PIXELS / 2);
  }

  /** Rows of a tile, for {@code rows} rows that fall into {@code pieces}. */
  static int rows(int rows, int columns, int pieces) {
    return Math.clamp(PIXELS / Math.ceilDiv(columns, pieces), 1, Math.min(ROWS, rows));
  }
}
