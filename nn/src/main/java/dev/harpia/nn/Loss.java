package dev.harpia.nn;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.CrossEntropy;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Reduction;
import org.jspecify.annotations.Nullable;

/**
 * Losses: functions of a prediction and a target that training makes small. Without a {@link
 * Reduction} they are means.
 *
 * <p>Losses of pairs and margins are in {@link MarginLoss}, those of distributions in {@link
 * LikelihoodLoss}.
 */
public final class Loss {
  private Loss() {}

  // ---- classes

  /**
   * Cross-entropy of logits: {@code −mean log softmax(x)[y]}.
   *
   * <p>Shapes: logits [.., C]; classes [..] as I32, or probabilities [.., C] as F32.
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target) {
    return crossEntropy(logits, target, null, Reduction.MEAN, 0, CrossEntropy.IGNORE);
  }

  /**
   * Cross-entropy of logits with class weights [C], label smoothing (Szegedy et al. 2016) and a
   * class that counts for nothing. The mean divides by the sum of the weights of the rows that
   * count.
   *
   * <p>Shapes: logits [.., C]; classes [..] as I32, or probabilities [.., C] as F32.
   */
  public static Tensor crossEntropy(
      Tensor logits,
      Tensor target,
      @Nullable Tensor weight,
      Reduction reduction,
      float smoothing,
      int ignore) {
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new IllegalArgumentException(
          "crossEntropy: label smoothing " + smoothing + " must be in [0, 1]");
    }
    Shape rows = logits.shape().without(-1);
    Tensor x =
        logits.rank() == 2 ? logits : logits.reshape(Math.toIntExact(rows.size()), logits.dim(-1));
    Tensor y = target;
    if (logits.rank() != 2) {
      y =
          target.rank() == logits.rank()
              ? target.reshape(x.shape())
              : target.reshape(Math.toIntExact(target.size()));
    }
    CrossEntropy op = new CrossEntropy(reduction, smoothing, ignore);
    Tensor loss = weight == null ? Tensor.apply(op, x, y) : Tensor.apply(op, x, y, weight);
    return reduction == Reduction.NONE && rows.rank() != 1 ? loss.reshape(rows) : loss;
  }

  /**
   * Negative log-likelihood of log-probabilities: {@code −w[y]·x[y]}.
   *
   * <p>Shapes: x [N, C], classes [N] as I32, weight [C].
   */
  public static Tensor nll(
      Tensor x, Tensor target, @Nullable Tensor weight, Reduction reduction, int ignore) {
    int n = x.dim(0);
    int c = x.dim(1);
    int[] y = target.toIntArray();
    float[] w = new float[n];
    double total = 0;
    for (int i = 0; i < n; i++) {
      if (y[i] != ignore) {
        if (y[i] < 0 || y[i] >= c) {
          throw new IndexOutOfBoundsException(
              "nll: class "
                  + y[i]
                  + " at position "
                  + i
                  + ": "
                  + x.shape()
                  + " has classes 0 to "
                  + (c - 1));
        }
        w[i] = weight == null ? 1 : weight.get(y[i]);
        total += w[i];
      } else {
        y[i] = 0;
      }
    }
    Tensor picked = x.gather(1, Tensor.of(y, Shape.of(n, 1))).reshape(n);
    Tensor each = picked.mul(Tensor.of(w)).neg();
    return reduction == Reduction.MEAN
        ? each.sum().mul((float) (1 / total))
        : reduce(each, reduction);
  }

  /**
   * Binary cross-entropy of probabilities: {@code −mean (y·log x + (1−y)·log(1−x))}, with
   * logarithms not below −100.
   */
  public static Tensor binaryCrossEntropy(Tensor probability, Tensor target) {
    return binaryCrossEntropy(probability, target, null, Reduction.MEAN);
  }

  /** Binary cross-entropy of probabilities, each element weighted. */
  public static Tensor binaryCrossEntropy(
      Tensor probability, Tensor target, @Nullable Tensor weight, Reduction reduction) {
    return reduce(weighted(pair(LossFormulas.BCE, probability, target), weight), reduction);
  }

  /** Binary cross-entropy of logits: {@code mean (max(x,0) − x·y + log(1 + e^−|x|))}. */
  public static Tensor binaryCrossEntropyWithLogits(Tensor logit, Tensor target) {
    return binaryCrossEntropyWithLogits(logit, target, null, null, Reduction.MEAN);
  }

  /**
   * Binary cross-entropy of logits, each element weighted, and positive targets weighted by {@code
   * positive} besides.
   */
  public static Tensor binaryCrossEntropyWithLogits(
      Tensor logit,
      Tensor target,
      @Nullable Tensor weight,
      @Nullable Tensor positive,
      Reduction reduction) {
    Tensor each =
        positive == null
            ? pair(LossFormulas.BCE_WITH_LOGITS, logit, target)
            : Tensor.apply(LossFormulas.BCE_WITH_LOGITS_WEIGHTED, logit, target, positive);
    return reduce(weighted(each, weight), reduction);
  }

  // ---- numbers

  /** Mean squared error: {@code mean (x − y)²}. */
  public static Tensor mse(Tensor prediction, Tensor target) {
    return mse(prediction, target, Reduction.MEAN);
  }

  /** Squared error: {@code (x − y)²}. */
  public static Tensor mse(Tensor prediction, Tensor target, Reduction reduction) {
    return reduce(pair(LossFormulas.SQUARED, prediction, target), reduction);
  }

  /** Absolute error: {@code |x − y|}. */
  public static Tensor l1(Tensor prediction, Tensor target, Reduction reduction) {
    return reduce(pair(LossFormulas.ABSOLUTE, prediction, target), reduction);
  }

  /** {@code ½d²/β} for errors d below β, {@code |d| − ½β} beyond. */
  public static Tensor smoothL1(Tensor prediction, Tensor target, float beta, Reduction reduction) {
    if (beta == 0) {
      return l1(prediction, target, reduction);
    }
    return reduce(
        Tensor.apply(
            new Pointwise(LossFormulas.SMOOTH_L1, beta), same("smoothL1", prediction, target)),
        reduction);
  }

  /** {@code ½d²} for errors d below δ, {@code δ(|d| − ½δ)} beyond (Huber 1964). */
  public static Tensor huber(Tensor prediction, Tensor target, float delta, Reduction reduction) {
    return reduce(
        Tensor.apply(new Pointwise(LossFormulas.HUBER, delta), same("huber", prediction, target)),
        reduction);
  }

  /** Huber's loss with δ = 1, as a mean. */
  public static Tensor huber(Tensor prediction, Tensor target) {
    return huber(prediction, target, 1, Reduction.MEAN);
  }

  // ---- shared

  private static Tensor pair(Pointwise op, Tensor x, Tensor y) {
    return Tensor.apply(op, same(op.name(), x, y));
  }

  /** Losses do not broadcast: a target of another shape is nearly always a mistake. */
  static Tensor[] same(String name, Tensor x, Tensor y) {
    if (!x.shape().equals(y.shape())) {
      throw new dev.harpia.tensor.ShapeException(
          name, "prediction and target must have the same shape", x.shape(), y.shape());
    }
    return new Tensor[] {x, y};
  }

  private static Tensor weighted(Tensor each, @Nullable Tensor weight) {
    return weight == null ? each : each.mul(weight);
  }

  /** What a reduction makes of the losses of single elements. */
  static Tensor reduce(Tensor each, Reduction reduction) {
    return switch (reduction) {
      case NONE -> each;
      case MEAN -> each.mean();
      case SUM -> each.sum();
    };
  }
}
