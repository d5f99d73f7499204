package dev.harpia.models.rl;

/**
 * Draws a {@link PongCourt} into pixels, and makes of them what the course's lab feeds its network:
 * the court's rows, every second pixel, background 0 and the rest 1, widened by a pixel on every
 * side, and every second pixel again.
 */
final class PongScreen {
  /** Rows and columns of the small picture. */
  static final int SIDE = 40;

  static final int BACKGROUND = 0x904811;
  static final int WALL = 0xECECEC;
  static final int LEFT_PLAYER = 0xD5824A;
  static final int RIGHT_PLAYER = 0x5CBA5C;
  private static final int STRIP = 0x401F06;
  private static final int HALF = 80;

  private PongScreen() {}

  /** The screen, row by row, as RGB; the ball and the players in colours of their own. */
  static int[] draw(PongCourt court) {
    int[] pixels = new int[PongCourt.WIDTH * PongCourt.HEIGHT];
    java.util.Arrays.fill(pixels, BACKGROUND);
    fill(pixels, 0, 0, PongCourt.WIDTH, PongCourt.TOP - 10, STRIP);
    fill(pixels, 0, PongCourt.TOP - 10, PongCourt.WIDTH, 10, WALL);
    int below = PongCourt.HEIGHT - PongCourt.BOTTOM;
    fill(pixels, 0, PongCourt.BOTTOM, PongCourt.WIDTH, below, WALL);
    int width = (int) PongCourt.PADDLE_WIDTH;
    int height = (int) PongCourt.PADDLE;
    fill(pixels, (int) PongCourt.LEFT, round(court.paddle[0]), width, height, LEFT_PLAYER);
    fill(pixels, (int) PongCourt.RIGHT, round(court.paddle[1]), width, height, RIGHT_PLAYER);
    int ballWidth = (int) PongCourt.BALL_WIDTH;
    int ballHeight = (int) PongCourt.BALL_HEIGHT;
    fill(pixels, round(court.ballX), round(court.ballY), ballWidth, ballHeight, WALL);
    for (int side = 0; side < 2; side++) { // the score, a mark for each point
      int colour = side == 0 ? LEFT_PLAYER : RIGHT_PLAYER;
      for (int i = 0; i < court.score[side]; i++) {
        fill(pixels, (side == 0 ? 4 : 84) + 3 * i, 8, 2, 8, colour);
      }
    }
    return pixels;
  }

  private static int round(double x) {
    return (int) Math.round(x);
  }

  private static void fill(int[] pixels, int x, int y, int width, int height, int colour) {
    int left = Math.clamp(x, 0, PongCourt.WIDTH);
    int right = Math.clamp(x + (long) width, 0, PongCourt.WIDTH);
    for (int row = Math.max(0, y); row < Math.min(PongCourt.HEIGHT, y + height); row++) {
      java.util.Arrays.fill(
          pixels, row * PongCourt.WIDTH + left, row * PongCourt.WIDTH + right, colour);
    }
  }

  /** The small picture of a screen, of zeros and ones, row by row. */
  static float[] small(int[] pixels) {
    boolean[] on = new boolean[HALF * HALF];
    for (int r = 0; r < HALF; r++) {
      int row = (PongCourt.TOP + 2 * r) * PongCourt.WIDTH;
      for (int c = 0; c < HALF; c++) {
        on[r * HALF + c] = pixels[row + 2 * c] != BACKGROUND;
      }
    }
    float[] small = new float[SIDE * SIDE];
    for (int r = 0; r < SIDE; r++) {
      for (int c = 0; c < SIDE; c++) {
        small[r * SIDE + c] = near(on, 2 * r, 2 * c) ? 1 : 0;
      }
    }
    return small;
  }

  /** Whether any of the nine pixels around is on. */
  private static boolean near(boolean[] on, int r, int c) {
    for (int y = Math.max(0, r - 1); y <= Math.min(HALF - 1, r + 1); y++) {
      for (int x = Math.max(0, c - 1); x <= Math.min(HALF - 1, c + 1); x++) {
        if (on[y * HALF + x]) {
          return true;
        }
      }
    }
    return false;
  }

  /** The small picture as the other player sees it. */
  static float[] mirrored(float[] small) {
    float[] other = new float[small.length];
    for (int r = 0; r < SIDE; r++) {
      for (int c = 0; c < SIDE; c++) {
        other[r * SIDE + c] = small[r * SIDE + SIDE - 1 - c];
      }
    }
    return other;
  }
}
