package dev.harpia.nn.io.onnx;

import java.io.IOException;

/** Carries a checked exception through the tracing of a plan. */
final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final IOException inner;

  EvaluationException(IOException inner) {
    super(inner);
    this.inner = inner;
  }

  IOException unwrap() {
    return inner;
  }
}
