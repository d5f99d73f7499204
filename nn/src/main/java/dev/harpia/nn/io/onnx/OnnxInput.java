package dev.harpia.nn.io.onnx;

import java.util.ArrayList;
import java.util.List;

/**
 * An input or output of a model.
 *
 * @param type the elements' type
 * @param dims the dimensions: a number, or, where it varies, a name or {@code "?"}; empty for a
 *     scalar
 * @param ranked whether the file says the dimensions at all
 */
public record OnnxInput(String name, OnnxType type, List<String> dims, boolean ranked) {
  /** Takes a copy of the list. */
  public OnnxInput {
    dims = List.copyOf(dims);
  }

  /** Whether every dimension is a number. */
  public boolean fixed() {
    return ranked && dims.stream().allMatch(d -> Character.isDigit(d.charAt(0)));
  }

  /** The dimensions, where they are fixed; varying ones are {@code 1}. */
  int[] sizes() {
    List<Integer> sizes = new ArrayList<>();
    for (String d : dims) {
      sizes.add(Character.isDigit(d.charAt(0)) ? Integer.parseInt(d) : 1);
    }
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public String toString() {
    return name + " " + type + " " + (ranked ? dims : "[..]");
  }
}
