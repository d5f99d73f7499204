package dev.harpia.simd;

import java.util.List;

/** A large expression as several loops, run in turn over blocks that stay in the cache. */
final class SplitKernel extends Kernel {
  /** Bytes of a block; also the longest stretch that {@link Reduction} adds up in one call. */
  private static final int BLOCK = 16384;

  /**
   * One loop.
   *
   * @param sources its inputs: numbers of the whole kernel's inputs, then of temporaries
   */
  record Stage(Kernel kernel, int[] sources) {}

  private final Stage[] stages;

  SplitKernel(KernelSpec spec, List<Stage> stages) {
    super(spec, stages.stream().mapToInt(s -> s.kernel.operations()).sum());
    this.stages = stages.toArray(new Stage[0]);
  }

  @Override
  public void run(
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
      float p7) {
    Arguments call = Arguments.POOL.take();
    call.random(firstIndex, seed);
    call.addresses(a0, a1, a2, a3, a4, a5, a6, a7);
    call.parameters(p0, p1, p2, p3, p4, p5, p6, p7);
    Span span = Span.take();
    int room = BLOCK + Vectors.BYTES;
    Scratch scratch = Scratch.acquire((long) room * stages.length);
    for (long o = 0; o < bytes; o += BLOCK) {
      for (int s = 0; s < stages.length; s++) {
        long temporary = scratch.address() + (long) room * s;
        aim(span.at, call.address, s, o, temporary, scratch.address(), room);
        call.run(stages[s].kernel, span.at, Math.min(BLOCK, bytes - o), o / Float.BYTES);
      }
    }
    scratch.keep();
    scratch.release();
    span.give();
    Arguments.POOL.give(call);
  }

  /**
   * The addresses of one stage: its outputs, the last stage's being the kernel's, then its inputs.
   */
  private void aim(
      long[] at, long[] own, int stage, long offset, long temporary, long temporaries, int room) {
    int outputs = stages[stage].kernel.outputs();
    boolean last = stage == stages.length - 1;
    for (int i = 0; i < outputs; i++) {
      at[i] = last ? own[i] + (sums() ? 0 : offset) : temporary;
    }
    int[] sources = stages[stage].sources;
    for (int i = 0; i < sources.length; i++) {
      int address = outputs() + sources[i];
      at[outputs + i] =
          sources[i] >= inputs()
              ? temporaries + (long) room * (sources[i] - inputs())
              : own[address] + (fixed(address) ? 0 : offset);
    }
  }

  private boolean sums() {
    return spec().mode() == KernelSpec.Mode.SUM || spec().mode() == KernelSpec.Mode.SUM4;
  }
}
