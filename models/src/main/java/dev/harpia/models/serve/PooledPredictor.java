package dev.harpia.models.serve;

import dev.harpia.nn.plan.Plan;
import dev.harpia.nn.plan.WorkspacePool;
import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** Each request runs by itself, in a workspace of a pool. */
final class PooledPredictor implements Predictor {
  private static final ValueLayout.OfInt NATIVE = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfInt LITTLE = NATIVE.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final WorkspacePool pool;
  private final List<Port> inputs;
  private final List<Port> outputs;
  private final int bytes;

  PooledPredictor(WorkspacePool pool) {
    this.pool = pool;
    Plan plan = pool.plan();
    try (WorkspacePool.Lease lease = pool.borrow()) {
      inputs = plan.inputs().stream().map(n -> Port.of(n, lease.input(n))).toList();
      outputs = plan.outputs().stream().map(n -> Port.of(n, lease.output(n))).toList();
    }
    bytes = Predictor.bytes(outputs);
  }

  @Override
  public List<Port> inputs() {
    return inputs;
  }

  @Override
  public List<Port> outputs() {
    return outputs;
  }

  @Override
  public byte[] predict(byte[] in) {
    MemorySegment from = MemorySegment.ofArray(in);
    byte[] out = new byte[bytes];
    MemorySegment to = MemorySegment.ofArray(out);
    try (WorkspacePool.Lease lease = pool.borrow()) {
      long at = 0;
      for (Port p : inputs) {
        Tensor t = lease.input(p.name());
        MemorySegment.copy(from, LITTLE, at, t.segment(), NATIVE, 0, t.size());
        at += 4 * t.size();
      }
      lease.run();
      at = 0;
      for (Port p : outputs) {
        Tensor t = lease.output(p.name());
        MemorySegment.copy(t.segment(), NATIVE, 0, to, LITTLE, at, t.size());
        at += 4 * t.size();
      }
    }
    return out;
  }

  @Override
  public Optional<WorkspacePool> pool() {
    return Optional.of(pool);
  }

  @Override
  public void close() {
    pool.close();
  }
}
