package dev.harpia.tensor;

/** The off-heap budget ({@code -Dharpia.memory.limit}) does not allow an allocation. */
public final class OutOfOffHeapMemoryException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  OutOfOffHeapMemoryException(String message) {
    super(message);
  }
}
