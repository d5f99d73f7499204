package dev.harpia.models.rl;

import dev.harpia.models.run.JsonLine;
import java.util.List;
import java.util.Locale;

/**
 * Learns {@link Pong} from pixels with PPO against the built-in player: rallies are learned, games
 * are tested.
 *
 * @param steps the most steps of training, of {@value Pong#FRAMES} frames each
 * @param points that end a game of the test
 */
record PongTask(long steps, int points, int runs, long seed) implements Task<Integer> {
  private static final int RALLIES = 200;
  private static final int GAMES = 20;
  private static final int ACTIONS = 3;
  private static final long GAME_SEED = 55_000_003;

  @Override
  public String lab() {
    return "pong";
  }

  @Override
  public String title() {
    return "Learning to play Pong from pixels";
  }

  @Override
  public String world() {
    return "screen of 210 × 160 pixels, seen as 2 pictures of 40 × 40; 3 actions; 1 for a point"
        + " won, −1 for one lost";
  }

  @Override
  public String agent() {
    return "ppo";
  }

  static PpoSettings settings() {
    return new PpoSettings(8, 64, 6, 128, 1e-3, true, 0.99, 0.95, 0.2, 0.5f, 0.005f, 0.5f, 1);
  }

  @Override
  public Learned<Integer> learn(long seed, Learning.Reporter reporter) {
    // ends when two hundred rallies running are won
    var goal = new Learning.Goal(Math.max(1024, steps / 25), 1, RALLIES);
    Learning<Integer> how = new Learning<>(() -> Pong.againstFollower(1), goal, seed, reporter);
    return how.actorCritic(
        settings(), () -> ActorCritic.ofPictures(2, PongScreen.SIDE, ACTIONS), steps);
  }

  @Override
  public Environment<Integer> stage() {
    return Pong.againstFollower(Math.min(3, points));
  }

  @Override
  public Film film() {
    return new Film(240, 80, 1, 8, 300);
  }

  @Override
  public void tell(Learned<Integer> run, JsonLine line) {
    Evaluation games = games(run.agent());
    line.put("rallies_won", won(run))
        .put("games_won", gamesWon(games))
        .put("game_margin", games.mean());
  }

  private Evaluation games(Agent<Integer> agent) {
    return Evaluation.of(Pong.againstFollower(points), agent, GAMES, GAME_SEED + seed);
  }

  private static double gamesWon(Evaluation games) {
    return java.util.Arrays.stream(games.returns()).filter(r -> r > 0).count() / (double) GAMES;
  }

  /** The share of rallies won: a return is 1 or −1. */
  private static double won(Learned<Integer> run) {
    return (1 + run.test().mean()) / 2;
  }

  @Override
  public String judge(List<Learned<Integer>> runs, JsonLine line) {
    double rallies = runs.stream().mapToDouble(PongTask::won).average().orElse(Double.NaN);
    List<Evaluation> games = runs.stream().map(r -> games(r.agent())).toList();
    double won = games.stream().mapToDouble(PongTask::gamesWon).average().orElse(Double.NaN);
    double margin = games.stream().mapToDouble(Evaluation::mean).average().orElse(Double.NaN);
    line.put("rallies_won", rallies)
        .put("games_won", won)
        .put("game_margin", margin)
        .put("points", points);
    return String.format(
        Locale.ROOT,
        "%.0f %% of %d rallies won against the built-in player, %.0f %% of %d games to %d points"
            + " (margin %+.1f)",
        100 * rallies,
        RALLIES,
        100 * won,
        GAMES,
        points,
        margin);
  }
}
