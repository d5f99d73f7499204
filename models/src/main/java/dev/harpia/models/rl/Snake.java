package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Snake: eat and grow without running into a wall or oneself. Actions relative to where it goes:
 * straight on (0), turn right (1), turn left (2).
 *
 * <p>Observation, {@value #OBSERVED} numbers as the head sees it: for eight directions, clockwise
 * from straight ahead, the inverse distance to the wall, to the body (0: none) and whether food
 * lies there; how far the food is ahead and to the right, in sides of the board; the share of the
 * board that the snake covers.
 *
 * <p>Reward: 1 per bite, −1 for the end. The episode is cut off after a walk of as many steps as
 * the board has fields without a bite. A snake that fills the board has won: the episode ends.
 */
public final class Snake extends Episodic<Integer> {
  static final int OBSERVED = 27;
  private static final int FIRST_LENGTH = 3;

  // eight directions clockwise from up; y downwards
  private static final int[] DX = {0, 1, 1, 1, 0, -1, -1, -1};
  private static final int[] DY = {-1, -1, 0, 1, 1, 1, 0, -1};

  private final int side;
  private final List<Integer> body = new ArrayList<>(); // fields, the head last
  private final boolean[] covered;
  private int heading; // of the eight directions, an even one
  private int food;
  private int hungry;

  /** On a board of {@code side} × {@code side} fields. */
  public Snake(int side) {
    if (side < 5 || side > 100) {
      throw new IllegalArgumentException("snake: side " + side + ": must be from 5 to 100");
    }
    this.side = side;
    covered = new boolean[side * side];
  }

  @Override
  public Space.Box observationSpace() {
    return Space.Box.of(-1, 1, OBSERVED);
  }

  @Override
  public Space.Discrete actionSpace() {
    return new Space.Discrete(3);
  }

  /** Bites so far in this episode. */
  public int eaten() {
    return body.size() - FIRST_LENGTH;
  }

  @Override
  float[] begin(Rng rng) {
    body.clear();
    java.util.Arrays.fill(covered, false);
    heading = 2 * rng.below(4);
    int x = side / 2;
    int y = side / 2;
    for (int i = FIRST_LENGTH - 1; i >= 0; i--) { // straight, the head in the middle
      cover((y - i * DY[heading]) * side + x - i * DX[heading]);
    }
    hungry = 0;
    placeFood(rng);
    return observe();
  }

  private void cover(int field) {
    body.add(field);
    covered[field] = true;
  }

  /** On a free field, each as likely as the others. */
  private void placeFood(Rng rng) {
    int free = rng.below(side * side - body.size());
    food = 0;
    while (covered[food] || free-- > 0) {
      food++;
    }
  }

  @Override
  Step advance(Integer action, Rng rng) {
    heading = (heading + (action == 1 ? 2 : action == 2 ? 6 : 0)) % 8;
    int x = head() % side + DX[heading];
    int y = head() / side + DY[heading];
    int to = y * side + x;
    boolean bite = inside(x, y) && to == food;
    // the tail moves on, so the head may follow it; it stays where the snake grows
    boolean blocked = !inside(x, y) || (covered[to] && to != body.getFirst());
    if (blocked) {
      return new Step(observe(), -1, true, false, info());
    }
    if (!bite) {
      covered[body.removeFirst()] = false;
    }
    cover(to);
    hungry = bite ? 0 : hungry + 1;
    boolean won = body.size() == side * side;
    if (bite && !won) {
      placeFood(rng);
    }
    return new Step(observe(), bite ? 1 : 0, won, !won && hungry >= side * side, info());
  }

  private Map<String, Double> info() {
    return Map.of("eaten", (double) eaten());
  }

  private int head() {
    return body.getLast();
  }

  private boolean inside(int x, int y) {
    return x >= 0 && y >= 0 && x < side && y < side;
  }

  private float[] observe() {
    float[] seen = new float[OBSERVED];
    for (int d = 0; d < 8; d++) {
      look((heading + d) % 8, seen, 3 * d);
    }
    int dx = food % side - head() % side;
    int dy = food / side - head() / side;
    int right = (heading + 2) % 8;
    seen[24] = (float) (dx * DX[heading] + dy * DY[heading]) / side;
    seen[25] = (float) (dx * DX[right] + dy * DY[right]) / side;
    seen[26] = (float) body.size() / (side * side);
    return seen;
  }

  private void look(int direction, float[] seen, int at) {
    int x = head() % side;
    int y = head() / side;
    int steps = 0;
    while (inside(x, y)) {
      x += DX[direction];
      y += DY[direction];
      steps++;
      if (inside(x, y)) {
        int field = y * side + x;
        if (covered[field] && seen[at + 1] == 0) {
          seen[at + 1] = 1f / steps;
        }
        seen[at + 2] = field == food ? 1 : seen[at + 2];
      }
    }
    seen[at] = 1f / steps;
  }

  @Override
  public Scene scene() {
    List<Scene.Shape> shapes = new ArrayList<>();
    Color wall = new Color(90, 90, 100);
    shapes.add(new Scene.Rectangle(-1, -1, side + 2, 1, wall));
    shapes.add(new Scene.Rectangle(-1, side, side + 2, 1, wall));
    shapes.add(new Scene.Rectangle(-1, 0, 1, side, wall));
    shapes.add(new Scene.Rectangle(side, 0, 1, side, wall));
    shapes.add(new Scene.Disc(middleX(food), middleY(food), 0.4, new Color(205, 60, 55)));
    for (int i = 0; i < body.size(); i++) {
      int part = body.get(i);
      int shade = 120 + 80 * i / body.size();
      Color green = new Color(40, shade, 70);
      double x = middleX(part) - 0.45;
      double y = middleY(part) - 0.45;
      shapes.add(new Scene.Rectangle(x, y, 0.9, 0.9, green));
    }
    Color eye = new Color(250, 240, 120);
    shapes.add(new Scene.Disc(middleX(head()), middleY(head()), 0.3, eye));
    return new Scene(-1, -1, side + 1, side + 1, shapes);
  }

  private double middleX(int field) {
    return field % side + 0.5;
  }

  /** Scenes have y upwards. */
  private double middleY(int field) {
    int row = field / side;
    return side - 0.5 - row;
  }
}
