package dev.harpia.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How a forward pass or a data gradient is computed, decided by its shape alone: which sub-grids of
 * outputs, which layout, which tiles, and which pieces can run in parallel.
 */
final class TapPlan implements ForwardPlan {
  private static final long PLANES_BUDGET = 512L << 10;
  private static final long TILE_BUDGET = 192L << 10;
  private static final int WANTED_TASKS = 8;

  final int n;
  final int groups;
  final int co;
  final int outH;
  final int outW;
  final TapGrid[] grids;
  final PackedPlanes planes;
  final int mr;
  final int tiles;
  final int tilesPerTask;
  final int tileBlocks;
  final int bandRows;
  final int bands;
  final int imagesPerTask;
  final int imageBlocks;
  final long tileChannelBytes;

  /** A task object that no call is using: calls in a row share one. */
  final AtomicReference<@Nullable TapTask> idle = new AtomicReference<>();

  /** The same for packing weights. */
  final AtomicReference<@Nullable PanelTask> idlePanels = new AtomicReference<>();

  private final int sy;
  private final int[] weightStrides;
  private final long[] tables;
  private final MemorySegment tableMemory;

  private TapPlan(
      boolean batch,
      int n,
      int groups,
      int ci,
      int co,
      int h,
      int w,
      int outH,
      int outW,
      int sy,
      int sx,
      int padT,
      int padL,
      TapGrid[] grids,
      int[] weightStrides) {
    this.n = n;
    this.groups = groups;
    this.co = co;
    this.outH = outH;
    this.outW = outW;
    this.sy = sy;
    this.grids = grids;
    this.weightStrides = weightStrides;
    boolean[] used = new boolean[sy * sx];
    int pitch = 1;
    int width = 1;
    for (TapGrid g : grids) {
      width = Math.max(width, (g.cols() - 1) * sx + g.widest() + 1);
      pitch = Math.max(pitch, g.cols() + g.widest() / sx);
      for (int i = 0; i < g.taps(); i++) {
        used[g.ty()[i] % sy * sx + g.tx()[i] % sx] = true;
      }
    }
    if (batch) {
      pitch = width;
    }
    mr = ConvTiles.channels(co);
    tiles = Math.ceilDiv(co, mr);
    int step = grids.length == 1 ? 1 : grids[grids.length - 1].osy();
    int band = outH;
    PackedPlanes fit;
    long channel;
    while (true) {
      fit =
          new PackedPlanes(
              batch, ci, h, w, sy, sx, padT, padL, sourceRows(band, batch), pitch, used);
      channel = tileBytes(batch, band, pitch);
      if (band <= step
          || (fit.bytes() <= PLANES_BUDGET && channel * Math.min(mr, co) <= TILE_BUDGET)) {
        break;
      }
      int half = Math.ceilDiv(band, 2);
      band = Math.max(step, Math.ceilDiv(half, step) * step);
      if (Math.ceilDiv(outH, band) == 1) {
        break;
      }
    }
    planes = fit;
    tileChannelBytes = channel;
    bandRows = Math.max(1, band);
    bands = Math.ceilDiv(outH, bandRows);
    imagesPerTask = batch ? Vectors.LANES : 1;
    imageBlocks = Math.ceilDiv(n, imagesPerTask);
    long tasks = Math.max(1L, (long) imageBlocks * groups * bands);
    int blocks = (int) Math.min(tiles, Math.max(1, WANTED_TASKS / tasks));
    tilesPerTask = Math.ceilDiv(tiles, blocks);
    tileBlocks = Math.ceilDiv(tiles, tilesPerTask);
    tables = new long[grids.length];
    long entries = 0;
    for (TapGrid g : grids) {
      entries += (long) ci * g.taps();
    }
    tableMemory = Arena.ofAuto().allocate(Math.max(8, entries * 4), 64);
    long at = tableMemory.address();
    for (int i = 0; i < grids.length; i++) {
      tables[i] = at;
      TapGrid g = grids[i];
      for (int c = 0; c < ci; c++) {
        for (int t = 0; t < g.taps(); t++) {
          Vectors.setInt(at, Math.toIntExact(planes.offset(c, g.ty()[t], g.tx()[t])));
          at += 4;
        }
      }
    }
  }

