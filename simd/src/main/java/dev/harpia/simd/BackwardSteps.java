package dev.harpia.simd;

/**
 * The backward loop of {@link RecurrentPass}; as a task, tile {@code index} of the present phase.
 */
final class BackwardSteps implements Parallel.Task {
  private enum Phase {
    PACK,
    STEP,
    UNPROJECT,
    START,
    BIAS
  }

  private final RecurrentPass pass;
  private final RecurrentShape shape;
  private final GateProducts products;
  private final long slot;
  private final long wide;

  private Phase phase = Phase.STEP;
  private int step;

  BackwardSteps(RecurrentPass pass) {
    this.pass = pass;
    this.shape = pass.shape;
    this.products = new GateProducts(shape);
    this.slot = 4L * shape.pitch();
    this.wide = 4L * shape.wideState();
  }

  // Parts of `work`: gradients of all gates, of the state and of the cell, then packed weights,
  // then what projecting needs.

  private long dGates(long row) {
    return pass.work + 4 * row * shape.rowFloats();
  }

  private long dState(long n) {
    return dGates(shape.rows()) + n * wide;
  }

  private long dCell(long n) {
    return dState(shape.batch()) + n * slot;
  }

  private long panels() {
    return dCell(shape.batch());
  }

  private long dProjected(long row) {
    long floats =
        shape.packed() ? (long) shape.cell().gates() * shape.pitch() * shape.wideState() : 0;
    return panels() + 4 * floats + row * wide;
  }

  private long dUnprojected(long n) {
    return dProjected(shape.rows()) + 4 * n * shape.wideHidden();
  }

  private long projectionPanels() {
    return dUnprojected(shape.batch());
  }

  void run() {
    prepare();
    int tiles = shape.wideState() / Panels.WIDTH;
    if (shape.packed()) {
      phase = Phase.PACK;
      Parallel.run(tiles, this);
    }
    for (step = shape.steps() - 1; step >= 0; step--) {
      if (!shape.packed()) {
        fromNextStep();
      }
      phase = Phase.STEP;
      Parallel.run(tiles, this);
      if (shape.projection() > 0) {
        keepProjected();
        phase = Phase.UNPROJECT;
        Parallel.run(shape.wideHidden() / Panels.WIDTH, this);
      }
    }
    if (shape.packed()) {
      phase = Phase.START;
      Parallel.run(tiles, this);
    } else {
      fromNextStep();
    }
    finish();
  }

  private void prepare() {
    startGradient(pass.ghn, dState(0), wide, shape.state());
    startGradient(pass.lstm() ? pass.gcn : 0, dCell(0), slot, shape.hidden());
    if (shape.projection() > 0) {
      long to = projectionPanels();
      int width = Panels.WIDTH;
      for (int p = 0; p < shape.wideHidden() / width; p++) {
        int columns = Math.min(width, shape.hidden() - p * width);
        Panels.copyRows(
            to + (long) p * shape.projection() * Panels.ROW,
            Panels.ROW,
            width,
            pass.weightHr + (long) p * Panels.ROW,
            4L * shape.hidden(),
            columns,
            shape.projection());
      }
    }
  }

  private void startGradient(long from, long to, long toRow, int features) {
    Vectors.zero(to, toRow * shape.batch());
    if (from != 0) {
      for (int n = 0; n < shape.batch(); n++) {
        Vectors.copy(from + 4L * n * features, to + n * toRow, 4L * features);
      }
    }
  }

  /**
   * dState += dGates(next) · weightHh with the weights as they lie; nothing comes from beyond the
   * last step.
   */
  private void fromNextStep() {
    int next = step + 1;
    if (next < shape.steps()) {
      products.stateGradient(
          dGates(shape.firstRow(next)), shape.rowStep(next), pass.weightHh, dState(0));
    }
  }

  /** The gradient of a projected state is kept for the projection's weights, and consumed. */
  private void keepProjected() {
    long row = shape.firstRow(step);
    for (int n = 0; n < shape.batch(); n++) {
      long kept = dProjected(row + n * shape.rowStep(step));
      if (pass.active(step, n)) {
        Vectors.copy(dState(n), kept, wide);
        Vectors.zero(dState(n), wide);
      } else {
        Vectors.zero(kept, wide);
      }
    }
  }

  private void finish() {
    returnState(pass.gh0, dState(0), wide, shape.state(), pass.addH0);
    if (pass.lstm()) {
      returnState(pass.gc0, dCell(0), slot, shape.hidden(), pass.addC0);
    }
    if (pass.gx != 0) {
      products.inputGradient(dGates(0), pass.weightIh, pass.gx, pass.addX);
    }
    if (pass.gWeightIh != 0) {
      products.inputWeightGradient(dGates(0), pass.x, pass.gWeightIh, pass.addWeightIh);
    }
    if (pass.gWeightHh != 0) {
      products.stateWeightGradient(dGates(0), pass.states(0), pass.gWeightHh, pass.addWeightHh);
    }
    if (pass.gWeightHr != 0) {
      products.projectionGradient(
          dProjected(0), pass.unprojected(0), pass.gWeightHr, pass.addWeightHr);
    }
    if (pass.gBiasIh != 0 || pass.gBiasHh != 0) {
      phase = Phase.BIAS;
      // The states' gradients are done with: their memory takes the sums.
      Parallel.run(shape.tiles(), this);
    }
  }

