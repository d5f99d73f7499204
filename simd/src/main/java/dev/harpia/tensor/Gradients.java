package dev.harpia.tensor;

import java.util.Collection;
import java.util.List;

/**
 * Reverse-mode differentiation of a scalar with respect to chosen tensors. Only operations that lie
 * between the two are visited, newest first, without recursion; nothing needs to be declared
 * beforehand.
 *
 * <pre>{@code
 * Tensor x = Tensor.scalar(3);
 * float slope = Gradients.of(x.square(), x).wrt(x).item(); // 6
 * }</pre>
 *
 * <p>The gradients belong to the open scope, or to the garbage collector where there is none.
 */
public final class Gradients {
  private final TargetTable targets;

  private Gradients(TargetTable targets) {
    this.targets = targets;
  }

  /**
   * The gradients of {@code loss}, which must have one element, with respect to {@code targets}.
   */
  public static Gradients of(Tensor loss, Tensor... targets) {
    return of(loss, List.of(targets));
  }

  /**
   * The gradients of {@code loss}, which must have one element, with respect to {@code targets}.
   */
  public static Gradients of(Tensor loss, Collection<Tensor> targets) {
    loss.check("gradients");
    if (loss.size() != 1) {
      throw new ShapeException(
          "gradients",
          "the loss must be a single element; reduce it with sum() or mean()",
          loss.shape());
    }
    TargetTable table = new TargetTable(targets.size());
    for (Tensor t : targets) {
      t.check("gradients");
      table.add(t);
    }
    BackwardPass.run(loss, table);
    return new Gradients(table);
  }

  /** Whether the loss depends on {@code t}. */
  public boolean has(Tensor t) {
    return targets.get(place(t)) != null;
  }

  /**
   * The gradient with respect to {@code t}, in its shape; zeros where the loss does not depend on
   * it.
   */
  public Tensor wrt(Tensor t) {
    int place = place(t);
    Tensor g = targets.get(place);
    if (g == null) {
      g = Tensor.zeros(t.shape());
      targets.set(place, g);
    }
    return g;
  }

  private int place(Tensor t) {
    int place = targets.find(t);
    if (place < 0) {
      throw new IllegalArgumentException(
          "gradients: tensor "
              + t.shape()
              + " is none of the targets; name it in Gradients.of(loss, targets…)");
    }
    return place;
  }
}
