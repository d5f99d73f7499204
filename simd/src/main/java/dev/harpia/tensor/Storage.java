package dev.harpia.tensor;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A block of memory that one tensor and its views share. */
final class Storage {
  /**
   * Tensors of at least this many bytes start on a page, so that operands have equal page offsets
   * (no 4 KiB aliasing).
   */
  private static final long PAGE_FROM = 2048;

  /** Bytes past the end of owned memory that a kernel may read: one vector of the widest kind. */
  static final long SLACK = 64;

  final long address;
  final long bytes;

  /** Keeps the memory alive. */
  final MemorySegment memory;

  /** What the memory belongs to; null where that is the garbage collector. */
  final @Nullable Lifetime lifetime;

  /** Whether kernels may run whole vectors over the end. */
  final boolean padded;

  /** Counts changes in place, so that a stale graph is found. */
  int version;

  // state of the backward pass whose gradient this is
  GradientPool.@Nullable Block block;
  short shares;

  Storage(
      long address, long bytes, MemorySegment memory, @Nullable Lifetime lifetime, boolean padded) {
    this.address = address;
    this.bytes = bytes;
    this.memory = memory;
    this.lifetime = lifetime;
    this.padded = padded;
  }

  /** Memory that the garbage collector owns, zeroed. */
  static Storage collected(long elements) {
    long bytes = 4 * elements;
    MemorySegment memory =
        Budget.allocate(room(bytes) + SLACK, alignment(bytes), "tensors outside any scope");
    if (Guard.ON) {
      Guard.arm(memory.address() + padded(bytes));
    }
    return new Storage(memory.address(), bytes, memory, null, true);
  }

  /** Bytes of whole vectors that hold {@code bytes}. */
  static long padded(long bytes) {
    return (bytes + 63) & -64;
  }

  /** What an allocation takes: the padding and, where guarded, the canary. */
  static long room(long bytes) {
    return padded(Math.max(bytes, 4)) + Guard.BYTES;
  }

  static long alignment(long bytes) {
    return bytes >= PAGE_FROM ? 4096 : 64;
  }

  void verifyGuard(String what) {
    if (Guard.ON && padded) {
      Guard.verify(address + padded(bytes), what);
    }
  }
}
