package dev.harpia.simd;

import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.LANES;

/**
 * The matrix products between weights [gates·H, …] and rows of gate slots. Where H fills whole
 * vectors, adjacent gates are one product; else each gate is its own, because the slots are padded
 * and the weights are not.
 */
final class GateProducts {
  private final RecurrentShape shape;
  private final RecurrentCell cell;
  private final int gates;
  private final int hidden;
  private final int pitch;
  private final boolean dense;

  GateProducts(RecurrentShape shape) {
    this.shape = shape;
    this.cell = shape.cell();
    this.gates = cell.gates();
    this.hidden = shape.hidden();
    this.pitch = shape.pitch();
    this.dense = pitch == hidden;
  }

  /** How many gates, from g on, form one product of the input. */
  private int inputRun(int g) {
    int end = g + 1;
    while (dense && end < gates && cell.inputSlot(end) == cell.inputSlot(end - 1) + 1) {
      end++;
    }
    return end - g;
  }

  private int hiddenRun() {
    return dense ? gates : 1;
  }

  private long weightRow(long weight, int gate, int columns) {
    return weight + 4L * gate * hidden * columns;
  }

  private static long at(long row, int slot, int pitch) {
    return row + 4L * slot * pitch;
  }

  private static void multiply(
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc) {
    Multiply.run(ta, tb, m, n, k, 1f, a, lda, b, ldb, beta, c, ldc);
  }

  /** gates [rows] = x · weightIhᵀ. */
  void input(long x, long weight, long to) {
    int in = shape.input();
    for (int g = 0; g < gates; ) {
      int run = inputRun(g);
      multiply(
          false,
          true,
          shape.rows(),
          run * hidden,
          in,
          x,
          in,
          weightRow(weight, g, in),
          in,
          0f,
          at(to, cell.inputSlot(g), pitch),
          shape.rowFloats());
      g += run;
    }
  }

  /** gx = dGates · weightIh. */
  void inputGradient(long d, long weight, long gx, boolean add) {
    int in = shape.input();
    boolean later = add;
    for (int g = 0; g < gates; ) {
      int run = inputRun(g);
      multiply(
          false,
          false,
          shape.rows(),
          in,
          run * hidden,
          at(d, cell.inputSlot(g), pitch),
          shape.rowFloats(),
          weightRow(weight, g, in),
          in,
          later ? 1f : 0f,
          gx,
          in);
      later = true;
      g += run;
    }
  }

  /** gWeightIh = dGatesᵀ · x. */
  void inputWeightGradient(long d, long x, long gWeight, boolean add) {
    int in = shape.input();
    for (int g = 0; g < gates; ) {
      int run = inputRun(g);
      multiply(
          true,
          false,
          run * hidden,
          in,
          shape.rows(),
          at(d, cell.inputSlot(g), pitch),
          shape.rowFloats(),
          x,
          in,
          add ? 1f : 0f,
          weightRow(gWeight, g, in),
          in);
      g += run;
    }
  }

  /** gWeightHh = dGatesᵀ · states. */
  void stateWeightGradient(long d, long states, long gWeight, boolean add) {
    int run = hiddenRun();
    int k = shape.state();
    for (int g = 0; g < gates; g += run) {
      multiply(
          true,
          false,
          run * hidden,
          k,
          shape.rows(),
          at(d, cell.hiddenSlot(g), pitch),
          shape.rowFloats(),
          states,
          shape.statePitch(),
          add ? 1f : 0f,
          weightRow(gWeight, g, k),
          k);
    }
  }

  /** gWeightHr = dProjectedᵀ · unprojected. */
  void projectionGradient(long d, long unprojected, long gWeight, boolean add) {
    multiply(
        true,
        false,
        shape.projection(),
        hidden,
        shape.rows(),
        d,
        shape.wideState(),
        unprojected,
        pitch,
        add ? 1f : 0f,
        gWeight,
        hidden);
  }

  /** One step's dStates += dGates · weightHh, with the weights as they lie. */
  void stateGradient(long d, long rowStep, long weight, long dStates) {
    int run = hiddenRun();
    int k = shape.state();
    for (int g = 0; g < gates; g += run) {
      multiply(
          false,
          false,
          shape.batch(),
          k,
          run * hidden,
          at(d, cell.hiddenSlot(g), pitch),
          Math.toIntExact(rowStep * shape.rowFloats()),
          weightRow(weight, g, k),
          k,
          1f,
          dStates,
          shape.wideState());
    }
  }

