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
      boolean done = pass.weightIh == 0;
      long inputRows =
          done ? 4L * (g * hidden + unit) : weightRow(pass.weightIh, g, in) + 4L * unit * in;
      long stateRows = weightRow(pass.weightHh, g, k) + 4L * unit * k;
      for (int n = 0; n < shape.batch(); n++) {
        long row = to + n * toRow + 4L * unit;
        if (done) {
          Spans.add(at(row, cell.inputSlot(g), pitch), x + n * xRow + inputRows, units);
        } else {
          Dots.rows(dots, inputRows, 4L * in, x + n * xRow, in, units);
          Spans.add(at(row, cell.inputSlot(g), pitch), dots, units);
        }
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
        Spans.add(at(to, cell.inputSlot(g), pitch), biasIh + 4L * g * hidden, hidden);
      }
      if (biasHh != 0) {
        Spans.add(at(to, cell.hiddenSlot(g), pitch), biasHh + 4L * g * hidden, hidden);
      }
    }
  }

  /**
   * Packs weightHh for {@link #stepTile}: a panel is one vector of units with its gates, or four
   * vectors of one gate; for {@link RecurrentShape#paired} rows two vectors of units, gate by gate.
   */
  void packBlock(long weight, long panels, int block) {
    int k = shape.state();
    int nv = blockVectors();
    for (int v = 0; v < nv; v++) {
      int gate = gates == 1 ? 0 : v;
      int unit = gates == 1 ? (block * nv + v) * LANES : block * LANES;
      int columns = Math.clamp(hidden - unit, 0, LANES);
      long from = weightRow(weight, gate, k) + 4L * unit * k;
      long to = panels + (long) block * k * nv * BYTES + (long) v * BYTES;
      long row = (long) nv * BYTES;
      if (shape.paired()) {
        row = (long) pairVectors(block / 2) * BYTES;
        to = pairPanel(panels, block / 2, gate) + (long) (block % 2) * BYTES;
      }
      Panels.packTransposed(to, row, from, 4L * k, columns, k, 1f);
    }
  }

  /** Vectors of the {@code pair}-th pair of vectors of units: 2, or 1 at an odd end. */
  private int pairVectors(int pair) {
    return Math.min(2, shape.hiddenBlocks() - 2 * pair);
  }

  private long pairPanel(long panels, int pair, int gate) {
    long vectors = 2L * pair * gates + (long) gate * pairVectors(pair);
    return panels + vectors * shape.state() * BYTES;
  }

  private int blockVectors() {
    return gates == 1 ? Panels.VECTORS : gates;
  }

  /** Gates of one step, for one tile of four vectors of units, += states · packed weightHhᵀ. */
  void stepTile(int tile, long states, long rowStep, long panels, long to) {
    int k = shape.state();
    if (shape.paired()) {
      pairedStepTile(tile, states, rowStep, panels, to);
      return;
    }
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

  private void pairedStepTile(int tile, long states, long rowStep, long panels, long to) {
    int first = tile * Panels.VECTORS / 2;
    int end = Math.min(first + Panels.VECTORS / 2, (shape.hiddenBlocks() + 1) / 2);
    for (int pair = first; pair < end; pair++) {
      for (int g = 0; g < gates; g++) {
        allRows(
            pairVectors(pair),
            states,
            4 * rowStep * shape.statePitch(),
            pairPanel(panels, pair, g),
            shape.state(),
            at(to, cell.hiddenSlot(g), pitch) + 2L * pair * BYTES,
            4 * rowStep * shape.rowFloats());
      }
    }
  }

  /**
   * C [batch, vectors] += A [batch, k] · a panel of so many vectors, with as many rows in one tile
   * as the registers hold: each more pass over the panel costs as much as reading it from the
   * cache.
   */
  private void allRows(int vectors, long a, long ar, long panel, int k, long c, long cr) {
    int batch = shape.batch();
    int tiles = Math.ceilDiv(batch, MicroKernels.rows(vectors));
    for (int i = 0, t = 0; t < tiles; t++) {
      int rows = (batch - i) / (tiles - t);
      long to = c + i * cr;
      MicroKernels.tile(rows, vectors, false, false, false)
          .run(a + i * ar, ar, panel, (long) vectors * BYTES, k, to, cr, to, cr, LANES);
      i += rows;
    }
  }

  /**
   * Packs panel {@code panel} of weightHh, not transposed: rows follow the padded slots, columns
   * the state. For {@link RecurrentShape#paired} rows it falls into two panels of half the width.
   */
  void packGradientPanel(long weight, long panels, int panel) {
    int parts = shape.paired() ? 2 : 1;
    int width = Panels.WIDTH / parts;
    long row = Panels.ROW / parts;
    int k = shape.state();
    for (int part = panel * parts; part < (panel + 1) * parts; part++) {
      int columns = Math.clamp(k - part * width, 0, width);
      for (int g = 0; g < gates; g++) {
        long to = panels + ((long) part * gates + g) * pitch * row;
        long from = weightRow(weight, g, k) + 4L * part * width;
        Panels.copyRows(to, row, width, from, 4L * k, columns, hidden);
        Vectors.zero(to + hidden * row, (pitch - hidden) * row);
      }
    }
  }

  /**
   * One panel of one step's dStates += dGates · packed weightHh; in several passes over a panel
   * gate by gate: more of it than that leaves the cache.
   */
  void gradientTile(int panel, long d, long rowStep, long panels, long dStates) {
    long ar = 4 * rowStep * shape.rowFloats();
    long cr = 4L * shape.wideState();
    if (shape.paired()) {
      for (int half = 2 * panel; half < 2 * panel + 2; half++) {
        long from = panels + (long) half * gates * pitch * (Panels.ROW / 2);
        long to = dStates + half * (Panels.ROW / 2);
        allRows(2, at(d, cell.hiddenSlot(0), pitch), ar, from, gates * pitch, to, cr);
      }
      return;
    }
    for (int g = 0; g < gates; g++) {
      Panels.rows(
          Panels.VECTORS,
          shape.batch(),
          at(d, cell.hiddenSlot(g), pitch),
          ar,
          4,
          panels + ((long) panel * gates + g) * pitch * Panels.ROW,
          Panels.ROW,
          pitch,
          dStates + (long) panel * Panels.ROW,
          cr,
          BYTES,
          true);
    }
  }
}
