package dev.harpia.bench.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.rl.CartPole;
import dev.harpia.models.rl.DqnAgent;
import dev.harpia.models.rl.DqnSettings;
import dev.harpia.models.rl.ReplayBuffer;
import dev.harpia.models.rl.Transitions;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The twin over heap arrays computes what ours does: values, loss, and what an update changes. */
final class HeapDqnTest {
  private static void copy(DqnAgent agent, HeapDqn twin) {
    List<Tensor> weights = List.copyOf(agent.network().state().values());
    for (int l = 0; l < 3; l++) {
      Tensor w = weights.get(2 * l); // [out, in]
      HeapDense layer = twin.online[l];
      for (int o = 0; o < layer.out; o++) {
        for (int i = 0; i < layer.in; i++) {
          layer.weight[i * layer.out + o] = w.get(o, i);
        }
        layer.bias[o] = weights.get(2 * l + 1).get(o);
      }
      layer.changed();
    }
    twin.copyTarget();
  }

  @Test
  void theTwinLearnsTheSame() {
    DqnSettings settings = DqnSettings.dqn();
    Rng.seed(3);
    DqnAgent agent = new DqnAgent(settings, 4, 2);
    HeapDqn twin = new HeapDqn(CartPole.v1(), settings, 1);
    copy(agent, twin);
    ReplayBuffer replay = ReplayBuffer.uniform(300, 4);
    Rng rng = new Rng(5);
    for (int i = 0; i < 300; i++) {
      float[] a = {rng.normal(), rng.normal(), rng.normal(), rng.normal()};
      float[] b = {rng.normal(), rng.normal(), rng.normal(), rng.normal()};
      replay.add(a, rng.below(2), 3 * rng.normal(), i % 5 == 0 ? 0 : 0.99f, b);
    }
    Transitions batch = new Transitions(64, 4);
    float[] x = {0.3f, -1, 0.2f, 2};
    for (int update = 0; update < 80; update++) { // across a copy to the target network
      close(twin.values(x), agent.values(x));
      replay.sample(rng, 1, batch);
      System.arraycopy(batch.observations().toArray(), 0, twin.batchSeen, 0, 256);
      System.arraycopy(batch.next().toArray(), 0, twin.batchNext, 0, 256);
      System.arraycopy(batch.actions().toIntArray(), 0, twin.batchActions, 0, 64);
      System.arraycopy(batch.rewards().toArray(), 0, twin.batchRewards, 0, 64);
      System.arraycopy(batch.discounts().toArray(), 0, twin.batchDiscounts, 0, 64);
      assertThat(twin.learn()).isCloseTo(agent.learn(batch), within(1e-3f));
    }
    assertThat(agent.act(x)).isEqualTo(twin.act(x));
  }

  private static void close(float[] ours, float[] theirs) {
    for (int i = 0; i < 2; i++) {
      assertThat(ours[i]).isCloseTo(theirs[i], within(2e-3f));
    }
  }
}