  /**
   * One step's gates of a tile of four vectors of units, for few batch elements: dot products with
   * the weights as they lie, so that these are read once, at the speed of memory.
   */
  void thinTile(
      int tile,
      long x,
      long xRow,
      long states,
      long stateRow,
      RecurrentPass pass,
      long to,
      long toRow) {
    int unit = tile * Panels.WIDTH;
    int units = Math.min(Panels.WIDTH, hidden - unit);
    int in = shape.input();
    int k = shape.state();
    Scratch scratch = Scratch.acquire((long) Panels.WIDTH * BYTES);
    long dots = scratch.address();
    for (int n = 0; n < shape.batch(); n++) {
      for (int s = 0; s < cell.slots(); s++) {
        Vectors.zero(
            at(to + n * toRow, s, pitch) + 4L * unit, 4L * Math.min(Panels.WIDTH, pitch - unit));
      }
    }
    for (int g = 0; g < gates; g++) {
      long inputRows = weightRow(pass.weightIh, g, in) + 4L * unit * in;
      long stateRows = weightRow(pass.weightHh, g, k) + 4L * unit * k;
      for (int n = 0; n < shape.batch(); n++) {
        long row = to + n * toRow + 4L * unit;
        Dots.rows(dots, inputRows, 4L * in, x + n * xRow, in, units);
        Spans.add(at(row, cell.inputSlot(g), pitch), dots, units);
        Dots.rows(dots, stateRows, 4L * k, states + n * stateRow, k, units);
        Spans.add(at(row, cell.hiddenSlot(g), pitch), dots, units);
      }
    }
    scratch.keep();
    scratch.release();
  }

  /** The row of slots that is added to every row of gates. */
  void bias(long biasIh, long biasHh, long to) {
    Vectors.zero(to, 4L * shape.rowFloats());
    for (int g = 0; g < gates; g++) {
      if (biasIh != 0) {
        addTo(at(to, cell.inputSlot(g), pitch), biasIh + 4L * g * hidden, hidden);
      }
      if (biasHh != 0) {
        addTo(at(to, cell.hiddenSlot(g), pitch), biasHh + 4L * g * hidden, hidden);
      }
    }
  }

  static void addTo(long to, long from, int n) {
    for (long o = 0; o < 4L * n; o += 4) {
      Vectors.set(to + o, Vectors.get(to + o) + Vectors.get(from + o));
    }
  }

  /**
   * Packs weightHh for {@link #stepTile}: a panel is one vector of units with its gates, or four
   * vectors of one gate.
   */
  void packBlock(long weight, long panels, int block) {
    int k = shape.state();
    int nv = blockVectors();
    long to = panels + (long) block * k * nv * BYTES;
    for (int v = 0; v < nv; v++) {
      int gate = gates == 1 ? 0 : v;
      int unit = gates == 1 ? (block * nv + v) * LANES : block * LANES;
      int columns = Math.clamp(hidden - unit, 0, LANES);
      long from = weightRow(weight, gate, k) + 4L * unit * k;
      Panels.packTransposed(to + (long) v * BYTES, (long) nv * BYTES, from, 4L * k, columns, k, 1f);
    }
  }

  private int blockVectors() {
    return gates == 1 ? Panels.VECTORS : gates;
  }

  /** Gates of one step, for one tile of four vectors of units, += states · packed weightHhᵀ. */
  void stepTile(int tile, long states, long rowStep, long panels, long to) {
    int k = shape.state();
    int nv = blockVectors();
    int per = gates == 1 ? 1 : Panels.VECTORS;
    int end = Math.min((tile + 1) * per, shape.hiddenBlocks());
    long firstSlot = at(to, cell.hiddenSlot(0), pitch);
    for (int b = tile * per; b < end; b++) {
      Panels.rows(
          nv,
          shape.batch(),
          states,
          4 * rowStep * shape.statePitch(),
          4,
          panels + (long) b * k * nv * BYTES,
          (long) nv * BYTES,
          k,
          firstSlot + (long) b * (gates == 1 ? Panels.ROW : BYTES),
          4 * rowStep * shape.rowFloats(),
          gates == 1 ? BYTES : 4L * pitch,
          true);
    }
  }

  /**
   * Packs panel {@code panel} of weightHh, not transposed: rows follow the padded slots, columns
   * the state.
   */
  void packGradientPanel(long weight, long panels, int panel) {
    int k = shape.state();
    int columns = Math.clamp(k - panel * Panels.WIDTH, 0, Panels.WIDTH);
    for (int g = 0; g < gates; g++) {
      long to = panels + ((long) panel * gates + g) * pitch * Panels.ROW;
      long from = weightRow(weight, g, k) + 4L * panel * Panels.WIDTH;
      Panels.copyRows(to, Panels.ROW, Panels.WIDTH, from, 4L * k, columns, hidden);
      Vectors.zero(to + hidden * Panels.ROW, (pitch - hidden) * Panels.ROW);
    }
  }

  /**
   * One panel of one step's dStates += dGates · packed weightHh, gate by gate: more of a panel than
   * that leaves the cache.
   */
  void gradientTile(int panel, long d, long rowStep, long panels, long dStates) {
    for (int g = 0; g < gates; g++) {
      Panels.rows(
          Panels.VECTORS,
          shape.batch(),
          at(d, cell.hiddenSlot(g), pitch),
          4 * rowStep * shape.rowFloats(),
          4,
          panels + ((long) panel * gates + g) * pitch * Panels.ROW,
          Panels.ROW,
          pitch,
          dStates + (long) panel * Panels.ROW,
          4L * shape.wideState(),
          BYTES,
          true);
    }
  }
}
