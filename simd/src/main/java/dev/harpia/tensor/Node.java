package dev.harpia.tensor;

import org.jspecify.annotations.Nullable;

/**
 * How tensors were computed: the operation, its inputs and outputs, and what it saved for the
 * backward pass.
 */
public final class Node {
  private static final ThreadLocal<long[]> NEXT = ThreadLocal.withInitial(() -> new long[1]);
  private final long id;
  private final Op op;
  private final Tensor[] inputs;
  private final Tensor[] outputs;
  private final Tensor[] saved;
  private final long versions;

  // state of the backward pass that visits the node
  BackwardPass.@Nullable Walk visitor;
  boolean needed;
  @Nullable Tensor[] gradients = NO_GRADIENTS;

  static final @Nullable Tensor[] NO_GRADIENTS = {};

  Node(Op op, Tensor[] inputs, Tensor[] outputs, Tensor[] saved) {
    // graphs may be handed from thread to thread: an input's node must always come before its
    // consumer's
    long[] next = NEXT.get();
    long n = next[0];
    for (Tensor t : inputs) {
      Node from = t.node();
      if (from != null && from.id >= n) {
        n = from.id + 1;
      }
    }
    next[0] = n + 1;
    this.id = n;
    this.op = op;
    this.inputs = inputs;
    this.outputs = outputs;
    this.saved = saved;
    this.versions = sumOfVersions();
  }

  /** The place in the order of evaluation: inputs come before outputs. */
  public long id() {
    return id;
  }

  /** The operation. */
  public Op op() {
    return op;
  }

  /** The operation's inputs. */
  public Tensor[] inputs() {
    return inputs;
  }

  /** The operation's outputs. */
  public Tensor[] outputs() {
    return outputs;
  }

  Tensor[] saved() {
    return saved;
  }

  /**
   * Whether an input was changed in place since the forward pass. Versions only grow, so their sum
   * tells.
   */
  boolean stale() {
    return versions != sumOfVersions();
  }

  private long sumOfVersions() {
    long sum = 0;
    for (Tensor t : inputs) {
      sum += t.version();
    }
    return sum;
  }
}
