package dev.harpia.tensor;

/** Where an operation's backward pass puts the gradients of its inputs. */
public interface GradientSink {
  /** Whether the gradient of input {@code i} is asked for. */
  boolean wanted(int i);

  /**
   * The buffer for the gradient of input {@code i}, which must be wanted. Its content is undefined
   * unless {@link #accumulate}.
   */
  Tensor target(int i);

  /** Whether to add to {@link #target}; otherwise overwrite it. */
  boolean accumulate(int i);

  /**
   * Tries to hand the output's gradient over as the gradient of input {@code i}, without a copy.
   * Where this returns true, {@code target(i)} must not be written any more, and the output's
   * gradient may still be read until {@code backward} returns.
   */
  boolean adopt(int i);

  /** Memory of undefined content, valid until {@code backward} returns. */
  Tensor temporary(Shape shape);
}
