package dev.harpia.blas;

/**
 * No usable OpenBLAS: the message names every place that was tried, why it did not do, and the
 * switch.
 */
public final class BlasNotFoundException extends UnsupportedOperationException {
  private static final long serialVersionUID = 1L;

  BlasNotFoundException(String message) {
    super(message);
  }
}
