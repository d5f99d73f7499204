package dev.harpia.models.serve;

import dev.harpia.nn.plan.WorkspacePool;
import java.util.List;
import java.util.Optional;

/**
 * Answers requests from any thread. Inputs and outputs are bytes: each tensor's elements, row by
 * row, four bytes each, the least significant first, one tensor after the other in the order of the
 * ports.
 */
interface Predictor extends AutoCloseable {
  List<Port> inputs();

  List<Port> outputs();

  /** Computes the outputs; {@code inputs} has as many bytes as the ports want. */
  byte[] predict(byte[] inputs);

  /** The pool that it takes workspaces from, if it does. */
  Optional<WorkspacePool> pool();

  /** Takes no more requests. */
  @Override
  void close();

  /** Bytes of the tensors together. */
  static int bytes(List<Port> ports) {
    return Math.toIntExact(ports.stream().mapToLong(p -> 4 * p.shape().size()).sum());
  }
}
