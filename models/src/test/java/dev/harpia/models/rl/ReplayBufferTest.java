package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.io.FormatException;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered, how it is drawn, and that it survives a file. */
final class ReplayBufferTest {
  @TempDir private Path folder = Path.of("");

  /** Transition i has i in every field, so that a row mixed up with another is seen. */
  private static void add(ReplayBuffer replay, int i) {
    replay.add(new float[] {i, -i}, i, 10 * i, 0.5f * i, new float[] {i + 1, -i - 1});
  }

  private static void consistent(Transitions batch) {
    for (int i = 0; i < batch.size(); i++) {
      int k = batch.actions().getInt(i, 0);
      assertThat(batch.observations().get(i, 0)).isEqualTo(k);
      assertThat(batch.observations().get(i, 1)).isEqualTo(-k);
      assertThat(batch.rewards().get(i, 0)).isEqualTo(10 * k);
      assertThat(batch.discounts().get(i, 0)).isEqualTo(0.5f * k);
      assertThat(batch.next().get(i, 0)).isEqualTo(k + 1);
      assertThat(batch.next().get(i, 1)).isEqualTo(-k - 1);
    }
  }

  @Test
  void samplingIsUniformOverWhatIsHeldAndRowsStayWhole() {
    ReplayBuffer replay = ReplayBuffer.uniform(5, 2);
    for (int i = 1; i <= 7; i++) { // 1 and 2 are overwritten
      add(replay, i);
    }
    assertThat(replay.size()).isEqualTo(5);
    int[] seen = new int[8];
    Transitions batch = new Transitions(100, 2);
    Rng rng = new Rng(3);
    for (int round = 0; round < 100; round++) {
      replay.sample(rng, 1, batch);
      consistent(batch);
      Arrays.stream(batch.actions().toIntArray()).forEach(k -> seen[k]++);
    }
    // 10000 draws, 2000 expected each, standard deviation 40: five of them
    assertThat(Arrays.copyOfRange(seen, 0, 3)).containsOnly(0);
    for (int i = 3; i < 8; i++) {
      assertThat(seen[i]).isCloseTo(2000, within(200));
    }
    assertThat(batch.weights().toArray()).containsOnly(1f);
  }

  @Test
  void aBufferThatIsNotFullGivesOnlyWhatItHolds() {
    ReplayBuffer replay = ReplayBuffer.uniform(1000, 2);
    Transitions batch = new Transitions(50, 2);
    assertThatThrownBy(() -> replay.sample(new Rng(1), 1, batch))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nothing to sample");
    add(replay, 4);
    replay.sample(new Rng(1), 1, batch);
    assertThat(batch.actions().toIntArray()).containsOnly(4);
    assertThatThrownBy(() -> replay.add(new float[3], 0, 0, 0, new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("replay: observations of 3 and 2 floats: must be of 2");
  }

  @Test
  void prioritiesDrawInProportionAndWeightsCorrectIt() {
    ReplayBuffer replay = ReplayBuffer.prioritised(4, 2, 1);
    for (int i = 0; i < 4; i++) {
      add(replay, i);
    }
    Transitions all = new Transitions(4, 2);
    for (int i = 0; i < 4; i++) {
      all.rows[i] = i;
    }
    replay.update(all, new float[] {0.999f, -1.999f, 2.999f, 3.999f}); // priorities 1, 2, 3, 4
    int[] seen = new int[4];
    Transitions batch = new Transitions(100, 2);
    Rng rng = new Rng(5);
    for (int round = 0; round < 100; round++) {
      replay.sample(rng, 1, batch);
      consistent(batch);
      for (int i = 0; i < batch.size(); i++) {
        seen[batch.rows[i]]++;
        // (n·P)^−1 over the batch's largest, which is row 0's: 1 / (row + 1)
        float weight = batch.weights().get(i, 0);
        assertThat(weight).isCloseTo(1f / (batch.rows[i] + 1), within(1e-5f));
      }
    }
    // drawn from equal parts of the whole, so nearer to 1000, 2000, 3000, 4000 than free draws
    for (int i = 0; i < 4; i++) {
      assertThat(seen[i]).isCloseTo(1000 * (i + 1), within(150));
    }
  }

  @Test
  void theSumTreeFindsTheIndexOfAMass() {
    SumTree tree = new SumTree(5);
    double[] weights = {1, 0, 2.5, 0.5, 4};
    for (int i = 0; i < 5; i++) {
      tree.set(i, weights[i]);
    }
    assertThat(tree.total()).isEqualTo(8);
    assertThat(tree.find(0)).isZero();
    assertThat(tree.find(0.999)).isZero();
    assertThat(tree.find(1)).isEqualTo(2);
    assertThat(tree.find(3.499)).isEqualTo(2);
    assertThat(tree.find(3.5)).isEqualTo(3);
    assertThat(tree.find(4)).isEqualTo(4);
    assertThat(tree.find(8)).isEqualTo(4); // a mass rounded up to the total
    tree.set(4, 0);
    assertThat(tree.find(4)).isEqualTo(3); // never where the weight is 0
    assertThatThrownBy(() -> tree.set(0, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tree.set(5, 1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aResumedBufferDrawsAndForgetsAsTheOneThatWentOn() throws IOException {
    ReplayBuffer first = ReplayBuffer.prioritised(6, 2, 0.6);
    for (int i = 1; i <= 8; i++) {
      add(first, i);
    }
    Transitions batch = new Transitions(3, 2);
    first.sample(new Rng(1), 0.5, batch);
    first.update(batch, new float[] {0.3f, 5, 0.01f});
    Path file = folder.resolve("replay.safetensors");
    first.save(file);
    ReplayBuffer second = ReplayBuffer.prioritised(6, 2, 0.6);
    second.load(file);
    assertThat(second.size()).isEqualTo(6);
    for (int i = 9; i < 12; i++) {
      add(first, i);
      add(second, i);
      Transitions a = new Transitions(40, 2);
      Transitions b = new Transitions(40, 2);
      first.sample(new Rng(i), 0.5, a);
      second.sample(new Rng(i), 0.5, b);
      assertThat(b.rows).isEqualTo(a.rows);
      assertThat(b.observations().toArray()).isEqualTo(a.observations().toArray());
      for (int k = 0; k < 40; k++) {
        assertThat(b.weights().get(k, 0)).isCloseTo(a.weights().get(k, 0), within(1e-5f));
      }
    }
  }

  @Test
  void filesThatDoNotFitAreRefusedAndTheBufferStaysAsItIs() throws IOException {
    ReplayBuffer replay = ReplayBuffer.uniform(4, 2);
    add(replay, 1);
    Path file = folder.resolve("replay.safetensors");
    replay.save(file);
    assertThatThrownBy(() -> ReplayBuffer.uniform(9, 2).load(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not fit this replay buffer");
    byte[] bytes = Files.readAllBytes(file);
    Path broken = folder.resolve("broken.safetensors");
    Files.write(broken, Arrays.copyOf(bytes, bytes.length - 9));
    assertThatThrownBy(() -> replay.load(broken)).isInstanceOf(FormatException.class);
    bytes[12] ^= 0x40;
    Files.write(broken, bytes);
    assertThatThrownBy(() -> replay.load(broken)).isInstanceOf(FormatException.class);
    assertThat(replay.size()).isEqualTo(1);
    Path agent = folder.resolve("agent.safetensors");
    new DqnAgent(DqnSettings.dqn(), 2, 2).save(agent, new Rng(1), 0);
    assertThatThrownBy(() -> replay.load(agent))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected a replay buffer");
  }
}
