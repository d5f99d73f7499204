package dev.harpia.models.rl;

import java.util.Optional;

/**
 * What the labs of games and markets do.
 *
 * @param steps the most steps in the environment
 * @param runs how many times, with seeds that follow one another
 * @param seed the first seed
 */
public record GameSettings(Game game, long steps, int runs, long seed) {
  /** What is played. */
  public sealed interface Game {}

  /** {@link Snake} on a board of side × side fields. */
  public record OfSnake(int side) implements Game {}

  /** {@link Pong}, tested in games to a number of points. */
  public record OfPong(int points) implements Game {}

  /** {@link Market} of a kind. */
  public record OfTrading(Regime regime) implements Game {}

  /** Checks the numbers. */
  public GameSettings {
    range("steps", steps, 1, Long.MAX_VALUE);
    range("runs", runs, 1, Integer.MAX_VALUE);
    switch (game) {
      case OfSnake snake -> range("side", snake.side(), 5, 100);
      case OfPong pong -> range("points", pong.points(), 1, 21);
      case OfTrading _ -> {}
    }
  }

  private static void range(String what, long n, long least, long most) {
    if (n < least || n > most) {
      throw new IllegalArgumentException(
          what
              + ": "
              + n
              + ": must be "
              + (most >= Integer.MAX_VALUE
                  ? "at least " + least
                  : "from " + least + " to " + most));
    }
  }

  /** Fills in what is not given: enough to play well, in minutes. */
  public static GameSettings of(Game game, Optional<Long> steps, int runs, long seed) {
    long most =
        switch (game) {
          case OfSnake _ -> 100_000;
          case OfPong _ -> 500_000;
          case OfTrading _ -> 60_000;
        };
    return new GameSettings(game, steps.orElse(most), runs, seed);
  }

  Task<Integer> task() {
    return switch (game) {
      case OfSnake snake -> new SnakeTask(snake.side(), steps, runs, seed);
      case OfPong pong -> new PongTask(steps, pong.points(), runs, seed);
      case OfTrading trading -> new TradingTask(trading.regime(), steps, runs, seed);
    };
  }
}
