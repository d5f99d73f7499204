package dev.harpia.tensor;

import org.jspecify.annotations.Nullable;

/** Something that ends: tensors whose memory belongs to it are unusable afterwards. */
abstract class Lifetime {
  private final @Nullable String openedAt = Guard.ON ? Guard.caller() : null;
  private volatile boolean closed;

  final boolean isClosed() {
    return closed;
  }

  final void markClosed() {
    closed = true;
  }

  /** What a message calls this, such as {@code scope "step"}. */
  abstract String label();

  final IllegalStateException closedException(String what) {
    String where =
        openedAt == null
            ? " (run with -Dharpia.guard=true to see where it was opened)"
            : " (opened at " + openedAt + ")";
    return new IllegalStateException(
        what
            + ": its "
            + label()
            + " is closed"
            + where
            + "; copy results out with scope.keep(tensor) before the scope closes");
  }
}