  /** y from x. */
  static TapPlan forward(ConvShape s) {
    TapGrid[] grids = {forwardGrid(s)};
    int ci = s.ci() / s.groups();
    int co = s.co() / s.groups();
    boolean images = ConvLayout.images(s.n(), ci, co, s.h(), s.w(), s.sw(), s.oh(), s.ow(), grids);
    return forward(s, images);
  }

  /** y from x, with images or pixels in the lanes. */
  static TapPlan forward(ConvShape s, boolean images) {
    int ci = s.ci() / s.groups();
    int co = s.co() / s.groups();
    int taps = s.kh() * s.kw();
    return new TapPlan(
        images,
        s.n(),
        s.groups(),
        ci,
        co,
        s.h(),
        s.w(),
        s.oh(),
        s.ow(),
        s.sh(),
        s.sw(),
        s.ph(),
        s.pw(),
        new TapGrid[] {forwardGrid(s)},
        new int[] {ci * taps, taps});
  }

  static TapGrid forwardGrid(ConvShape s) {
    int taps = s.kh() * s.kw();
    int[] ty = new int[taps];
    int[] tx = new int[taps];
    int[] weight = new int[taps];
    for (int i = 0; i < taps; i++) {
      ty[i] = i / s.kw() * s.dh();
      tx[i] = i % s.kw() * s.dw();
      weight[i] = i;
    }
    return new TapGrid(0, 1, 0, 1, s.oh(), s.ow(), ty, tx, weight);
  }

  /**
   * The gradient of x from the gradient of y. Row Y = sh·t + ρ of the padded x takes, from the
   * kernel's rows ky with ky·dh ≡ ρ (mod sh), row t − (ky·dh − ρ)/sh of the gradient: a convolution
   * of stride 1 for each remainder.
   */
  static TapPlan backwardData(ConvShape s) {
    TapGrid[] grids = backwardGrids(s);
    int ci = s.co() / s.groups();
    int co = s.ci() / s.groups();
    boolean images = ConvLayout.images(s.n(), ci, co, s.oh(), s.ow(), 1, s.h(), s.w(), grids);
    return backwardData(s, images);
  }

  /** gx from gy, with images or pixels in the lanes. */
  static TapPlan backwardData(ConvShape s, boolean images) {
    int ci = s.ci() / s.groups();
    int co = s.co() / s.groups();
    int taps = s.kh() * s.kw();
    return new TapPlan(
        images,
        s.n(),
        s.groups(),
        co,
        ci,
        s.oh(),
        s.ow(),
        s.h(),
        s.w(),
        1,
        1,
        pad(axes(s.h(), s.kh(), s.sh(), s.ph(), s.dh())),
        pad(axes(s.w(), s.kw(), s.sw(), s.pw(), s.dw())),
        backwardGrids(s),
        new int[] {taps, ci * taps});
  }

  private static TapGrid[] backwardGrids(ConvShape s) {
    List<Axis> vertical = axes(s.h(), s.kh(), s.sh(), s.ph(), s.dh());
    List<Axis> horizontal = axes(s.w(), s.kw(), s.sw(), s.pw(), s.dw());
    int padT = pad(vertical);
    int padL = pad(horizontal);
    List<TapGrid> grids = new ArrayList<>();
    for (Axis v : vertical) {
      for (Axis u : horizontal) {
        int taps = v.taps.length * u.taps.length;
        int[] ty = new int[taps];
        int[] tx = new int[taps];
        int[] weight = new int[taps];
        for (int i = 0; i < taps; i++) {
          int a = i / u.taps.length;
          int b = i % u.taps.length;
          ty[i] = v.shift[a] + padT;
          tx[i] = u.shift[b] + padL;
          weight[i] = v.taps[a] * s.kw() + u.taps[b];
        }
        grids.add(new TapGrid(v.first, s.sh(), u.first, s.sw(), v.count, u.count, ty, tx, weight));
      }
    }
    return grids.toArray(new TapGrid[0]);
  }

  /**
   * The outputs of one remainder along one axis: first, count, and for each tap its source relative
   * to the output's index.
   */
  private record Axis(int first, int count, int[] taps, int[] shift) {}

