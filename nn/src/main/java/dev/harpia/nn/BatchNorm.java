package dev.harpia.nn;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link BatchNorm1d} and {@link BatchNorm2d} share: normalisation by the batch's statistics
 * in training, by their running averages in evaluation.
 */
public abstract sealed class BatchNorm extends Layer permits BatchNorm1d, BatchNorm2d {
  /**
   * Form of a batch normalisation.
   *
   * @param epsilon added to the variance
   * @param momentum share of the newest batch in the running averages; NaN for the plain average of
   *     all batches
   * @param affine whether there are a weight and a bias
   * @param track whether there are running averages; without them evaluation uses the batch too
   */
  public record Config(float epsilon, float momentum, boolean affine, boolean track) {
    /** PyTorch's: ε = 1e-5, momentum 0.1, affine, with running averages. */
    public static final Config DEFAULT = new Config(1e-5f, 0.1f, true, true);
  }

  private final int channels;
  private final Config config;
  private final @Nullable Tensor weight;
  private final @Nullable Tensor bias;
  private final @Nullable Tensor runningMean;
  private final @Nullable Tensor runningVariance;
  private final @Nullable Tensor batches;

  BatchNorm(int channels, Config config) {
    if (channels < 1 || !(config.epsilon >= 0) || config.momentum < 0 || config.momentum > 1) {
      throw new IllegalArgumentException(
          kind()
              + ": "
              + channels
              + " channels, "
              + config
              + ": channels must be positive, epsilon not negative, momentum in [0, 1] or NaN");
    }
    this.channels = channels;
    this.config = config;
    weight = config.affine ? parameter("weight", Tensor.ones(channels)) : null;
    bias = config.affine ? parameter("bias", Tensor.zeros(channels)) : null;
    runningMean = config.track ? buffer("running_mean", Tensor.zeros(channels)) : null;
    runningVariance = config.track ? buffer("running_var", Tensor.ones(channels)) : null;
    batches =
        config.track ? buffer("num_batches_tracked", Tensor.zeros(Shape.SCALAR, DType.I32)) : null;
  }

  /** Whether a rank is one that the layer takes. */
  abstract boolean accepts(int rank);

  /** How messages describe what it takes. */
  abstract String expected(int channels);

  @Override
  public final Tensor forward(Tensor x) {
    if (!accepts(x.rank()) || x.dim(1) != channels) {
      throw new ShapeException(kind(), "the input must be " + expected(channels), x.shape());
    }
    List<Tensor> in = new ArrayList<>(5);
    in.add(x);
    if (weight != null && bias != null) {
      in.add(weight);
      in.add(bias);
    }
    boolean given = !training() && runningMean != null && runningVariance != null;
    if (given && runningMean != null && runningVariance != null) {
      in.add(runningMean);
      in.add(runningVariance);
    }
    var op = new dev.harpia.tensor.op.BatchNorm(config.epsilon, config.affine, given);
    Tensor[] out = Tensor.applyAll(op, in.toArray(Tensor[]::new));
    if (training()) {
      track(out[1], out[2], x.size() / channels);
    }
    return out[0];
  }

  private void track(Tensor mean, Tensor variance, long count) {
    if (runningMean == null || runningVariance == null || batches == null) {
      return;
    }
    int n = batches.getInt() + 1;
    batches.copyFrom(new int[] {n});
    dev.harpia.simd.BatchNorm.updateRunning(
        runningMean.address(),
        runningVariance.address(),
        mean.address(),
        variance.address(),
        channels,
        count,
        Float.isNaN(config.momentum) ? 1f / n : config.momentum);
    runningMean.changed();
    runningVariance.changed();
    java.lang.ref.Reference.reachabilityFence(mean);
    java.lang.ref.Reference.reachabilityFence(variance);
  }

  @Override
  protected final String arguments() {
    return String.valueOf(channels);
  }
}
