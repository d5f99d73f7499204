package dev.harpia.tensor.op;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Einstein's summation for one or two operands, in terms of permutations, sums and one batched
 * matrix product. Labels are letters; each may stand once in an operand.
 */
public final class Einsum {
  private final String equation;
  private final String left;
  private final String right;
  private final String result;

  private Einsum(String equation, int operands) {
    this.equation = equation;
    String[] sides = equation.replace(" ", "").split("->", -1);
    String[] in = sides[0].split(",", -1);
    if (sides.length != 2 || in.length != operands || operands > 2) {
      throw bad(
          "it must read \"ab,bc->ac\" with one or two operands, as many as are given ("
              + operands
              + ")");
    }
    left = in[0];
    right = operands == 2 ? in[1] : "";
    result = sides[1];
    for (String labels : List.of(left, right, result)) {
      if (!labels.chars().allMatch(Character::isLetter)
          || labels.chars().distinct().count() != labels.length()) {
        throw bad("labels must be letters, each at most once in \"" + labels + "\"");
      }
    }
    for (char c : result.toCharArray()) {
      if (left.indexOf(c) < 0 && right.indexOf(c) < 0) {
        throw bad("label " + c + " of the result is in no operand");
      }
    }
  }

  private IllegalArgumentException bad(String rule) {
    return new IllegalArgumentException("einsum: \"" + equation + "\": " + rule);
  }

  /** Evaluates an equation. */
  public static Tensor apply(String equation, Tensor... operands) {
    Einsum e = new Einsum(equation, operands.length);
    return operands.length == 1 ? e.one(operands[0]) : e.two(operands[0], operands[1]);
  }

  private Tensor one(Tensor x) {
    check(left, x);
    String kept = filter(left, c -> result.indexOf(c) >= 0);
    return order(sumOut(x, left, kept), kept, result);
  }

  private Tensor two(Tensor a, Tensor b) {
    check(left, a);
    check(right, b);
    String keptA = filter(left, c -> result.indexOf(c) >= 0 || right.indexOf(c) >= 0);
    String keptB = filter(right, c -> result.indexOf(c) >= 0 || left.indexOf(c) >= 0);
    Tensor x = sumOut(a, left, keptA);
    Tensor y = sumOut(b, right, keptB);
    String batch = filter(keptA, c -> keptB.indexOf(c) >= 0 && result.indexOf(c) >= 0);
    String inner = filter(keptA, c -> keptB.indexOf(c) >= 0 && result.indexOf(c) < 0);
    String onlyA = filter(keptA, c -> keptB.indexOf(c) < 0);
    String onlyB = filter(keptB, c -> keptA.indexOf(c) < 0);
    for (char c : (batch + inner).toCharArray()) {
      int da = x.dim(keptA.indexOf(c));
      int db = y.dim(keptB.indexOf(c));
      if (da != db) {
        throw new ShapeException(
            "einsum",
            "\"" + equation + "\": label " + c + " has lengths " + da + " and " + db,
            a.shape(),
            b.shape());
      }
    }
    int nb = size(batch, keptA, x);
    int m = size(onlyA, keptA, x);
    int k = size(inner, keptA, x);
    int n = size(onlyB, keptB, y);
    Tensor p = order(x, keptA, batch + onlyA + inner).reshape(nb, m, k);
    Tensor q = order(y, keptB, batch + onlyB + inner).reshape(nb, n, k);
    String labels = batch + onlyA + onlyB;
    List<Integer> dims = new ArrayList<>();
    for (char c : labels.toCharArray()) {
      dims.add(keptA.indexOf(c) >= 0 ? x.dim(keptA.indexOf(c)) : y.dim(keptB.indexOf(c)));
    }
    Tensor z = p.matmulT(q).reshape(Shape.of(dims.stream().mapToInt(Integer::intValue).toArray()));
    return order(z, labels, result);
  }

  private void check(String labels, Tensor x) {
    if (labels.length() != x.rank()) {
      throw new ShapeException(
          "einsum",
          "\""
              + equation
              + "\": \""
              + labels
              + "\" names "
              + labels.length()
              + " axes, the operand has "
              + x.rank(),
          x.shape());
    }
  }

  private static Tensor sumOut(Tensor x, String labels, String kept) {
    int[] axes = labels.chars().filter(c -> kept.indexOf(c) < 0).map(labels::indexOf).toArray();
    return axes.length == 0 ? x : x.sum(axes);
  }

  private static Tensor order(Tensor x, String from, String to) {
    return from.equals(to) ? x : x.permute(to.chars().map(from::indexOf).toArray());
  }

  private static int size(String labels, String of, Tensor x) {
    int n = 1;
    for (char c : labels.toCharArray()) {
      n *= x.dim(of.indexOf(c));
    }
    return n;
  }

  private interface Test {
    boolean keep(char c);
  }

  private static String filter(String labels, Test test) {
    StringBuilder b = new StringBuilder();
    for (char c : labels.toCharArray()) {
      if (test.keep(c)) {
        b.append(c);
      }
    }
    return b.toString();
  }
}
