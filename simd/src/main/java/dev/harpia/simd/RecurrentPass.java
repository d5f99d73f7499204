package dev.harpia.simd;

/**
 * One direction of one recurrent layer over a whole sequence, forward and backward, at absolute
 * addresses. The caller sets the addresses and calls {@link #forward()} or {@link #backward()}; an
 * object may be used again and again, by one thread at a time, and then allocates nothing.
 *
 * <p>The input's product is one GEMM over all steps; a step is the state's product, from weights
 * packed once per call, and a pointwise kernel; gradients of weights and of x are one GEMM each
 * after the loop. An address of 0 means "none" where the field says so. Weights lie as PyTorch
 * stores them: weightIh [gates·H, input], weightHh [gates·H, S], biases [gates·H], weightHr
 * [projection, H]; see {@link RecurrentShape} for the other shapes.
 */
public final class RecurrentPass {
  final RecurrentShape shape;
  private final ForwardSteps forwardSteps;
  private final BackwardSteps backwardSteps;

  /** Inputs; y's rows are {@code yStride} floats apart, so that two directions can share one y. */
  public long x;

  /** 0 where x [T, N, gates·H] is already its product with the input. */
  public long weightIh;

  public long weightHh;

  /** 0 where the layer has no bias. */
  public long biasIh;

  /** 0 where the layer has no bias. */
  public long biasHh;

  /** 0 where the state is not projected. */
  public long weightHr;

  /** 0 for zeros. */
  public long h0;

  /** LSTM only; 0 for zeros. */
  public long c0;

  /**
   * [N] integers, or 0 where every sequence has T steps: y is zero from a sequence's length on, and
   * the final state is the one after its last step (in reverse: its first).
   */
  public long lengths;

  public long y;
  public int yStride;

  /** 0 where the final state is not wanted. */
  public long hn;

  /** LSTM only; 0 where the final cell is not wanted. */
  public long cn;

  /** {@link RecurrentShape#savedFloats()}: written by forward, read by backward. */
  public long saved;

  /** {@link RecurrentShape#forwardWorkFloats()} or {@link RecurrentShape#backwardWorkFloats()}. */
  public long work;

  /** Gradient of y, with rows {@code gyStride} floats apart; 0 for zeros. */
  public long gy;

  public int gyStride;

  /** 0 for zeros. */
  public long ghn;

  /** 0 for zeros. */
  public long gcn;

  /**
   * Wanted gradients: 0 where not wanted; each is overwritten, or added to where its flag says so.
   */
  public long gx;

  public long gWeightIh;
  public long gWeightHh;
  public long gBiasIh;
  public long gBiasHh;
  public long gWeightHr;
  public long gh0;
  public long gc0;
  public boolean addX;
  public boolean addWeightIh;
  public boolean addWeightHh;
  public boolean addBiasIh;
  public boolean addBiasHh;
  public boolean addWeightHr;
  public boolean addH0;
  public boolean addC0;

  /** A pass of the given sizes. */
  public RecurrentPass(RecurrentShape shape) {
    this.shape = shape;
    forwardSteps = new ForwardSteps(this);
    backwardSteps = new BackwardSteps(this);
  }

  /** y, hn and cn from x, h0 and c0. */
  public void forward() {
    forwardSteps.run();
  }

  /** Gradients, after a forward pass with the same {@code saved}, inputs and weights. */
  public void backward() {
    backwardSteps.run();
  }

  boolean lstm() {
    return shape.cell() == RecurrentCell.LSTM;
  }

  /** Whether batch element n takes part in the {@code s}-th step. */
  boolean active(int s, int n) {
    return lengths == 0 || shape.time(s) < Vectors.getInt(lengths + 4L * n);
  }

  // Parts of `saved`: activated gates, the state before each step, the cell before each step, the
  // unprojected state.

  long gates(long row) {
    return saved + 4 * row * shape.rowFloats();
  }

  long states(long row) {
    return saved + 4L * shape.rows() * shape.rowFloats() + 4 * row * shape.statePitch();
  }

  long cells(long row) {
    return states(shape.rows() + shape.batch()) + 4 * row * shape.pitch();
  }

  long unprojected(long row) {
    return cells(shape.rows() + shape.batch()) + 4 * row * shape.pitch();
  }
}
