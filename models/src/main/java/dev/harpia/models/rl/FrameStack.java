package dev.harpia.models.rl;

import java.util.Arrays;

/**
 * Shows the last n observations one after the other, oldest first, so that velocities can be seen;
 * at the start the first one n times.
 */
public final class FrameStack<A> extends Wrapper<A> {
  private final int frames;
  private final Space.Box space;
  private float[] stack = {};

  /** The last {@code frames} observations of an environment whose observations are a box. */
  public FrameStack(Environment<A> inner, int frames) {
    super(inner);
    if (frames < 1) {
      throw new IllegalArgumentException("frame stack: " + frames + " frames: must be at least 1");
    }
    if (!(inner.observationSpace() instanceof Space.Box box)) {
      throw new IllegalArgumentException(
          "frame stack: observations of " + inner.observationSpace() + ": must be of a box");
    }
    this.frames = frames;
    this.space = new Space.Box(repeat(box.low(), frames), repeat(box.high(), frames));
  }

  @Override
  public Space.Box observationSpace() {
    return space;
  }

  @Override
  public float[] reset(long seed) {
    return begin(inner.reset(seed));
  }

  @Override
  public float[] reset() {
    return begin(inner.reset());
  }

  private float[] begin(float[] first) {
    stack = repeat(first, frames);
    return stack.clone();
  }

  @Override
  public Step step(A action) {
    Step s = inner.step(action);
    float[] seen = s.observation();
    System.arraycopy(stack, seen.length, stack, 0, stack.length - seen.length);
    System.arraycopy(seen, 0, stack, stack.length - seen.length, seen.length);
    return new Step(stack.clone(), s.reward(), s.terminated(), s.truncated(), s.info());
  }

  private static float[] repeat(float[] values, int times) {
    float[] all = Arrays.copyOf(values, values.length * times);
    for (int i = 1; i < times; i++) {
      System.arraycopy(values, 0, all, i * values.length, values.length);
    }
    return all;
  }
}
