package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;
import java.util.List;

/**
 * A map of letters to walk on: S start, F free, H a hole that ends the episode, G the goal, C a
 * cliff that leads back to the start. Actions: left (0), down (1), right (2), up (3); the edge
 * holds.
 *
 * <p>Observation: the number of the field, row by row.
 */
public final class GridWorld extends Episodic<Integer> {
  private final List<String> map;
  private final int columns;
  private final boolean slippery;
  private final double stepReward;
  private final double goalReward;
  private final double cliffReward;
  private int place;

  private GridWorld(
      List<String> map,
      boolean slippery,
      double stepReward,
      double goalReward,
      double cliffReward) {
    this.map = map;
    this.columns = map.getFirst().length();
    this.slippery = slippery;
    this.stepReward = stepReward;
    this.goalReward = goalReward;
    this.cliffReward = cliffReward;
  }

  /**
   * Four by four fields of ice; the goal pays 1, at most 100 steps. On slippery ice one goes where
   * one wants, or to either side, a third each.
   */
  public static Environment<Integer> frozenLake(boolean slippery) {
    List<String> map = List.of("SFFF", "FHFH", "FFFH", "HFFG");
    return new TimeLimit<>(new GridWorld(map, slippery, 0, 1, 0), 100);
  }

  /** Sutton and Barto's walk along a cliff: −1 per step, −100 for a fall; at most 500 steps. */
  public static Environment<Integer> cliffWalking() {
    String row = "FFFFFFFFFFFF";
    List<String> map = List.of(row, row, row, "SCCCCCCCCCCG");
    return new TimeLimit<>(new GridWorld(map, false, -1, -1, -100), 500);
  }

  @Override
  public Space.Discrete observationSpace() {
    return new Space.Discrete(columns * map.size());
  }

  @Override
  public Space.Discrete actionSpace() {
    return new Space.Discrete(4);
  }

  @Override
  float[] begin(Rng rng) {
    place = first();
    return new float[] {place};
  }

  private int first() {
    return String.join("", map).indexOf('S');
  }

  @Override
  Step advance(Integer action, Rng rng) {
    int way = slippery ? (action + 3 + rng.below(3)) % 4 : action;
    int row = place / columns;
    int column = place % columns;
    switch (way) {
      case 0 -> column = Math.max(0, column - 1);
      case 1 -> row = Math.min(map.size() - 1, row + 1);
      case 2 -> column = Math.min(columns - 1, column + 1);
      default -> row = Math.max(0, row - 1);
    }
    place = row * columns + column;
    double reward = stepReward;
    boolean end = false;
    switch (map.get(row).charAt(column)) {
      case 'G' -> {
        reward = goalReward;
        end = true;
      }
      case 'H' -> end = true;
      case 'C' -> {
        reward = cliffReward;
        place = first();
      }
      default -> {}
    }
    return step(new float[] {place}, reward, end);
  }
}
