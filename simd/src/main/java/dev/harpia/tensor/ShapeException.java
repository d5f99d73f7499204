package dev.harpia.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Shapes that do not fit an operation. The message reads {@code operation: operands' shapes: rule
 * with the numbers}.
 */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** Names the operation, the operands' shapes and the rule that they break. */
  public ShapeException(String operation, String rule, Shape... operands) {
    super(operation + ": " + join(operands) + ": " + rule);
  }

  private static String join(Shape... shapes) {
    return Arrays.stream(shapes).map(Shape::toString).collect(Collectors.joining(" and "));
  }
}
