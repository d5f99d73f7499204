package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.io.FormatException;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings and agents go on from their files as if nothing had happened, or say why not. */
final class ResumeTest {
  @TempDir private Path folder = Path.of("");

  private static DqnSettings small() {
    return new DqnSettings(16, 1e-2, 0.9, 8, 300, 50, 8, 4, 10, 200, 0.1, 3, true, true, true, 10);
  }

  private static DqnTraining training(long seed) {
    Rng.seed(seed);
    return new DqnTraining(CartPole.v1(), new DqnAgent(small(), 4, 2), small(), seed);
  }

  @Test
  void aResumedTrainingIsTheUnbrokenOne() throws IOException {
    Path file = folder.resolve("training.safetensors");
    DqnTraining unbroken = training(1);
    unbroken.run(400);
    unbroken.save(file);
    Path end = folder.resolve("end.safetensors");
    unbroken.run(800);
    unbroken.save(end);
    DqnTraining resumed = training(99);
    resumed.run(120); // of another life, forgotten
    resumed.load(file);
    assertThat(resumed.taken()).isEqualTo(400);
    resumed.run(800);
    assertThat(resumed.curve().returns()).isEqualTo(unbroken.curve().returns());
    assertThat(resumed.curve().steps()).isEqualTo(unbroken.curve().steps());
    Path again = folder.resolve("again.safetensors");
    resumed.save(again);
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(end));
  }

  @Test
  void aTrainingThatDoesNotFitIsLeftAlone() throws IOException {
    Path file = folder.resolve("training.safetensors");
    DqnTraining one = training(1);
    one.run(100);
    one.save(file);
    byte[] bytes = Files.readAllBytes(file);
    Path broken = folder.resolve("broken.safetensors");
    for (int at : new int[] {bytes.length - 1, bytes.length / 2, bytes.length / 3}) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 4;
      Files.write(broken, flipped);
      assertThatThrownBy(() -> one.load(broken))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("broken.safetensors")
          .hasMessageContaining("checksum");
    }
    for (int length : new int[] {0, 7, 100, bytes.length - 1}) {
      Files.write(broken, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> one.load(broken)).isInstanceOf(FormatException.class);
    }
    assertThat(one.taken()).isEqualTo(100);
    one.load(file);
    Rng.seed(1);
    DqnSettings plain = DqnSettings.dqn();
    DqnTraining other = new DqnTraining(CartPole.v1(), new DqnAgent(plain, 4, 2), plain, 1);
    assertThatThrownBy(() -> other.load(file)).hasMessageContaining("does not fit this training");
    assertThat(other.taken()).isZero();
    new DqnAgent(small(), 4, 2).save(broken, new Rng(1), 3);
    assertThatThrownBy(() -> one.load(broken))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected a DQN training");
  }

  @Test
  void policiesGoOnToTheSameBits() throws IOException {
    for (PpoSettings how : new PpoSettings[] {PpoSettings.ppo(), PpoSettings.a2c()}) {
      Path file = folder.resolve("policy.safetensors");
      PpoAgent<Integer> one = actorCritic(how, 1);
      train(one, 512, 1);
      one.save(file, new Rng(5), 512);
      PpoAgent<Integer> two = actorCritic(how, 2);
      Rng rng = new Rng(0);
      assertThat(two.load(file, rng)).isEqualTo(512);
      assertThat(rng.nextLong()).isEqualTo(new Rng(5).nextLong());
      train(one, 512, 3);
      train(two, 512, 3);
      Path a = folder.resolve("a.safetensors");
      Path b = folder.resolve("b.safetensors");
      one.save(a, new Rng(1), 1);
      two.save(b, new Rng(1), 1);
      assertThat(Files.readAllBytes(b)).isEqualTo(Files.readAllBytes(a));
      Reinforce other = new Reinforce(4, 2);
      assertThatThrownBy(() -> other.load(file, rng))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("expected a REINFORCE agent");
    }
  }

  private static PpoAgent<Integer> actorCritic(PpoSettings how, long seed) {
    Rng.seed(seed);
    return new PpoAgent<>(how, 4, CartPole.v1().actionSpace());
  }

  private static void train(PpoAgent<Integer> agent, long steps, long seed) {
    LearningCurve curve = new LearningCurve();
    var checks =
        new Checks<>(CartPole.v1(), agent, agent.network(), curve, 1 << 20, 1e9, 1, n -> {});
    agent.train(CartPole::v1, steps, seed, curve, checks);
  }

  @Test
  void reinforceGoesOnToTheSameBits() throws IOException {
    Path file = folder.resolve("reinforce.safetensors");
    Rng.seed(1);
    Reinforce one = new Reinforce(4, 2);
    episodes(one, 5, 1);
    one.save(file, new Rng(5), 77);
    Rng.seed(2);
    Reinforce two = new Reinforce(4, 2);
    assertThat(two.load(file, new Rng(0))).isEqualTo(77);
    episodes(one, 5, 2);
    episodes(two, 5, 2);
    Path a = folder.resolve("a.safetensors");
    Path b = folder.resolve("b.safetensors");
    one.save(a, new Rng(1), 1);
    two.save(b, new Rng(1), 1);
    assertThat(Files.readAllBytes(b)).isEqualTo(Files.readAllBytes(a));
    Files.write(b, Arrays.copyOf(Files.readAllBytes(b), 40));
    assertThatThrownBy(() -> two.load(b, new Rng(1))).isInstanceOf(FormatException.class);
  }

  private static void episodes(Reinforce agent, int n, long seed) {
    LearningCurve curve = new LearningCurve();
    var checks =
        new Checks<>(CartPole.v1(), agent, agent.network(), curve, 1 << 20, 1e9, 1, s -> {});
    agent.train(CartPole.v1(), n, seed, curve, checks);
  }
}
