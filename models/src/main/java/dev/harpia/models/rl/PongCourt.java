package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;

/**
 * Table tennis for two on a screen of {@value #WIDTH} × {@value #HEIGHT} pixels, laid out as the
 * console's: a strip for the score, a court between two walls, a paddle on either side.
 *
 * <p>The ball leaves a paddle the more steeply the farther from its middle it was hit, and faster
 * with each stroke. All lengths are in pixels, y downwards; speeds are per frame.
 */
final class PongCourt {
  static final int WIDTH = 160;
  static final int HEIGHT = 210;

  /** The court's first row, and the first one below it. */
  static final int TOP = 35;

  static final int BOTTOM = 195;

  static final double PADDLE = 20;
  static final double PADDLE_WIDTH = 4;
  static final double BALL_WIDTH = 2;
  static final double BALL_HEIGHT = 4;

  /** The paddles' outer edges. */
  static final double LEFT = 16;

  static final double RIGHT = 140;

  private static final double SPEED = 1.6;
  private static final double FASTER = 1.06;
  private static final double FASTEST = 3;
  private static final double STEEPEST = 1.2; // vertical speed by horizontal speed

  /** The upper edges of the paddles: left, right. */
  final double[] paddle = new double[2];

  final int[] score = new int[2];
  double ballX;
  double ballY;
  double ballDx;
  double ballDy;

  /** A new game. */
  void begin(Rng rng) {
    score[0] = 0;
    score[1] = 0;
    double middle = (TOP + BOTTOM - PADDLE) / 2;
    paddle[0] = middle;
    paddle[1] = middle;
    serve(rng);
  }

  /** From the middle, to either side, at most as steeply as it is wide. */
  private void serve(Rng rng) {
    ballX = WIDTH / 2.0;
    ballY = TOP + 40 + 80 * rng.uniformDouble();
    ballDx = rng.below(2) == 0 ? SPEED : -SPEED;
    ballDy = SPEED * (2 * rng.uniformDouble() - 1);
  }

  /** Moves a paddle (0 left, 1 right), at most up to the walls. */
  void move(int side, double dy) {
    paddle[side] = Math.clamp(paddle[side] + dy, TOP, BOTTOM - PADDLE);
  }

  /** A frame of the ball: 0, or the side that scored: −1 left, 1 right; then it is served anew. */
  int frame(Rng rng) {
    double before = ballX;
    ballX += ballDx;
    ballY += ballDy;
    if (ballY < TOP || ballY > BOTTOM - BALL_HEIGHT) {
      ballY = ballY < TOP ? 2 * TOP - ballY : 2 * (BOTTOM - BALL_HEIGHT) - ballY;
      ballDy = -ballDy;
    }
    double front = LEFT + PADDLE_WIDTH;
    if (ballDx < 0 && ballX <= front && before > front) {
      strike(0, front);
    } else if (ballDx > 0 && ballX + BALL_WIDTH >= RIGHT && before + BALL_WIDTH < RIGHT) {
      strike(1, RIGHT - BALL_WIDTH);
    }
    if (ballX >= 0 && ballX <= WIDTH - BALL_WIDTH) {
      return 0;
    }
    int side = ballX < 0 ? 1 : 0;
    score[side]++;
    serve(rng);
    return side == 1 ? 1 : -1;
  }

  private void strike(int side, double x) {
    double off = ballY + BALL_HEIGHT / 2 - (paddle[side] + PADDLE / 2);
    double reach = (PADDLE + BALL_HEIGHT) / 2;
    if (Math.abs(off) > reach) {
      return; // missed
    }
    double speed = Math.min(FASTEST, Math.abs(ballDx) * FASTER);
    ballX = x;
    ballDx = side == 0 ? speed : -speed;
    ballDy = speed * STEEPEST * off / reach;
  }
}
