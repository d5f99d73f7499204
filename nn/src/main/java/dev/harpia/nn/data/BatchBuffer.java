package dev.harpia.nn.data;

import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Memory for one batch, filled over and over. */
final class BatchBuffer {
  private final Dataset dataset;
  private final Example example;
  private final Batch whole;
  private final MemorySegment x;
  private final MemorySegment y;
  private Batch part;
  private int filled;

  BatchBuffer(Dataset dataset, int batch) {
    this.dataset = dataset;
    example = new Example(dataset);
    // Loaders are made and used inside scopes too; their memory must outlive these.
    whole = new Batch(example.x().batch(batch).copy(), example.y().batch(batch).copy());
    part = whole;
    x = whole.x().segment();
    y = whole.y().segment();
  }

  /** Reads the examples {@code order[from … to)}. */
  void fill(int[] order, int from, int to, long epoch) throws IOException {
    for (int i = from; i < to; i++) {
      example.x().show(x, i - from);
      example.y().show(y, i - from);
      example.show(order[i], epoch);
      dataset.get(order[i], example);
    }
    filled = to - from;
  }

  /** What was filled last. Graphs that were computed from what was here before are refused. */
  Batch batch() {
    whole.x().changed();
    whole.y().changed();
    if (filled == whole.size()) {
      return whole;
    }
    if (part.size() != filled) {
      part = new Batch(front(whole.x()), front(whole.y()));
    }
    return part;
  }

  private Tensor front(Tensor t) {
    return t.slice(0, 0, filled).detach();
  }
}
