package dev.harpia.tensor;

import dev.harpia.simd.Recorder;
import dev.harpia.simd.Requirements;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Owns the memory of the tensors that its thread computes while it is open: a training step, a
 * request.
 *
 * <pre>{@code
 * try (var scope = Scope.open()) {
 *   Tensor loss = Loss.crossEntropy(model.forward(x), y);
 *   optimizer.step(loss);
 * }
 * }</pre>
 *
 * <p>Memory comes from a stack that belongs to the thread and is taken back whole on {@link
 * #close}; using a tensor of a closed scope is an exception. Scopes nest like brackets. Without an
 * open scope tensors belong to the garbage collector.
 */
public final class Scope extends Lifetime implements AutoCloseable {
  private final ThreadMemory memory = ThreadMemory.current();
  private final Thread thread = Thread.currentThread();
  private final @Nullable Scope parent = memory.scope;
  private final int slab = memory.slab();
  private final long top = memory.top();
  private final long used = memory.used();
  private final long outerPeak = memory.beginPeak();
  private final String name;
  private final boolean recording;
  private final boolean tracing;
  private @Nullable List<GradientPool.Block> blocks;
  private @Nullable List<Storage> guarded;
  private final @Nullable ScopeEvent event = Recorder.on() ? ScopeEvent.opened() : null;

  private Scope(String name, boolean recording, boolean tracing) {
    this.name = name;
    this.recording = recording && (parent == null || parent.recording);
    this.tracing = tracing || (parent != null && parent.tracing);
    memory.scope = this;
  }

  /** Opens a scope. */
  public static Scope open() {
    return new Scope("scope", true, false);
  }

  /** Opens a scope with a name that messages show. */
  public static Scope open(String name) {
    return new Scope("scope \"" + name + "\"", true, false);
  }

  /** Opens a scope in which nothing is recorded for differentiation. */
  public static Scope inference() {
    return new Scope("inference scope", false, false);
  }

  /**
   * Opens a scope in which a computation is recorded on placeholders, to be compiled: reading a
   * value that depends on a {@link Tensor#placeholder} is an exception, and so is drawing random
   * numbers.
   */
  public static Scope trace() {
    ThreadMemory m = ThreadMemory.current();
    if (m.scope != null && !m.scope.recording) {
      throw new IllegalStateException(
          "plan: cannot be compiled inside an inference scope; close it first");
    }
    return new Scope("tracing scope", true, true);
  }

  static boolean tracing() {
    Scope s = ThreadMemory.currentScope();
    return s != null && s.tracing;
  }

  /** Whether operations on the current thread are recorded for differentiation. */
  static boolean recording() {
    Scope s = ThreadMemory.currentScope();
    return s == null || s.recording;
  }

  /** A copy of {@code t} that belongs to the garbage collector and outlives this scope. */
  public Tensor keep(Tensor t) {
    return t.copy();
  }

  /** Memory from the innermost open scope, else from the garbage collector's. */
  static Storage allocate(long elements) {
    Requirements.check();
    Scope s = ThreadMemory.currentScope();
    if (s == null) {
      return Storage.collected(elements);
    }
    Storage storage = s.memory.allocate(elements, s);
    if (Guard.ON) {
      if (s.guarded == null) {
        s.guarded = new ArrayList<>();
      }
      s.guarded.add(storage);
    }
    return storage;
  }

  /** Gives a block back to the gradient free lists when this scope closes. */
  void adopt(GradientPool.Block block) {
    List<GradientPool.Block> mine = blocks;
    if (mine == null) {
      mine = memory.spareList();
      blocks = mine;
    }
    mine.add(block);
  }

  @Override
  String label() {
    return name;
  }

  /**
   * Takes the memory back. Closing from another thread, or before an inner scope, is an exception;
   * closing twice does nothing.
   */
  @Override
  public void close() {
    if (isClosed()) {
      return;
    }
    if (!thread.equals(Thread.currentThread())) {
      throw new IllegalStateException(
          "scope: opened by thread "
              + thread.getName()
              + ", closed by "
              + Thread.currentThread().getName()
              + ": a scope belongs to one thread");
    }
    if (memory.scope != this) {
      throw new IllegalStateException(
          "scope: closed before an inner scope: scopes nest like brackets; use try-with-resources");
    }
    try {
      if (guarded != null) {
        guarded.forEach(s -> s.verifyGuard(name));
      }
    } finally {
      markClosed();
      memory.scope = parent;
      long peak = memory.endPeak(outerPeak) - used;
      memory.rewind(slab, top, used);
      if (event != null) {
        event.closed(name, peak);
      }
      if (blocks != null) {
        memory.giveAll(blocks);
      }
      if (parent == null) {
        memory.idle();
      }
    }
  }
}
