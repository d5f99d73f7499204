package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.Rng;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of Snake, seen from outside and in its picture. */
final class SnakeTest {
  private static final int STRAIGHT = 0;
  private static final int RIGHT = 1;

  /** The middles of what is drawn: the food first, then the body from tail to head, the eye. */
  private static List<double[]> fields(Snake snake) {
    return snake.scene().shapes().stream()
        .skip(4) // walls
        .map(
            s ->
                switch (s) {
                  case Scene.Disc d -> new double[] {d.x(), d.y()};
                  case Scene.Rectangle r -> new double[] {r.x() + 0.45, r.y() + 0.45};
                  case Scene.Line l -> throw new AssertionError("a line: " + l);
                })
        .toList();
  }

  @Test
  void aStepAheadMovesHeadAndTail() {
    Snake snake = new Snake(9);
    snake.reset(1);
    List<double[]> before = fields(snake);
    Step step = snake.step(STRAIGHT);
    assertThat(step.done()).isFalse();
    List<double[]> after = fields(snake);
    if (step.reward() == 0) {
      assertThat(after).hasSameSizeAs(before);
      for (int i = 1; i < 3; i++) { // each part stands where the next one stood
        assertThat(after.get(i)).isEqualTo(before.get(i + 1));
      }
    }
  }

  @Test
  void theWallEndsTheGameAndIsSeenComing() {
    Snake snake = new Snake(9);
    float[] seen = snake.reset(2);
    int steps = Math.round(1 / seen[0]); // until the head is in the wall
    assertThat(steps).isEqualTo(5); // from the middle of nine fields
    for (int i = 1; i < steps; i++) {
      Step step = snake.step(STRAIGHT);
      assertThat(step.done()).isFalse();
      assertThat(step.observation()[0]).isEqualTo(1f / (steps - i));
    }
    Step last = snake.step(STRAIGHT);
    assertThat(last.terminated()).isTrue();
    assertThat(last.reward()).isEqualTo(-1);
    assertThatThrownBy(() -> snake.step(STRAIGHT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Snake: step: the episode is over; call reset() first");
  }

  @Test
  void aWalkWithoutFoodIsCutOff() {
    Snake snake = new Snake(5);
    snake.reset(3);
    Step step = snake.step(RIGHT);
    int walked = 1;
    while (!step.done() && step.reward() == 0) {
      step = snake.step(RIGHT); // round and round four fields
      walked++;
    }
    if (step.reward() == 0) {
      assertThat(step.truncated()).isTrue();
      assertThat(step.terminated()).isFalse();
      assertThat(walked).isEqualTo(25);
    }
  }

  /** Goes to the food by what it sees alone: eats, grows, and the rules hold at every step. */
  @Test
  void whoEatsGrowsAndTheBodyIsOneChain() {
    Snake snake = new Snake(8);
    float[] seen = snake.reset(5);
    int eaten = 0;
    Rng rng = new Rng(1);
    for (int t = 0; t < 3000; t++) {
      Step step = snake.step(greedy(seen, rng));
      seen = step.observation();
      eaten += step.reward() > 0 ? 1 : 0;
      assertThat(snake.eaten()).isEqualTo(eaten);
      List<double[]> fields = fields(snake);
      assertThat(fields).hasSize(1 + 3 + eaten + 1); // food, body, eye
      for (int i = 2; i < 3 + eaten + 1; i++) {
        double[] a = fields.get(i - 1);
        double[] b = fields.get(i);
        assertThat(Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1])).isBetween(0.999, 1.001);
      }
      if (!step.done()) {
        assertThat(fields.stream().map(f -> f[0] + "," + f[1]).distinct())
            .as("food, body: no field twice; the eye is on the head")
            .hasSize(fields.size() - 1);
      } else {
        seen = snake.reset();
        eaten = 0;
      }
    }
  }

  private static int greedy(float[] seen, Rng rng) {
    boolean[] free = new boolean[3];
    int[] direction = {0, 2, 6}; // ahead, right, left
    for (int a = 0; a < 3; a++) {
      int at = 3 * direction[a];
      free[a] = seen[at] < 1 && seen[at + 1] < 1;
    }
    int wish = seen[24] > 0 ? 0 : seen[25] > 0 ? 1 : seen[25] < 0 ? 2 : 1;
    for (int i = 0; i < 4 && !free[wish]; i++) {
      wish = rng.below(3);
    }
    return wish;
  }

  @Test
  void oneSeedIsOneGame() {
    assertThat(new Snake(7).reset(4)).isEqualTo(new Snake(7).reset(4));
    assertThatThrownBy(() -> new Snake(4)).hasMessage("snake: side 4: must be from 5 to 100");
    Snake snake = new Snake(7);
    snake.reset(1);
    assertThatThrownBy(() -> snake.step(3))
        .hasMessage("Snake: step: action 3: must be of Discrete[n=3]");
  }
}
