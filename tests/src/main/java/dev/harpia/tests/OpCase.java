package dev.harpia.tests;

import dev.harpia.tensor.Op;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.util.function.Function;

/**
 * One operation at one set of shapes: from this line come the gradient check, planned against eager
 * execution, BLAS on and off, the overrun check and a benchmark.
 *
 * @param name what reports show
 * @param op the operation's class, so that a test finds operations without a case
 * @param inputs makes the operands; {@code size} runs through odd sizes round the vector width
 * @param apply the operation as a user writes it, with one output
 */
public record OpCase(
    String name, Class<? extends Op> op, Inputs inputs, Function<Tensor[], Tensor> apply) {
  /** Makes operands. */
  @FunctionalInterface
  public interface Inputs {
    /** Operands of a size. */
    Tensor[] of(Rng rng, int size);
  }

  @Override
  public String toString() {
    return name;
  }
}
