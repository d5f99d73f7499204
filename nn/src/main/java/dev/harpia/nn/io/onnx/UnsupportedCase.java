package dev.harpia.nn.io.onnx;

/** A node's operator is known, but not in this form. */
final class UnsupportedCase extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedCase(String what) {
    super(what);
  }
}
