package dev.harpia.models.serve;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An input or output of a model.
 *
 * @param dims the dimensions: numbers, or names where they vary
 */
public record Port(String name, DType type, List<String> dims) {
  /** Takes a copy of the list. */
  public Port {
    dims = List.copyOf(dims);
  }

  /** The port of a tensor. */
  public static Port of(String name, Tensor t) {
    return new Port(
        name, t.type(), IntStream.of(t.shape().dims()).mapToObj(Integer::toString).toList());
  }

  /** The shape, with 1 where a dimension varies. */
  public Shape shape() {
    return Shape.of(
        dims.stream()
            .mapToInt(d -> Character.isDigit(d.charAt(0)) ? Integer.parseInt(d) : 1)
            .toArray());
  }

  /** Whether a dimension is a number. */
  boolean fixed(int axis) {
    return Character.isDigit(dims.get(axis).charAt(0));
  }

  @Override
  public String toString() {
    return name + " " + type + " " + dims;
  }
}
