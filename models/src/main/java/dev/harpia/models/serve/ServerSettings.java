package dev.harpia.models.serve;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How a server meets the world.
 *
 * @param address where it listens; port 0 is any free one
 * @param maxBody bytes of a request's body at most
 * @param concurrency requests at a time at most
 * @param drain how long requests that are in may take after the server is told to end
 */
public record ServerSettings(
    InetSocketAddress address, int maxBody, int concurrency, Duration drain) {
  /** Checks the bounds. */
  public ServerSettings {
    if (maxBody < 1) {
      throw new IllegalArgumentException("max-body: " + maxBody + ": must be at least 1");
    }
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency: " + concurrency + ": must be at least 1");
    }
    if (drain.isNegative()) {
      throw new IllegalArgumentException("drain: " + drain.toSeconds() + ": must not be negative");
    }
  }
}
