package dev.harpia.simd;

/**
 * Scaled dot-product attention, {@code y = softmax(scale·q·kᵀ + bias)·v}, at absolute addresses,
 * forward and backward. The caller sets the addresses and calls {@link #forward()} or {@link
 * #backward()}; an object may be used again and again, by one thread at a time, and then allocates
 * nothing.
 *
 * <p>Scores exist for a block of rows at a time; backward computes them again from the log-sum-exp
 * of each row. A query that may see no key at all gets zeros. Dropout of the weights is not done
 * here: a caller that wants it multiplies out softmax and products itself. An address of 0 means
 * "none".
 */
public final class AttentionPass {
  final AttentionShape shape;
  private final AttentionForward forwardTask;
  private final AttentionDecode decodeTask;
  private final AttentionBackward backwardTask;

  public long q;
  public long k;
  public long v;
  public long y;

  /** How many keys there are, at most the shape's: a cache may be partly filled. */
  public int keys;

  /**
   * With a causal shape, query i sees keys j ≤ i + offset: 0 aligns the first ones, Tk − Tq the
   * last ones.
   */
  public int offset;

  /**
   * Added to the scores, e.g. [Tq, Tk] or [B, H, Tq, Tk]: floats from a batch element, head, row to
   * the next, or 0.
   */
  public long bias;

  public long biasBatch;
  public long biasHead;
  public long biasRow;

  /** Integers laid out like a bias; a key is not seen where they are not 0. */
  public long blocked;

  public long blockedBatch;
  public long blockedHead;
  public long blockedRow;

  /** Integers [B, Tk]; a key is seen by no query of its batch element where they are not 0. */
  public long padding;

  /** Written by forward if not 0, needed by backward: {@link AttentionShape#lseFloats()}. */
  public long lse;

  /** The softmax weights [B, heads, Tq, keys], written by forward if not 0. */
  public long weights;

  public long gy;

  /** Gradient of the returned weights, or 0. */
  public long gWeights;

  /**
   * Wanted gradients, laid out like their tensors; each is overwritten, or added to where its flag
   * says so.
   */
  public long gq;

  public long gk;
  public long gv;
  public long gBias;
  public boolean addQ;
  public boolean addK;
  public boolean addV;
  public boolean addBias;

  public AttentionPass(AttentionShape shape) {
    this.shape = shape;
    keys = shape.keys();
    forwardTask = new AttentionForward(this);
    decodeTask = new AttentionDecode(this);
    backwardTask = new AttentionBackward(this);
  }

  /** y from q, k and v, and lse and weights if wanted. */
  public void forward() {
    if (keys < 0 || keys > shape.keys()) {
      throw new IllegalArgumentException(
          "attention: %d keys: must be between 0 and the capacity %d"
              .formatted(keys, shape.keys()));
    }
    if (shape.queries() == 1) {
      decodeTask.run();
    } else {
      forwardTask.run();
    }
  }

  /** Gradients, after forward with the same inputs; needs y and lse. */
  public void backward() {
    backwardTask.run();
  }

  /** How many keys query i may see. */
  int seen(int i) {
    return shape.causal() ? Math.clamp((long) i + offset + 1, 0, keys) : keys;
  }

  /**
   * Adds the bias to the first n scores of a row, blocks masked keys, and blocks on to the next
   * whole vector.
   */
  void mask(long scores, int b, int h, int i, int n) {
    if (bias != 0) {
      Spans.add(scores, bias + biasOffset(b, h, i), n);
    }
    if (blocked != 0) {
      AttentionRows.block(
          scores, blocked + 4 * (b * blockedBatch + h * blockedHead + i * blockedRow), n);
    }
    if (padding != 0) {
      AttentionRows.block(scores, padding + 4L * b * keys, n);
    }
    AttentionRows.fill(scores, n, Panels.roundUp(n, Vectors.LANES), Float.NEGATIVE_INFINITY);
  }

  long biasOffset(int b, int h, int i) {
    return 4 * (b * biasBatch + h * biasHead + i * biasRow);
  }

  /**
   * Turns n masked scores into exponentials and returns their sum's inverse; stores the log-sum-exp
   * if wanted.
   *
   * @param lanes a vector of working memory
   */
  float softmax(long scores, int b, int h, int i, int n, long lanes) {
    long bytes = 4L * Panels.roundUp(n, Vectors.LANES);
    float max = AttentionRows.max(scores, bytes);
    if (max == Float.NEGATIVE_INFINITY) {
      max = 0; // nothing is seen, or NaN, which the sum will show
    }
    AttentionRows.expSum(scores, bytes, max, lanes);
    float sum = AttentionRows.sumLanes(lanes);
    if (lse != 0) {
      float value = sum == 0 ? Float.POSITIVE_INFINITY : max + (float) StrictMath.log(sum);
      Vectors.set(lse + rowOffset(b, h, i), value);
    }
    return sum == 0 ? 0 : 1 / sum;
  }

  long rowOffset(int b, int h, int i) {
    return 4 * (((long) b * shape.heads() + h) * shape.queries() + i);
  }

  /** Writes one row of returned weights. */
  void giveWeights(long exponentials, int b, int h, int i, int n, float inverse) {
    long to = weights + rowOffset(b, h, i) * keys;
    Spans.scale(to, exponentials, inverse, n);
    AttentionRows.fill(to, n, keys, 0);
  }
}