  private void returnState(long to, long from, long fromRow, int features, boolean add) {
    if (to == 0) {
      return;
    }
    for (int n = 0; n < shape.batch(); n++) {
      long out = to + 4L * n * features;
      if (add) {
        Spans.add(out, from + n * fromRow, features);
      } else {
        Vectors.copy(from + n * fromRow, out, 4L * features);
      }
    }
  }

  @Override
  public void run(int index) {
    switch (phase) {
      case PACK -> products.packGradientPanel(pass.weightHh, panels(), index);
      case STEP -> stepTile(index);
      case UNPROJECT -> unproject(index);
      case START -> carry(index);
      case BIAS -> bias(index);
    }
  }

  private void carry(int tile) {
    int next = step + 1;
    if (next < shape.steps()) {
      long row = shape.firstRow(next);
      products.gradientTile(tile, dGates(row), shape.rowStep(next), panels(), dState(0));
    }
  }

  private void stepTile(int tile) {
    if (shape.packed()) {
      carry(tile);
    }
    int from = tile * Panels.WIDTH;
    int columns = Math.min(Panels.WIDTH, shape.state() - from);
    long row = shape.firstRow(step);
    for (int n = 0; n < shape.batch(); n++) {
      if (pass.gy != 0 && pass.active(step, n)) {
        long r = row + n * shape.rowStep(step);
        Spans.add(dState(n) + 4L * from, pass.gy + 4 * (r * pass.gyStride + from), columns);
      }
    }
    if (shape.projection() == 0) {
      pointwise(tile, dState(0), wide);
    }
  }

  private void unproject(int tile) {
    long d = dProjected(shape.firstRow(step));
    long panel = projectionPanels() + (long) tile * shape.projection() * Panels.ROW;
    long to = dUnprojected(0) + (long) tile * Panels.ROW;
    long apart = 4L * shape.wideHidden();
    Panels.multiply(
        shape.batch(),
        Panels.VECTORS,
        shape.projection(),
        d,
        wide * shape.rowStep(step),
        4,
        panel,
        Panels.ROW,
        0,
        to,
        apart,
        false);
    pointwise(tile, dUnprojected(0), apart);
  }

  private void pointwise(int tile, long dh, long dhRow) {
    long from = (long) tile * Panels.ROW;
    long to = Math.min(from + Panels.ROW, slot);
    for (int n = 0; n < shape.batch(); n++) {
      long row = shape.firstRow(step) + n * shape.rowStep(step);
      long g = pass.gates(row);
      long d = dGates(row);
      long h = dh + n * dhRow;
      if (!pass.active(step, n)) {
        for (int s = 0; s < shape.cell().slots(); s++) {
          Vectors.zero(d + s * slot + from, to - from);
        }
        continue;
      }
      switch (shape.cell()) {
        case LSTM -> LstmKernels.backward(g, d, slot, pass.cells(row), h, dCell(n), from, to);
        case GRU -> GruKernels.backward(g, d, slot, pass.states(row), h, from, to);
        case RNN_TANH -> RnnKernels.backwardTanh(g, d, h, from, to);
        case RNN_RELU -> RnnKernels.backwardRelu(g, d, h, from, to);
      }
    }
  }

  /** Sums the columns of one tile of every slot, and hands each gate its part. */
  private void bias(int tile) {
    long from = (long) tile * Panels.ROW;
    int columns = Math.min(Panels.WIDTH, shape.hidden() - tile * Panels.WIDTH);
    Scratch scratch = Scratch.acquire(Panels.ROW);
    long sums = scratch.address();
    RecurrentCell cell = shape.cell();
    for (int g = 0; g < cell.gates(); g++) {
      long at = 4L * (g * shape.hidden() + tile * Panels.WIDTH);
      if (pass.gBiasIh != 0) {
        columnSums(dGates(0) + cell.inputSlot(g) * slot + from, sums, columns);
        give(pass.gBiasIh + at, sums, columns, pass.addBiasIh);
      }
      if (pass.gBiasHh != 0) {
        columnSums(dGates(0) + cell.hiddenSlot(g) * slot + from, sums, columns);
        give(pass.gBiasHh + at, sums, columns, pass.addBiasHh);
      }
    }
    scratch.keep();
    scratch.release();
  }

  private void columnSums(long d, long sums, int columns) {
    Vectors.zero(sums, Panels.ROW);
    for (int r = 0; r < shape.rows(); r++) {
      Spans.add(sums, d + 4L * r * shape.rowFloats(), columns);
    }
  }

  private static void give(long to, long sums, int columns, boolean add) {
    if (add) {
      Spans.add(to, sums, columns);
    } else {
      Vectors.copy(sums, to, 4L * columns);
    }
  }
}
