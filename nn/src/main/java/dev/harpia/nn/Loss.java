package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.CrossEntropy;
import dev.harpia.tensor.op.Reduction;

/**
 * Losses: functions of a prediction and a target that training makes small. All of these are means.
 */
public final class Loss {
  private Loss() {}

  /**
   * Cross-entropy of logits: {@code −mean log softmax(x)[y]}.
   *
   * <p>Shapes: logits [.., C]; classes [..] as I32, or probabilities [.., C] as F32.
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target) {
    Tensor x = logits.rank() == 2 ? logits : logits.reshape(-1, logits.dim(-1));
    Tensor y = target;
    if (logits.rank() != 2) {
      y = target.rank() == logits.rank() ? target.reshape(-1, target.dim(-1)) : target.reshape(-1);
    }
    return Tensor.apply(new CrossEntropy(Reduction.MEAN, 0, CrossEntropy.IGNORE), x, y);
  }

  /** Mean squared error: {@code mean (x − y)²}. */
  public static Tensor mse(Tensor prediction, Tensor target) {
    return prediction.sub(target).square().mean();
  }

  /**
   * Binary cross-entropy of probabilities: {@code −mean (y·log x + (1−y)·log(1−x))}, with
   * logarithms not below −100.
   */
  public static Tensor binaryCrossEntropy(Tensor probability, Tensor target) {
    return Tensor.apply(Losses.BCE, probability, target).mean();
  }

  /** Binary cross-entropy of logits: {@code mean (max(x,0) − x·y + log(1 + e^−|x|))}. */
  public static Tensor binaryCrossEntropyWithLogits(Tensor logit, Tensor target) {
    return Tensor.apply(Losses.BCE_WITH_LOGITS, logit, target).mean();
  }
}
