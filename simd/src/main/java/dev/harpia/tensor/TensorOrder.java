package dev.harpia.tensor;

import dev.harpia.tensor.op.Cumulative;
import dev.harpia.tensor.op.Order;
import java.util.List;

/** What looks at the elements of an axis one after the other: sorting and running sums. */
public abstract sealed class TensorOrder extends TensorLayout permits TensorMath {
  TensorOrder() {}

  /** The product over an axis, which disappears. */
  public final Tensor prod(int axis) {
    return Tensor.apply(new Cumulative(Cumulative.Kind.TOTAL_PRODUCT, axis), self());
  }

  /** The product of all elements. */
  public final Tensor prod() {
    return self().reshape(-1).prod(0);
  }

  /** Running sums along an axis: {@code y[k] = Σ x[..k]}. */
  public final Tensor cumsum(int axis) {
    return Tensor.apply(new Cumulative(Cumulative.Kind.SUM, axis), self());
  }

  /** Running products along an axis: {@code y[k] = Π x[..k]}. */
  public final Tensor cumprod(int axis) {
    return Tensor.apply(new Cumulative(Cumulative.Kind.PRODUCT, axis), self());
  }

  /**
   * The elements of an axis in order, and where they were (I32). Equal elements keep their order;
   * NaN counts as the largest.
   */
  public final List<Tensor> sort(int axis, boolean descending) {
    return order(axis, self().dim(axis), descending);
  }

  /** The k largest elements of an axis in falling order, and where they were (I32). */
  public final List<Tensor> topk(int k, int axis) {
    return order(axis, k, true);
  }

  private List<Tensor> order(int axis, int k, boolean descending) {
    int last = self().rank() - 1;
    int a = self().shape().axis(axis);
    Tensor x = a == last ? self() : self().transpose(a, last);
    Tensor[] y = Tensor.applyAll(new Order(k, descending), x);
    return a == last ? List.of(y) : List.of(y[0].transpose(a, last), y[1].transpose(a, last));
  }
}
