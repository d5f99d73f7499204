package dev.harpia.nn.plan;

import java.time.Duration;

/**
 * What a {@link WorkspacePool} does with a caller when all of its workspaces are in use.
 *
 * @param patience how long a caller waits before it is refused; zero refuses at once
 * @param queue how many callers may wait at a time; one more is refused at once
 */
public record BackPressure(Duration patience, int queue) {
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  /** Checks the bounds. */
  public BackPressure {
    if (patience.isNegative()) {
      throw new IllegalArgumentException("back-pressure: patience " + patience + ": negative");
    }
    if (queue < 0) {
      throw new IllegalArgumentException("back-pressure: queue " + queue + ": negative");
    }
    patience = patience.compareTo(FOREVER) > 0 ? FOREVER : patience;
  }

  /** Callers wait until there is a workspace, however long that takes. */
  public static BackPressure waiting() {
    return new BackPressure(FOREVER, Integer.MAX_VALUE);
  }

  /** Callers wait for at most this long. */
  public static BackPressure waiting(Duration patience) {
    return new BackPressure(patience, Integer.MAX_VALUE);
  }

  /** Nobody waits. */
  public static BackPressure rejecting() {
    return new BackPressure(Duration.ZERO, 0);
  }

  /** The same, with at most {@code callers} waiting at a time. */
  public BackPressure queue(int callers) {
    return new BackPressure(patience, callers);
  }

  @Override
  public String toString() {
    return patience.isZero() || queue == 0
        ? "rejecting"
        : "waiting"
            + (patience.equals(FOREVER) ? "" : " for " + patience.toMillis() + " ms")
            + (queue == Integer.MAX_VALUE ? "" : ", at most " + queue);
  }
}
