package dev.harpia.models.rl;

import dev.harpia.nn.Loss;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.CrossEntropy;
import dev.harpia.tensor.op.Reduction;
import java.util.List;

/**
 * What a policy network's outputs mean: a distribution over the actions of a space.
 *
 * @param <A> an action
 */
sealed interface PolicyHead<A> {
  /** The number of outputs that the network has. */
  int outputs();

  /** A drawn action. */
  A sample(float[] outputs, Rng rng);

  /** The likeliest action. */
  A best(float[] outputs);

  /** ln π(actions | outputs): [N, K] and N actions to [N]. */
  Tensor logProbability(Tensor outputs, Tensor logStd, List<A> actions);

  /** The distributions' mean entropy, a scalar. */
  Tensor entropy(Tensor outputs, Tensor logStd);

  /** ln π of one action, in plain numbers. */
  double logProbability(float[] outputs, A action);

  /** Takes over the present logarithms of the standard deviations, where there are any. */
  void logStd(float[] values);

  /** The head of an action space. */
  @SuppressWarnings("unchecked") // the space's own type of actions
  static <A> PolicyHead<A> of(Space<A> space) {
    return switch (space) {
      case Space.Discrete d -> (PolicyHead<A>) new Categorical(d.n());
      case Space.Box b -> (PolicyHead<A>) new Gaussian(b.size());
    };
  }

  /** Logits of discrete actions. */
  record Categorical(int outputs) implements PolicyHead<Integer> {
    @Override
    public Integer sample(float[] logits, Rng rng) {
      return Distributions.categorical(logits, outputs, rng);
    }

    @Override
    public Integer best(float[] logits) {
      int best = 0;
      for (int i = 1; i < outputs; i++) {
        best = logits[i] > logits[best] ? i : best;
      }
      return best;
    }

    @Override
    public Tensor logProbability(Tensor logits, Tensor logStd, List<Integer> actions) {
      Tensor taken = Tensor.of(actions.stream().mapToInt(Integer::intValue).toArray());
      return Loss.crossEntropy(logits, taken, null, Reduction.NONE, 0, CrossEntropy.IGNORE).neg();
    }

    @Override
    public Tensor entropy(Tensor logits, Tensor logStd) {
      return logits.softmax(1).mul(logits.logSoftmax(1)).sum(1).mean().neg();
    }

    @Override
    public double logProbability(float[] logits, Integer action) {
      return Distributions.logProbability(logits, outputs, action);
    }

    @Override
    public void logStd(float[] values) {}
  }

  /** Means of a normal distribution per component; its deviations do not depend on the state. */
  record Gaussian(int outputs, float[] logStds) implements PolicyHead<float[]> {
    Gaussian(int outputs) {
      this(outputs, new float[outputs]);
    }

    @Override
    public float[] sample(float[] means, Rng rng) {
      float[] x = new float[outputs];
      for (int i = 0; i < outputs; i++) {
        x[i] = (float) (means[i] + Math.exp(logStds[i]) * rng.normal());
      }
      return x;
    }

    @Override
    public float[] best(float[] means) {
      return java.util.Arrays.copyOf(means, outputs);
    }

    @Override
    public Tensor logProbability(Tensor means, Tensor logStd, List<float[]> actions) {
      Tensor x = Tensor.of(actions.toArray(float[][]::new)); // [N, K]
      Tensor z = x.sub(means).div(logStd.exp());
      float constant = (float) Distributions.LOG_SQRT_TWO_PI;
      return z.square().mul(-0.5f).sub(logStd).sub(constant).sum(1);
    }

    @Override
    public Tensor entropy(Tensor means, Tensor logStd) {
      return logStd.add((float) (0.5 + Distributions.LOG_SQRT_TWO_PI)).sum();
    }

    @Override
    public double logProbability(float[] means, float[] action) {
      double sum = 0;
      for (int i = 0; i < outputs; i++) {
        double z = (action[i] - means[i]) / Math.exp(logStds[i]);
        sum -= 0.5 * z * z + logStds[i] + Distributions.LOG_SQRT_TWO_PI;
      }
      return sum;
    }

    @Override
    public void logStd(float[] values) {
      System.arraycopy(values, 0, logStds, 0, outputs);
    }
  }
}