  private static List<Axis> axes(int size, int kernel, int stride, int padding, int dilation) {
    List<Axis> result = new ArrayList<>();
    for (int rest = 0; rest < stride; rest++) {
      int from = Math.max(0, Math.ceilDiv(padding - rest, stride));
      int first = stride * from + rest - padding;
      if (first >= size) {
        continue;
      }
      int count = (size - 1 - first) / stride + 1;
      int hits = 0;
      for (int k = 0; k < kernel; k++) {
        hits += k * dilation % stride == rest ? 1 : 0;
      }
      int[] taps = new int[hits];
      int[] shift = new int[hits];
      int i = 0;
      for (int k = 0; k < kernel; k++) {
        if (k * dilation % stride == rest) {
          taps[i] = k;
          shift[i++] = from - (k * dilation - rest) / stride;
        }
      }
      result.add(new Axis(first, count, taps, shift));
    }
    return result;
  }

  private static int pad(List<Axis> axes) {
    int pad = 0;
    for (Axis a : axes) {
      for (int s : a.shift) {
        pad = Math.max(pad, -s);
      }
    }
    return pad;
  }

  /** First row of the padded source that the band from output row {@code d} reads. */
  int sourceRow(int d) {
    int first = Integer.MAX_VALUE;
    for (TapGrid g : grids) {
      first = Math.min(first, g.rowFrom(d) * sy);
    }
    return first;
  }

  private int sourceRows(int band, boolean batch) {
    int most = 1;
    for (int d = 0; d < outH; d += band) {
      int from = sourceRow(d);
      int to = Math.min(outH, d + band);
      for (TapGrid g : grids) {
        int last = g.rowFrom(to) - 1;
        if (last >= g.rowFrom(d)) {
          int rows =
              batch ? last * sy - from + g.tallest() + 1 : last - from / sy + g.tallest() / sy + 1;
          most = Math.max(most, rows);
        }
      }
    }
    return most;
  }

  private long tileBytes(boolean batch, int band, int pitch) {
    if (batch) {
      return (long) band * outW * Vectors.BYTES;
    }
    long most = 0;
    for (TapGrid g : grids) {
      int rows = Math.ceilDiv(band, g.osy());
      long pixels = (long) (rows - 1) * pitch + g.cols();
      most = Math.max(most, Math.ceilDiv(pixels, (long) Vectors.LANES) * Vectors.BYTES);
    }
    return most;
  }

  int tasks() {
    return units() * tileBlocks;
  }

  /** Pieces of source that are packed by themselves: images, group and band. */
  int units() {
    return imageBlocks * groups * bands;
  }

  /** Whether several pieces read the same planes, so that these are packed before. */
  boolean sharesPlanes() {
    return tileBlocks > 1;
  }

  /** Bytes of a unit's packed planes. */
  long unitBytes() {
    return (planes.bytes() + 63) / 64 * 64;
  }

  /** Address of grid {@code i}'s offsets. */
  long table(int i) {
    return tables[i];
  }

  int sy() {
    return sy;
  }

  /** Bytes of the packed weights. */
  @Override
  public long weightBytes() {
    long floats = 0;
    for (TapGrid g : grids) {
      floats += (long) groups * co * planes.channels * g.taps();
    }
    return Math.max(4, 4 * floats);
  }

  /** Packs a weight tensor into panels [grid][group][tile][channel, tap][mr]. */
  @Override
  public void packWeights(long weight, long packed) {
    PanelTask.run(this, weight, packed);
  }

  @Override
  public void run(long x, long weights, long bias, boolean relu, boolean accumulate, long y) {
    TapTask.run(this, x, weights, bias, relu, accumulate, y);
  }

  /** Packs the panels of one tile, numbered through all groups. */
  void packPanels(int index, long weight, long packed) {
    int g = index / tiles;
    int o = index % tiles * mr;
    int width = Math.min(mr, co - o);
    long group = 4L * co * planes.channels * Math.min(weightStrides[0], weightStrides[1]);
    long panels = packed;
    for (TapGrid grid : grids) {
      long k = (long) planes.channels * grid.taps();
      long to = panels + 4L * k * ((long) g * co + o);
      for (int i = 0; i < width; i++) {
        long from = weight + g * group + 4L * (o + i) * weightStrides[0];
        panelColumn(grid.weight(), from, to + 4L * i, 4L * width);
      }
      panels += 4L * k * groups * co;
    }
  }

  private void panelColumn(int[] taps, long from, long to, long step) {
    long at = to;
    for (int c = 0; c < planes.channels; c++) {
      long channel = from + 4L * c * weightStrides[1];
      for (int tap : taps) {
        Vectors.set(at, Vectors.get(channel + 4L * tap));
        at += step;
      }
    }
  }
}
