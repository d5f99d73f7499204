package dev.harpia.simd;

import static dev.harpia.simd.Vectors.BYTES;

/**
 * The forward loop of {@link RecurrentPass}; as a task, tile {@code index} of the present phase.
 */
final class ForwardSteps implements Parallel.Task {
  private enum Phase {
    PACK,
    STEP,
    PROJECT
  }

  private final RecurrentPass pass;
  private final RecurrentShape shape;
  private final GateProducts products;
  private final long slot;

  private Phase phase = Phase.STEP;
  private int step;

  ForwardSteps(RecurrentPass pass) {
    this.pass = pass;
    this.shape = pass.shape;
    this.products = new GateProducts(shape);
    this.slot = 4L * shape.pitch();
  }

  void run() {
    prepare();
    if (!shape.thin()) {
      products.input(pass.x, pass.weightIh, pass.gates(0));
      phase = Phase.PACK;
      Parallel.run(shape.tiles(), this);
    }
    for (step = 0; step < shape.steps(); step++) {
      phase = Phase.STEP;
      Parallel.run(shape.tiles(), this);
      if (shape.projection() > 0) {
        phase = Phase.PROJECT;
        Parallel.run(shape.wideState() / Panels.WIDTH, this);
      }
      finishStep();
    }
    long last = shape.firstRow(shape.steps());
    copyState(pass.hn, pass.states(last), shape.state(), shape.statePitch());
    if (pass.lstm()) {
      copyState(pass.cn, pass.cells(last), shape.hidden(), shape.pitch());
    }
  }

  private void copyState(long to, long from, int features, int pitch) {
    if (to != 0) {
      Panels.copyRows(to, 4L * features, features, from, 4L * pitch, features, shape.batch());
    }
  }

  private void prepare() {
    // Padding must be finite: products run over it, against zeros.
    if (shape.pitch() != shape.hidden() || shape.statePitch() != shape.state()) {
      Vectors.zero(pass.saved, 4 * shape.savedFloats());
    } else if (shape.cell() == RecurrentCell.GRU) {
      for (int r = 0; r < shape.rows(); r++) {
        Vectors.zero(pass.gates(r) + 3 * slot, slot);
      }
    }
    long first = shape.firstRow(0);
    long apart = 4 * shape.rowStep(0);
    startState(
        pass.h0, pass.states(first), apart * shape.statePitch(), shape.state(), shape.statePitch());
    if (pass.lstm()) {
      startState(pass.c0, pass.cells(first), apart * shape.pitch(), shape.hidden(), shape.pitch());
    }
    products.bias(pass.biasIh, pass.biasHh, pass.work);
    if (shape.projection() > 0) {
      Panels.packTransposedPanels(
          projectionPanels(),
          pass.weightHr,
          4L * shape.hidden(),
          shape.projection(),
          shape.hidden(),
          1f);
    }
  }

  private void startState(long from, long to, long toRow, int features, int pitch) {
    for (int n = 0; n < shape.batch(); n++) {
      if (from == 0) {
        Vectors.zero(to + n * toRow, 4L * pitch);
      } else {
        Vectors.copy(from + 4L * n * features, to + n * toRow, 4L * features);
      }
    }
  }

  /** Sequences that have ended keep their state and give zeros; y is copied out of the states. */
  private void finishStep() {
    long row = shape.firstRow(step);
    long apart = shape.rowStep(step);
    long next = shape.firstRow(step + 1);
    long nextApart = shape.rowStep(step + 1);
    for (int n = 0; n < shape.batch(); n++) {
      long from = row + n * apart;
      long to = next + n * nextApart;
      long out = pass.y + 4 * from * pass.yStride;
      if (pass.active(step, n)) {
        Vectors.copy(pass.states(to), out, 4L * shape.state());
      } else {
        Vectors.copy(pass.states(from), pass.states(to), 4L * shape.statePitch());
        if (pass.lstm()) {
          Vectors.copy(pass.cells(from), pass.cells(to), slot);
        }
        Vectors.zero(out, 4L * shape.state());
      }
    }
  }

  private long panels() {
    return pass.work + 4L * shape.rowFloats();
  }

  private long projectionPanels() {
    long floats = shape.thin() ? 0 : (long) shape.hiddenBlocks() * Panels.WIDTH * shape.state();
    return panels() + 4 * floats;
  }

  @Override
  public void run(int index) {
    switch (phase) {
      case PACK -> pack(index);
      case STEP -> units(index);
      case PROJECT -> project(index);
    }
  }

  private void pack(int tile) {
    int blocks = shape.cell().slots() == 1 ? 1 : Panels.VECTORS;
    int end = Math.min((tile + 1) * blocks, shape.hiddenBlocks());
    for (int b = tile * blocks; b < end; b++) {
      products.packBlock(pass.weightHh, panels(), b);
    }
  }

  private void units(int tile) {
    long row = shape.firstRow(step);
    if (!shape.thin()) {
      products.stepTile(tile, pass.states(row), shape.rowStep(step), panels(), pass.gates(row));
    } else {
      thinUnits(tile, row);
    }
    long next = shape.firstRow(step + 1);
    long apart = shape.rowStep(step);
    long nextApart = shape.rowStep(step + 1);
    long from = (long) tile * Panels.ROW;
    long to = Math.min(from + Panels.ROW, slot);
    for (int n = 0; n < shape.batch(); n++) {
      long r = row + n * apart;
      long r1 = next + n * nextApart;
      long g = pass.gates(r);
      switch (shape.cell()) {
        case LSTM -> {
          long h = shape.projection() > 0 ? pass.unprojected(r) : pass.states(r1);
          LstmKernels.forward(g, slot, pass.work, pass.cells(r), pass.cells(r1), h, from, to);
        }
        case GRU ->
            GruKernels.forward(g, slot, pass.work, pass.states(r), pass.states(r1), from, to);
        case RNN_TANH -> RnnKernels.forwardTanh(g, pass.work, pass.states(r1), from, to);
        case RNN_RELU -> RnnKernels.forwardRelu(g, pass.work, pass.states(r1), from, to);
      }
    }
  }

  private void thinUnits(int tile, long row) {
    long apart = 4 * shape.rowStep(step);
    products.thinTile(
        tile,
        pass.x + 4 * row * shape.input(),
        apart * shape.input(),
        pass.states(row),
        apart * shape.statePitch(),
        pass,
        pass.gates(row),
        apart * shape.rowFloats());
  }

  private void project(int panel) {
    long row = shape.firstRow(step);
    long next = shape.firstRow(step + 1);
    Panels.multiply(
        shape.batch(),
        Panels.VECTORS,
        shape.hidden(),
        pass.unprojected(row),
        slot * shape.rowStep(step),
        4,
        projectionPanels() + (long) panel * shape.hidden() * Panels.ROW,
        Panels.ROW,
        0,
        pass.states(next) + (long) panel * Panels.VECTORS * BYTES,
        4L * shape.statePitch() * shape.rowStep(step + 1),
        false);
  }
}
