package dev.harpia.nn.plan;

/** A pool had no workspace for a caller within the bounds of its {@link BackPressure}. */
public final class PoolBusyException extends IllegalStateException {
  PoolBusyException(String message) {
    super(message);
  }
}
