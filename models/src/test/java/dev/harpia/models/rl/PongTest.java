package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.Rng;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The court, its pixels, and what is made of them. */
final class PongTest {
  private static PongCourt court() {
    PongCourt court = new PongCourt();
    court.begin(new Rng(1));
    return court;
  }

  @Test
  void theBallBouncesOffTheWalls() {
    PongCourt court = court();
    court.ballX = 80;
    court.ballY = PongCourt.TOP + 1;
    court.ballDx = 1;
    court.ballDy = -3;
    assertThat(court.frame(new Rng(1))).isZero();
    assertThat(court.ballY).isEqualTo(PongCourt.TOP + 2);
    assertThat(court.ballDy).isEqualTo(3);
  }

  @Test
  void aPaddleReturnsTheBallFasterAndSteeperFarFromItsMiddle() {
    for (double off : new double[] {-8, 0, 8}) {
      PongCourt court = court();
      court.paddle[1] = 100;
      court.ballX = PongCourt.RIGHT - PongCourt.BALL_WIDTH - 1;
      court.ballY = 100 + PongCourt.PADDLE / 2 - PongCourt.BALL_HEIGHT / 2 + off;
      court.ballDx = 2;
      court.ballDy = 0;
      assertThat(court.frame(new Rng(1))).isZero();
      assertThat(court.ballDx).isEqualTo(-2 * 1.06);
      assertThat(Math.signum(court.ballDy)).isEqualTo(Math.signum(off));
    }
  }

  @Test
  void aMissedBallIsAPointForTheOtherSideAndServedAnew() {
    PongCourt court = court();
    court.paddle[1] = PongCourt.TOP;
    court.ballX = 150;
    court.ballY = 150;
    court.ballDx = 3;
    int won = 0;
    for (int i = 0; i < 10 && won == 0; i++) {
      won = court.frame(new Rng(1));
    }
    assertThat(won).isEqualTo(-1);
    assertThat(court.score).containsExactly(1, 0);
    assertThat(court.ballX).isEqualTo(80);
  }

  @Test
  void paddlesStayBetweenTheWalls() {
    PongCourt court = court();
    court.move(0, -1000);
    court.move(1, 1000);
    assertThat(court.paddle).containsExactly(PongCourt.TOP, PongCourt.BOTTOM - PongCourt.PADDLE);
  }

  /** The lab's preprocessing, step by step on whole pictures, against ours. */
  @Test
  void theSmallPictureIsThatOfTheLab() {
    PongCourt court = court();
    Rng rng = new Rng(7);
    for (int t = 0; t < 200; t++) {
      court.move(0, 4 * rng.uniformDouble() - 2);
      court.move(1, 4 * rng.uniformDouble() - 2);
      court.frame(rng);
      int[] screen = PongScreen.draw(court);
      int[][] half = new int[80][80]; // rows 35 to 195, every second pixel; background 0, rest 1
      for (int r = 0; r < 80; r++) {
        for (int c = 0; c < 80; c++) {
          half[r][c] = screen[(35 + 2 * r) * 160 + 2 * c] == PongScreen.BACKGROUND ? 0 : 1;
        }
      }
      int[][] wide = new int[80][80]; // 3 × 3 dilation
      for (int r = 0; r < 80; r++) {
        for (int c = 0; c < 80; c++) {
          for (int k = 0; k < 9; k++) {
            int y = r + k / 3 - 1;
            int x = c + k % 3 - 1;
            boolean inside = y >= 0 && y < 80 && x >= 0 && x < 80;
            wide[r][c] = inside && half[y][x] == 1 ? 1 : wide[r][c];
          }
        }
      }
      float[] small = PongScreen.small(screen);
      for (int r = 0; r < 40; r++) {
        for (int c = 0; c < 40; c++) { // every second pixel again
          assertThat(small[40 * r + c]).isEqualTo(wide[2 * r][2 * c]);
        }
      }
    }
  }

  @Test
  void theScreenHasPlayersBallAndScore() {
    PongCourt court = court();
    court.score[0] = 2;
    int[] screen = PongScreen.draw(court);
    assertThat(screen).hasSize(160 * 210);
    int left = 0;
    for (int y = 35; y < 195; y++) {
      for (int x = 0; x < 160; x++) {
        left += screen[160 * y + x] == PongScreen.LEFT_PLAYER ? 1 : 0;
      }
    }
    assertThat(left).isEqualTo(4 * 20);
    assertThat(screen[160 * 10 + 4]).isEqualTo(PongScreen.LEFT_PLAYER);
    assertThat(screen[160 * 10 + 84]).isNotEqualTo(PongScreen.RIGHT_PLAYER);
  }

  @Test
  void whatMovesIsSeenInTheDifference() {
    Pong pong = Pong.againstFollower(3);
    float[] first = pong.reset(2);
    for (int i = 0; i < 1600; i++) {
      assertThat(first[i]).isZero();
    }
    float[] next = pong.step(1).observation();
    Set<Float> values = new HashSet<>();
    for (int i = 0; i < 1600; i++) {
      assertThat(next[i]).isEqualTo(next[1600 + i] - first[1600 + i]);
      values.add(next[i]);
    }
    assertThat(values).containsExactlyInAnyOrder(-1f, 0f, 1f);
  }

  @Test
  void twoEqualPlayersAreEqualAndTheGameEndsAtItsPoints() {
    // whoever stays still on both sides: the serves go to either side as often
    Pong pong = Pong.against(observation -> 0, 5);
    float[] seen = pong.reset(3);
    double sum = 0;
    Step step;
    do {
      step = pong.step(0);
      sum += step.reward();
    } while (!step.done());
    assertThat(seen).hasSize(3200);
    double left = step.info().getOrDefault("left", -1.0);
    double right = step.info().getOrDefault("right", -1.0);
    assertThat(Math.max(left, right)).isEqualTo(5);
    assertThat(sum).isEqualTo(right - left);
    assertThat(step.terminated()).isTrue();
    assertThatThrownBy(() -> Pong.againstFollower(0)).hasMessageContaining("0 points");
  }

  /** A left player that follows the ball in the mirrored picture plays as a right one would. */
  @Test
  void theOtherPlayerSeesTheMirroredScreen() {
    float[] picture = new float[1600];
    picture[3] = 1;
    float[] mirrored = PongScreen.mirrored(picture);
    assertThat(mirrored[36]).isEqualTo(1);
    assertThat(mirrored[3]).isZero();
    assertThat(PongScreen.mirrored(mirrored)).isEqualTo(picture);
    int[] up = {0};
    Pong pong = Pong.against(o -> up[0]++ >= 0 ? 1 : 0, 1);
    pong.reset(1);
    pong.step(0);
    assertThat(up[0]).isEqualTo(1); // asked once a step
  }

  @Test
  void theBuiltInPlayerBeatsOneWhoStandsStill() {
    double[] returns = Evaluation.of(Pong.againstFollower(1), o -> 0, 100, 1).returns();
    double mean = java.util.Arrays.stream(returns).average().orElse(0);
    assertThat(mean).isLessThan(-0.2);
  }
}
