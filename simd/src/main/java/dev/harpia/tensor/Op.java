package dev.harpia.tensor;

import org.jspecify.annotations.Nullable;

/**
 * An operation: the shapes of its outputs, the forward pass into supplied outputs, and the
 * vector-Jacobian product.
 *
 * <p>Operations are stateless values (records or enum constants): what one definition says serves
 * eager execution, automatic differentiation and compiled plans. Users add operations through this
 * interface and {@link Tensor#apply}.
 *
 * <p>Second derivatives are not supported: {@code backward} works on memory and records nothing.
 */
public interface Op {
  /** No saved state. */
  Shape[] NONE = {};

  /**
   * The outputs' shapes. Throws {@link ShapeException} where the inputs do not fit. The array of
   * inputs is used again for other operations: what is needed of it later must be copied.
   */
  Shape[] shapes(Shape... in);

  /**
   * The outputs' types; throws where the inputs' types do not fit. By default everything is F32.
   * Neither array is written to by anyone.
   */
  default DType[] types(DType... in) {
    for (int i = 0; i < in.length; i++) {
      if (in[i] != DType.F32) {
        throw new IllegalArgumentException(
            name()
                + ": operand "
                + i
                + " is "
                + in[i]
                + "; it must be F32: convert it with toFloat()");
      }
    }
    return Types.FLOAT;
  }

  /**
   * Shapes of what {@code forward} keeps for {@code backward}: four bytes an element, float or int
   * as the operation likes.
   */
  default Shape[] saved(Shape... in) {
    return NONE;
  }

  /**
   * Computes {@code out}, and {@code saved} unless that is empty because no gradient will be asked
   * for.
   */
  void forward(Tensor[] in, Tensor[] out, Tensor[] saved);

  /**
   * Adds each wanted input's gradient to its target. {@code gOut[k]} is null where the loss does
   * not depend on output k. Every target that is wanted must be written, in the order of the
   * inputs.
   */
  void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn);

  /** Whether the operation has a gradient at all; its outputs are constants otherwise. */
  default boolean differentiable() {
    return true;
  }

  /** Whether forward may write its first output over its first input. */
  default boolean inPlace() {
    return false;
  }

  /**
   * Whether output 0 is a view of input 0's memory, {@link #viewOffset} elements from its start;
   * forward then does nothing.
   */
  default boolean view() {
    return false;
  }

  /** Where a view begins, in elements. */
  default long viewOffset(Shape... in) {
    return 0;
  }

  /**
   * Forward passes over and over on the same tensors, which compiled plans run: everything that
   * follows from shapes and addresses is worked out once, so that a run allocates nothing.
   */
  default Runnable bind(Tensor[] in, Tensor[] out) {
    Tensor[] saved = {};
    return () -> forward(in, out, saved);
  }

  /** How messages and listings name the operation. */
  default String name() {
    String n = getClass().getSimpleName();
    return Character.toLowerCase(n.charAt(0)) + n.substring(1);
  }
}
