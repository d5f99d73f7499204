package dev.harpia.tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A thread's stack of slabs, from which its scopes take memory by moving a pointer, and its free
 * lists for gradients. Slabs stay mapped as long as a tensor refers to them; a virtual thread's
 * memory goes back to a pool when its outermost scope closes.
 */
final class ThreadMemory {
  private static final long FIRST_SLAB = 1L << 20;
  private static final long LARGEST_SLAB = 64L << 20;
  private static final int MOST_OPERANDS = 8;
  private static final ThreadLocal<ThreadMemory> CURRENT = new ThreadLocal<>();
  private static final ConcurrentLinkedQueue<ThreadMemory> POOL = new ConcurrentLinkedQueue<>();

  final GradientPool gradients = new GradientPool();

  /**
   * The working memory of a backward pass while none runs, so that the next one need not make it.
   */
  @Nullable BackwardPass pass;

  private @Nullable List<GradientPool.Block> spare;

  /** Arrays of operands' shapes by length, while they are not in use. */
  private final Shape[] @Nullable [] shapes = new Shape[MOST_OPERANDS + 1][];

  /** The innermost open scope. */
  @Nullable Scope scope;

  private final List<MemorySegment> slabs = new ArrayList<>();
  private int slab = -1;
  private long top;
  private long end;
  private long nextSlab = FIRST_SLAB;

  /** Bytes that open scopes hold, and the most that they held since someone set it back. */
  private long used;

  private long peak;

  private ThreadMemory() {}

  /** An empty list for a scope's blocks of gradients. */
  List<GradientPool.Block> spareList() {
    List<GradientPool.Block> list = spare;
    spare = null;
    return list == null ? new ArrayList<>() : list;
  }

  /** Takes a scope's blocks back, and their list. */
  void giveAll(List<GradientPool.Block> blocks) {
    for (int i = 0; i < blocks.size(); i++) {
      gradients.give(blocks.get(i));
    }
    blocks.clear();
    spare = blocks;
  }

  /** An array for shapes, of undefined content, which is the caller's until {@link #give}. */
  static Shape[] shapes(@Nullable ThreadMemory m, int n) {
    if (m == null || n > MOST_OPERANDS) {
      return new Shape[n];
    }
    Shape[] free = m.shapes[n];
    m.shapes[n] = null;
    return free == null ? new Shape[n] : free;
  }

  static void give(@Nullable ThreadMemory m, Shape[] array) {
    if (m != null && array.length <= MOST_OPERANDS) {
      m.shapes[array.length] = array;
    }
  }

  /** The current thread's memory, if it has been made. */
  static @Nullable ThreadMemory existing() {
    return CURRENT.get();
  }

  /** The current thread's memory, made when first asked for. */
  static ThreadMemory current() {
    ThreadMemory m = CURRENT.get();
    if (m == null) {
      m = Thread.currentThread().isVirtual() ? POOL.poll() : null;
      if (m == null) {
        m = new ThreadMemory();
      }
      CURRENT.set(m);
    }
    return m;
  }

  /** The innermost open scope of the current thread. */
  static @Nullable Scope currentScope() {
    ThreadMemory m = CURRENT.get();
    return m == null ? null : m.scope;
  }

  /**
   * Gives the memory of a virtual thread that has no scope open to whichever virtual thread asks
   * next.
   */
  void idle() {
    if (Thread.currentThread().isVirtual()) {
      CURRENT.remove();
      POOL.add(this);
    }
  }

  int slab() {
    return slab;
  }

  long top() {
    return top;
  }

  long used() {
    return used;
  }

  /** Begins a new peak; returns the one so far. */
  long beginPeak() {
    long before = peak;
    peak = used;
    return before;
  }

  /** The peak since {@link #beginPeak}, which had returned {@code before}. */
  long endPeak(long before) {
    long p = peak;
    peak = Math.max(p, before);
    return p;
  }

  Storage allocate(long elements, Lifetime lifetime) {
    long bytes = 4 * elements;
    long room = Storage.room(bytes);
    long align = Storage.alignment(bytes);
    long at = (top + align - 1) & -align;
    if (slab < 0 || at + room > end) {
      at = moveToSlabOf(room);
    }
    top = at + room;
    used += room;
    peak = Math.max(peak, used);
    if (Guard.ON) {
      Guard.arm(at + Storage.padded(bytes));
    }
    return new Storage(at, bytes, slabs.get(slab), lifetime, true);
  }

  /** Enters the next slab that has room, or a new one; returns where it starts. */
  private long moveToSlabOf(long room) {
    while (slab + 1 < slabs.size()) {
      enter(slab + 1);
      if (top + room <= end) {
        return top;
      }
    }
    long bytes = Math.max(nextSlab, room + Storage.SLACK);
    nextSlab = Math.min(LARGEST_SLAB, nextSlab * 2);
    slabs.add(Budget.allocate(bytes, 4096, "scopes of thread " + Thread.currentThread().getName()));
    enter(slabs.size() - 1);
    return top;
  }

  private void enter(int index) {
    slab = index;
    MemorySegment s = slabs.get(index);
    top = s.address();
    end = top + s.byteSize() - Storage.SLACK;
  }

  /** Gives back everything above a mark that {@link #slab}, {@link #top} and {@link #used} had. */
  void rewind(int toSlab, long toTop, long toUsed) {
    used = toUsed;
    if (Guard.ON) {
      poison(toSlab, toTop);
    }
    if (toSlab < 0) {
      slab = -1;
      top = 0;
      end = 0;
    } else {
      enter(toSlab);
      top = toTop;
    }
  }

  private void poison(int toSlab, long toTop) {
    for (int i = Math.max(0, toSlab); i <= slab; i++) {
      MemorySegment s = slabs.get(i);
      long from = i == toSlab ? toTop : s.address();
      long to = i == slab ? top : s.address() + s.byteSize();
      Guard.poison(from, to - from);
    }
  }
}
