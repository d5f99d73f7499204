package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pong from pixels: the right player of a {@link PongCourt} sees the screen as the course's lab
 * prepares it. Actions: stay (0), up (1), down (2), held for {@value #FRAMES} frames.
 *
 * <p>Observation, 2 × 40 × 40: the small picture less the one before (what moves, and where to),
 * then the small picture. Reward: 1 for a point won, −1 for one lost. The game ends at a number of
 * points for either side; a game of one point is how to learn, since what happens after a point has
 * nothing to do with what led to it.
 */
public final class Pong extends Episodic<Integer> {
  static final int FRAMES = 5;
  private static final double SPEED = 3; // of a player, pixels per frame
  private static final double WIDE = PongCourt.WIDTH;
  private static final double HIGH = PongCourt.HEIGHT;
  private static final int LONGEST = 2000; // steps in which nobody wins: cut off

  /** Moves the left paddle. */
  interface Opponent {
    /** The direction of the next frame, from −1 (up) to 1 (down) times the player's speed. */
    double direction(PongCourt court);
  }

  private final PongCourt court = new PongCourt();
  private final Opponent opponent;
  private final int points;
  private float[] before = {};
  private float[] now = {};
  private int steps;

  private Pong(Opponent opponent, int points) {
    if (points < 1) {
      throw new IllegalArgumentException("pong: " + points + " points: must be at least 1");
    }
    this.opponent = opponent;
    this.points = points;
  }

  /** Against the built-in player, which follows the ball at most 40 % as fast as one can move. */
  public static Pong againstFollower(int points) {
    return new Pong(Pong::follow, points);
  }

  /** Against another agent, which sees the screen mirrored: both play the same game. */
  public static Pong against(Agent<Integer> left, int points) {
    return new Pong(new Pixels(left), points);
  }

  private static double follow(PongCourt court) {
    double aim = court.ballY + PongCourt.BALL_HEIGHT / 2 - PongCourt.PADDLE / 2;
    boolean coming = court.ballDx < 0;
    double target = coming ? aim : (PongCourt.TOP + PongCourt.BOTTOM - PongCourt.PADDLE) / 2;
    return Math.clamp((target - court.paddle[0]) / SPEED, -0.4, 0.4);
  }

  private static final class Pixels implements Opponent {
    private final Agent<Integer> agent;
    private int action;

    private Pixels(Agent<Integer> agent) {
      this.agent = agent;
    }

    /** Told at the beginning of a step what the left player sees. */
    private void see(float[] observation) {
      action = agent.act(observation);
    }

    @Override
    public double direction(PongCourt court) {
      return towards(action);
    }
  }

  private static double towards(int action) {
    return action == 0 ? 0 : action == 1 ? -1 : 1;
  }

  @Override
  public Space.Box observationSpace() {
    return Space.Box.of(-1, 1, 2 * PongScreen.SIDE * PongScreen.SIDE);
  }

  @Override
  public Space.Discrete actionSpace() {
    return new Space.Discrete(3);
  }

  @Override
  float[] begin(Rng rng) {
    court.begin(rng);
    steps = 0;
    now = PongScreen.small(PongScreen.draw(court));
    before = now;
    return observation(before, now);
  }

  @Override
  Step advance(Integer action, Rng rng) {
    if (opponent instanceof Pixels other) {
      other.see(observation(PongScreen.mirrored(before), PongScreen.mirrored(now)));
    }
    int won = 0;
    for (int i = 0; i < FRAMES && won == 0; i++) {
      court.move(1, SPEED * towards(action));
      court.move(0, SPEED * opponent.direction(court));
      won = court.frame(rng);
    }
    before = now;
    now = PongScreen.small(PongScreen.draw(court));
    if (won != 0) {
      before = now; // a new rally: the jump of the ball to its serve is no movement
    }
    boolean over = Math.max(court.score[0], court.score[1]) >= points;
    Map<String, Double> info =
        Map.of("left", (double) court.score[0], "right", (double) court.score[1]);
    return new Step(observation(before, now), won, over, !over && ++steps >= LONGEST, info);
  }

  private static float[] observation(float[] earlier, float[] later) {
    float[] seen = new float[2 * later.length];
    for (int i = 0; i < later.length; i++) {
      seen[i] = later[i] - earlier[i];
      seen[later.length + i] = later[i];
    }
    return seen;
  }

  @Override
  public Scene scene() {
    Color wall = new Color(PongScreen.WALL);
    List<Scene.Shape> shapes = new ArrayList<>();
    shapes.add(new Scene.Rectangle(0, 0, WIDE, HIGH, new Color(PongScreen.BACKGROUND)));
    shapes.add(new Scene.Rectangle(0, HIGH - PongCourt.TOP, WIDE, 10, wall));
    shapes.add(new Scene.Rectangle(0, 0, WIDE, HIGH - PongCourt.BOTTOM, wall));
    Color[] colours = {new Color(PongScreen.LEFT_PLAYER), new Color(PongScreen.RIGHT_PLAYER)};
    for (int side = 0; side < 2; side++) {
      double x = side == 0 ? PongCourt.LEFT : PongCourt.RIGHT;
      double y = HIGH - court.paddle[side] - PongCourt.PADDLE;
      shapes.add(
          new Scene.Rectangle(x, y, PongCourt.PADDLE_WIDTH, PongCourt.PADDLE, colours[side]));
      for (int i = 0; i < court.score[side]; i++) {
        double mark = (side == 0 ? 4 : WIDE / 2 + 4) + 3 * i;
        shapes.add(new Scene.Rectangle(mark, HIGH - 16, 2, 8, colours[side]));
      }
    }
    double ballY = HIGH - court.ballY - PongCourt.BALL_HEIGHT / 2;
    shapes.add(new Scene.Disc(court.ballX + PongCourt.BALL_WIDTH / 2, ballY, 2.2, Color.WHITE));
    return new Scene(0, 0, WIDE, HIGH, shapes);
  }
}
