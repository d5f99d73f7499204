package dev.harpia.nn.io.onnx;

/**
 * A shape, an axis or a condition depends on values that are known only when a plan runs. The
 * remedy is to compile with those inputs fixed.
 */
public final class NeedsConstantException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NeedsConstantException() {
    super(
        "a shape, an axis or a condition is computed from an input's values; compile with that"
            + " input fixed");
  }

  NeedsConstantException(String message, Throwable cause) {
    super(message, cause);
  }
}
