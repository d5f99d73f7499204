package dev.harpia.simd;

/** A run over contiguous operands, in pieces of a fixed number of elements. */
final class ContiguousTask implements Parallel.Task {
  static final ObjectPool<ContiguousTask> POOL = new ObjectPool<>(ContiguousTask::new);

  final Arguments call = new Arguments();
  private Kernel kernel = KernelCompiler.COPY;
  private final Span own = new Span();
  private long n;
  private long grain;
  private boolean padded;

  void start(Kernel k, long count, boolean whole, long elementsPerPiece) {
    kernel = k;
    n = count;
    padded = whole;
    grain = elementsPerPiece;
    while ((n + grain - 1) / grain > Integer.MAX_VALUE) {
      grain *= 2;
    }
    int pieces = (int) ((n + grain - 1) / grain);
    if (pieces == 1 || Parallel.threads() == 1) {
      piece(own, 0, n);
    } else {
      Parallel.run(pieces, this);
    }
  }

  @Override
  public void run(int index) {
    Span span = Span.take();
    long from = index * grain;
    piece(span, from, Math.min(grain, n - from));
    span.give();
  }

  private void piece(Span span, long from, long count) {
    span.move(call, kernel, from);
    span.run(kernel, call, from, count, padded);
  }
}
