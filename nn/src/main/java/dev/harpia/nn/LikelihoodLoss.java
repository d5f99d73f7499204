package dev.harpia.nn;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Reduction;

/**
 * Losses that compare distributions, or that are likelihoods of other distributions than the
 * categorical.
 */
public final class LikelihoodLoss {
  private LikelihoodLoss() {}

  /**
   * Kullback–Leibler divergence of log-probabilities x from probabilities y: {@code y·(log y − x)}.
   * The mean divides by all elements, as PyTorch's does; see {@link #klDivBatchMean}.
   */
  public static Tensor klDiv(
      Tensor logProbability, Tensor target, boolean logTarget, Reduction reduction) {
    return Loss.reduce(each(logProbability, target, logTarget), reduction);
  }

  /** Kullback–Leibler divergence, summed and divided by the batch. */
  public static Tensor klDivBatchMean(Tensor logProbability, Tensor target, boolean logTarget) {
    return each(logProbability, target, logTarget).sum().div(logProbability.dim(0));
  }

  private static Tensor each(Tensor x, Tensor y, boolean logTarget) {
    return Tensor.apply(
        logTarget ? LossFormulas.KL_LOG_TARGET : LossFormulas.KL, Loss.same("klDiv", x, y));
  }

  /**
   * Negative log-likelihood of a Poisson distribution whose logarithm of the rate is x: {@code eˣ −
   * y·x}.
   */
  public static Tensor poisson(Tensor logRate, Tensor target, Reduction reduction) {
    return Loss.reduce(
        Tensor.apply(LossFormulas.POISSON_LOG, Loss.same("poissonNll", logRate, target)),
        reduction);
  }

  /** Negative log-likelihood of a Poisson distribution of rate x: {@code x − y·log(x + ε)}. */
  public static Tensor poissonOfRate(
      Tensor rate, Tensor target, float epsilon, Reduction reduction) {
    return Loss.reduce(
        Tensor.apply(
            new Pointwise(LossFormulas.POISSON, epsilon), Loss.same("poissonNll", rate, target)),
        reduction);
  }

  /**
   * Negative log-likelihood of a normal distribution, without its constant: {@code ½(log v + (x −
   * y)²/v)}, with v not below ε.
   */
  public static Tensor gaussian(
      Tensor mean, Tensor target, Tensor variance, float epsilon, Reduction reduction) {
    Loss.same("gaussianNll", mean, target);
    return Loss.reduce(
        Tensor.apply(new Pointwise(LossFormulas.GAUSSIAN, epsilon), mean, target, variance),
        reduction);
  }

  /**
   * Connectionist temporal classification (Graves et al. 2006): the negative log-probability of a
   * label sequence under all alignments.
   *
   * <p>Shapes: log-probabilities [T, N, C], targets [N, S] (I32), lengths of both per sequence; the
   * loss is [N].
   *
   * @param blank the class that stands for no label
   */
  public static Tensor ctc(
      Tensor logProbability, Tensor targets, int[] inputLengths, int[] targetLengths, int blank) {
    return Tensor.apply(new Ctc(inputLengths, targetLengths, blank), logProbability, targets);
  }

  /**
   * Kullback–Leibler divergence of N(μ, e^logVariance) from N(0, 1), summed over the last axis.
   * Shapes: [N, D] to [N].
   */
  public static Tensor klToStandardNormal(Tensor mu, Tensor logVariance) {
    Shape s = mu.shape();
    return logVariance.exp().add(mu.square()).sub(1).sub(logVariance).sum(s.rank() - 1).mul(0.5f);
  }
}
