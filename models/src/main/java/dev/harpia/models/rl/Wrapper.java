package dev.harpia.models.rl;

/** An environment around another one, which changes part of it. */
abstract class Wrapper<A> implements Environment<A> {
  /** The environment inside. */
  final Environment<A> inner;

  Wrapper(Environment<A> inner) {
    this.inner = inner;
  }

  @Override
  public Space<?> observationSpace() {
    return inner.observationSpace();
  }

  @Override
  public Space<A> actionSpace() {
    return inner.actionSpace();
  }

  @Override
  public float[] reset(long seed) {
    return inner.reset(seed);
  }

  @Override
  public float[] reset() {
    return inner.reset();
  }

  @Override
  public Scene scene() {
    return inner.scene();
  }
}
