package dev.harpia.simd;

import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Parallel work over numbered items, kept in a small pool so that a kernel call allocates nothing:
 * the caller takes it, sets the operands, runs one or more phases, and frees it.
 *
 * <p>Items are grouped by shape alone, never by the number of threads. The fields have the meaning
 * that a kernel gives them.
 */
final class Job implements Parallel.Task {
  /** One phase of a kernel, over a range of its items. */
  interface Body {
    void run(Job job, long from, long to);
  }

  /** Elements that make a piece of work worth a thread. */
  private static final long GRAIN = 16384;

  private static final long MAX_PIECES = 1 << 20;

  private static final int SLOTS = 64;
  private static final AtomicReferenceArray<@Nullable Job> FREE = new AtomicReferenceArray<>(SLOTS);

  long a;
  long b;
  long c;
  long d;
  long e;
  long f;
  long g;
  long h;
  long n;
  long m;
  long k;
  long l;
  float s;
  float t;
  boolean add;
  boolean flag;
  final long[] sizes = new long[Permute.MAX_RANK];
  final long[] strides = new long[Permute.MAX_RANK];
  final long[] outStrides = new long[Permute.MAX_RANK];

  private @Nullable Scratch scratch;
  private long items;
  private long grain;
  private Body body = (job, from, to) -> {};

  private Job() {}

  /** A job that nothing else uses. */
  static Job take() {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      Job job = FREE.getAndSet((start + i) & (SLOTS - 1), null);
      if (job != null) {
        return job;
      }
    }
    return new Job();
  }

  private static int start() {
    return (int) Thread.currentThread().threadId();
  }

  /**
   * The address of working memory that all phases share; there is one block, and freeing the job
   * returns it.
   */
  long reserve(long bytes) {
    release();
    Scratch block = Scratch.acquire(bytes);
    scratch = block;
    return block.address();
  }

  private void release() {
    if (scratch != null) {
      scratch.keep();
      scratch.release();
      scratch = null;
    }
  }

  /** Runs {@code body} over {@code items} items of about {@code cost} elements each. */
  void over(long items, long cost, Body body) {
    long size = Math.max(1, GRAIN / Math.max(1, cost));
    inPieces(items, Math.max(size, (items + MAX_PIECES - 1) / MAX_PIECES), body);
  }

  /** Runs {@code body} over pieces of {@code grain} items. */
  void inPieces(long items, long grain, Body body) {
    if (items <= grain) {
      if (items > 0) {
        body.run(this, 0, items);
      }
      return;
    }
    this.items = items;
    this.grain = grain;
    this.body = body;
    Parallel.run((int) ((items + grain - 1) / grain), this);
  }

  @Override
  public void run(int index) {
    long from = index * grain;
    body.run(this, from, Math.min(items, from + grain));
  }

  /** Gives the job back. */
  void free() {
    release();
    Reference.reachabilityFence(this);
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) & (SLOTS - 1);
      if (FREE.get(slot) == null && FREE.compareAndSet(slot, null, this)) {
        return;
      }
    }
  }
}
