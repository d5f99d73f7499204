package dev.harpia.simd;

/**
 * The sizes of one direction of one recurrent layer.
 *
 * <p>Shapes: x [T, N, input] or, with {@code batchFirst}, [N, T, input]; y likewise with S
 * features, where S is {@code projection} if that is not zero, else {@code hidden}; h0 and hn [N,
 * S]; c0 and cn [N, hidden].
 *
 * @param cell the kind of cell
 * @param steps T
 * @param batch N
 * @param input features of x
 * @param hidden H, the number of hidden units
 * @param projection features of the projected state (LSTM only), or 0 for none
 * @param batchFirst whether the batch is the first axis of x and y
 * @param reverse whether time runs from the last step to the first
 */
public record RecurrentShape(
    RecurrentCell cell,
    int steps,
    int batch,
    int input,
    int hidden,
    int projection,
    boolean batchFirst,
    boolean reverse) {

  /** From so many steps on, packing the weights pays by itself. */
  private static final int PACK_STEPS = 4;

  /** With so few rows in a step, it is a matter of reading the weights once. */
  private static final int THIN_BATCH = 4;

  /** Rows of the tiles that are four vectors wide. */
  private static final int WIDE_ROWS = 4;

  public RecurrentShape {
    if (steps < 0 || batch < 0 || input < 1 || hidden < 1 || projection < 0) {
      throw new IllegalArgumentException(
          "recurrent: steps %d, batch %d, input %d, hidden %d, projection %d: sizes must not be negative, input and hidden at least 1"
              .formatted(steps, batch, input, hidden, projection));
    }
    if (projection > 0 && (cell != RecurrentCell.LSTM || projection >= hidden)) {
      throw new IllegalArgumentException(
          "recurrent: projection %d of %s with hidden %d: only an LSTM can project, to less than its hidden size"
              .formatted(projection, cell, hidden));
    }
  }

  /** S, the features of the state and of y. */
  public int state() {
    return projection > 0 ? projection : hidden;
  }

  /** Floats that {@link RecurrentPass#saved} must hold. */
  public long savedFloats() {
    long lstm = cell == RecurrentCell.LSTM ? (long) (rows() + batch) * pitch() : 0;
    long projected = projection > 0 ? (long) rows() * pitch() : 0;
    return (long) rows() * rowFloats() + (long) (rows() + batch) * statePitch() + lstm + projected;
  }

  /** Floats that {@link RecurrentPass#work} must hold for the forward pass. */
  public long forwardWorkFloats() {
    long panels = thin() ? 0 : (long) hiddenBlocks() * Panels.WIDTH * state();
    long projected = projection > 0 ? (long) statePitch() * hidden : 0;
    return rowFloats() + panels + projected;
  }

  /** Floats that {@link RecurrentPass#work} must hold for the backward pass. */
  public long backwardWorkFloats() {
    long panels = packed() ? (long) cell.gates() * pitch() * wideState() : 0;
    long projected =
        projection > 0
            ? (long) rows() * wideState() + (long) (batch + projection) * wideHidden()
            : 0;
    return (long) rows() * rowFloats()
        + (long) batch * (wideState() + pitch())
        + panels
        + projected;
  }

  /**
   * Whether forward takes dot products with the weights as they lie, instead of packing them. Only
   * then may {@link RecurrentPass#weightIh} be 0.
   */
  public boolean thin() {
    return !packed() && batch <= THIN_BATCH;
  }

  /** Whether backward packs the weights. */
  boolean packed() {
    return steps >= PACK_STEPS;
  }

  /**
   * Whether panels of packed weights are two vectors wide, so that all rows of a step go through a
   * panel in one pass or two: with more rows than the wide tiles have, these read it several times.
   */
  boolean paired() {
    return packed() && cell.gates() > 1 && batch > WIDE_ROWS;
  }

  int rows() {
    return Math.multiplyExact(steps, batch);
  }

  /**
   * Floats of one slot: H padded to whole vectors, or to whole panels where the cell has one gate.
   */
  int pitch() {
    return Panels.roundUp(hidden, cell.slots() == 1 ? Panels.WIDTH : Vectors.LANES);
  }

  /** Floats of one row of gates. */
  int rowFloats() {
    return cell.slots() * pitch();
  }

  /** Floats of one row of states. */
  int statePitch() {
    return projection > 0 ? Panels.roundUp(projection, Panels.WIDTH) : pitch();
  }

  int wideState() {
    return Panels.roundUp(state(), Panels.WIDTH);
  }

  int wideHidden() {
    return Panels.roundUp(hidden, Panels.WIDTH);
  }

  /**
   * Panels of the forward step: a vector of units with all its gates, or four vectors where there
   * is one gate.
   */
  int hiddenBlocks() {
    return pitch() / (cell.slots() == 1 ? Panels.WIDTH : Vectors.LANES);
  }

  /** Pieces of a step: four vectors of units each. */
  int tiles() {
    return Panels.roundUp(pitch(), Panels.WIDTH) / Panels.WIDTH;
  }

  /** The time of the {@code s}-th step taken. */
  int time(int s) {
    return reverse ? steps - 1 - s : s;
  }

  /**
   * The row of batch element 0 before the {@code s}-th step taken; with s = T, where the final
   * state lies.
   */
  long firstRow(int s) {
    return s == steps ? rows() : batchFirst ? time(s) : (long) time(s) * batch;
  }

  /** Rows from one batch element to the next, at the {@code s}-th step taken. */
  long rowStep(int s) {
    return s < steps && batchFirst ? steps : 1;
  }
}
