package dev.harpia.simd;

/** A run over operands of different shapes, in pieces of whole rows or of whole blocks. */
final class BroadcastTask implements Parallel.Task {
  static final ObjectPool<BroadcastTask> POOL = new ObjectPool<>(BroadcastTask::new);

  /** Elements of a block, about: what stays in the first cache for several operands. */
  static final int BLOCK = 1024;

  private static final Broadcast NONE = Broadcast.of(new int[0]);

  final Arguments call = new Arguments();
  private Broadcast plan = NONE;
  private Kernel kernel = KernelCompiler.COPY;
  private boolean padded;
  private boolean overrun;
  private long unit;
  private long grain;

  void start(Broadcast shapes, Kernel k, boolean whole) {
    plan = shapes;
    boolean rows = shapes.block == 0;
    kernel = k.broadcast((rows ? shapes.rowMask : shapes.scalarMask) & (1 << k.inputs()) - 1);
    padded = whole;
    overrun = rows && whole && k.spec().mode() == KernelSpec.Mode.OVERWRITE && !inPlace();
    unit = rows ? shapes.inner() : shapes.block;
    long units = (shapes.size + unit - 1) / unit;
    grain = Math.max(1, Elementwise.grain(k) / unit);
    while ((units + grain - 1) / grain > Integer.MAX_VALUE) {
      grain *= 2;
    }
    int pieces = (int) ((units + grain - 1) / grain);
    if (pieces == 1 || Parallel.threads() == 1) {
      grain = units;
      run(0);
    } else {
      Parallel.run(pieces, this);
    }
  }

  /** Whether an output begins where an input does: then a row must not write into the next one. */
  private boolean inPlace() {
    int outputs = kernel.outputs();
    for (int i = 0; i < outputs; i++) {
      for (int j = outputs; j < outputs + kernel.inputs(); j++) {
        if (call.address[i] == call.address[j]) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public void run(int index) {
    long from = index * grain * unit;
    long to = Math.min(from + grain * unit, plan.size);
    if (plan.block == 0) {
      rows(from, to);
    } else {
      blocks(from, to);
    }
  }

  private void rows(long from, long to) {
    Span span = Span.take();
    BlockMemory memory = BlockMemory.take();
    memory.seek(plan, from / unit);
    int outputs = kernel.outputs();
    int operands = outputs + kernel.inputs();
    for (long e = from; e < to; e += unit) {
      for (int i = 0; i < operands; i++) {
        long offset = i < outputs ? e : memory.offset[i - outputs];
        span.at[i] = call.address[i] + Float.BYTES * offset;
      }
      // a row may run on into the next one, which is written after it; the piece's last may not
      span.run(kernel, call, e, unit, overrun && e + unit < to);
      memory.nextRow(plan);
    }
    memory.give();
    span.give();
  }

  private void blocks(long from, long to) {
    Span span = Span.take();
    BlockMemory memory = BlockMemory.take();
    memory.seek(plan, from / plan.inner());
    int outputs = kernel.outputs();
    int inputs = kernel.inputs();
    memory.tile(plan, inputs, call.address, outputs, Math.min(unit, to - from));
    for (long e = from; e < to; e += unit) {
      int count = (int) Math.min(unit, to - e);
      memory.gather(plan, inputs, call.address, outputs, count);
      boolean last = e + unit >= to;
      for (int i = 0; i < outputs + inputs; i++) {
        long base = call.address[i];
        span.at[i] =
            i < outputs || plan.access[i - outputs] == Broadcast.Access.FULL
                ? base + Float.BYTES * e
                : plan.access[i - outputs] == Broadcast.Access.SCALAR
                    ? base
                    : memory.block(i - outputs);
      }
      span.run(kernel, call, e, count, last && padded && to == plan.size);
    }
    memory.give();
    span.give();
  }
}
