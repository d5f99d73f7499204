package dev.harpia.simd;

import dev.harpia.tensor.Expr;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A compiled elementwise loop over absolute addresses. It runs over whole vectors only: {@code
 * bytes} is rounded up to a multiple of {@link Vectors#BYTES}, and the loop reads and writes that
 * far; {@link Elementwise} deals with everything else. Bounds and liveness are the caller's
 * business.
 *
 * <p>Addresses are those of the outputs, in order, then those of the inputs. An output may be the
 * same memory as an input: all loads of an iteration come before its stores. Calls allocate
 * nothing.
 */
public abstract class Kernel {
  /** The most addresses, outputs and inputs together, that a kernel takes. */
  public static final int ADDRESSES = 8;

  /** The most scalar parameters that a kernel takes. */
  public static final int PARAMETERS = 8;

  private final KernelSpec spec;
  private final int operations;
  private final int inputs;

  /** Bit i: address i is that of one element for the whole loop. */
  private final int fixed;

  private final AtomicReferenceArray<Kernel> variants;

  Kernel(KernelSpec spec, int operations) {
    this.spec = spec;
    this.operations = operations;
    this.inputs = spec.inputs();
    this.fixed = spec.broadcast() << spec.outputs().size();
    this.variants = new AtomicReferenceArray<>(4 << inputs);
  }

  /**
   * Runs the loop.
   *
   * @param firstIndex the index of the first element, for random draws
   * @param seed the seed of random draws
   */
  public abstract void run(
      long a0,
      long a1,
      long a2,
      long a3,
      long a4,
      long a5,
      long a6,
      long a7,
      long bytes,
      long firstIndex,
      long seed,
      float p0,
      float p1,
      float p2,
      float p3,
      float p4,
      float p5,
      float p6,
      float p7);

  /** Runs a kernel of two addresses without parameters. */
  public final void run(long a0, long a1, long bytes) {
    run(a0, a1, 0, 0, 0, 0, 0, 0, bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** Runs a kernel of three addresses without parameters. */
  public final void run(long a0, long a1, long a2, long bytes) {
    run(a0, a1, a2, 0, 0, 0, 0, 0, bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** Runs a kernel of four addresses without parameters. */
  public final void run(long a0, long a1, long a2, long a3, long bytes) {
    run(a0, a1, a2, a3, 0, 0, 0, 0, bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /**
   * The variant in which the inputs of the mask (bit i: input i) are the address of one element.
   */
  public final Kernel broadcast(int mask) {
    if (mask < 0 || mask >= 1 << inputs) {
      throw new IllegalArgumentException(
          name() + ": broadcast mask " + mask + ": has " + inputs + " inputs");
    }
    return mask == spec.broadcast() ? this : variant(mask, spec.mode());
  }

  /** The variant that adds to its outputs instead of overwriting them. */
  public final Kernel accumulating() {
    return spec.mode() == KernelSpec.Mode.ACCUMULATE
        ? this
        : variant(spec.broadcast(), KernelSpec.Mode.ACCUMULATE);
  }

  /**
   * The variant that adds up: each output address receives one vector of partial sums of its
   * expression; {@code bytes} must be a multiple of {@code vectors} whole vectors. See {@link
   * Reduction}.
   */
  final Kernel summing(KernelSpec.Mode mode) {
    return spec.mode() == mode ? this : variant(spec.broadcast(), mode);
  }

  private Kernel variant(int mask, KernelSpec.Mode mode) {
    int slot = mask << 2 | mode.ordinal();
    Kernel k = variants.get(slot);
    if (k == null) {
      k = KernelCompiler.compile(new KernelSpec(spec.name(), spec.outputs(), mask, mode));
      variants.set(slot, k);
    }
    return k;
  }

  /** The name that profilers and reports show. */
  public final String name() {
    return spec.fullName();
  }

  /** What the outputs receive. */
  public final List<Expr> expressions() {
    return spec.outputs();
  }

  /** How many outputs it has: the first addresses. */
  public final int outputs() {
    return spec.outputs().size();
  }

  /** How many inputs it has: the addresses after the outputs. */
  public final int inputs() {
    return inputs;
  }

  /** Whether address i is that of one element for the whole loop. */
  final boolean fixed(int i) {
    return (fixed >> i & 1) != 0;
  }

  final KernelSpec spec() {
    return spec;
  }

  /** Vector instructions per iteration, without loads and stores. */
  public final int operations() {
    return operations;
  }

  @Override
  public final String toString() {
    return name() + " (" + operations + " operations): " + spec.outputs();
  }
}
