package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Affine;

/** Matrix products. */
final class Products {
  /** Labels for the axes that dots stand for; of operators' own labels only letters are in use. */
  private static final String UNNAMED = "\u0391\u0392\u0393\u0394\u0395\u0396\u0397\u0398";

  private Products() {}

  static void register(Operators.Registry r) {
    r.add("MatMul", Mapping.floats(c -> c.x(0).matmul(c.x(1))));
    r.add("Gemm", Mapping.floats(Products::gemm));
    r.add("Einsum", Mapping.floats(Products::einsum));
    r.add("Det", Mapping.floats(Products::determinant));
  }

  private static Tensor gemm(Call c) {
    Tensor a = c.flag("transA", false) ? c.x(0).transpose(0, 1) : c.x(0);
    boolean transposed = c.flag("transB", false);
    float alpha = c.number("alpha", 1);
    float beta = c.number("beta", 1);
    boolean bias = c.has(2) && beta != 0;
    boolean weights = !c.value(1).dynamic();
    if (weights && alpha == 1 && (!bias || beta == 1)) {
      Tensor w = transposed ? c.x(1) : c.x(1).transpose(0, 1);
      if (!bias) {
        return Tensor.apply(new Affine(), a, w);
      }
      if (c.rank(2) == 1 && c.shape(2).dim(0) == w.dim(0)) {
        return Tensor.apply(new Affine(), a, w, c.x(2));
      }
    }
    Tensor y = transposed ? a.matmulT(c.x(1)) : a.matmul(c.x(1));
    Tensor scaled = alpha == 1 ? y : y.mul(alpha);
    return !bias ? scaled : scaled.add(beta == 1 ? c.x(2) : c.x(2).mul(beta));
  }

  private static Tensor einsum(Call c) {
    String equation = c.text("equation", "").replace(" ", "");
    int arrow = equation.indexOf("->");
    String[] terms = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
    Tensor[] in = new Tensor[c.in().size()];
    if (terms.length != in.length) {
      throw new IllegalArgumentException(equation + ": " + in.length + " operands");
    }
    for (int i = 0; i < in.length; i++) {
      in[i] = c.x(i);
      for (int k = repeated(terms[i]); k >= 0; k = repeated(terms[i])) {
        in[i] = diagonal(in[i], terms[i], k);
        terms[i] = terms[i].substring(0, k) + terms[i].substring(k + 1);
      }
    }
    String result = arrow < 0 ? once(String.join(",", terms)) : equation.substring(arrow + 2);
    int most = 0;
    for (int i = 0; i < in.length; i++) {
      int hidden = terms[i].contains("...") ? in[i].rank() - terms[i].length() + 3 : 0;
      terms[i] = terms[i].replace("...", UNNAMED.substring(UNNAMED.length() - hidden));
      most = Math.max(most, hidden);
    }
    result = result.replace("...", UNNAMED.substring(UNNAMED.length() - most));
    String all = String.join(",", terms);
    return terms.length == 1 && terms[0].equals(result)
        ? in[0]
        : Tensor.einsum(all + "->" + result, in);
  }

  /** Labels that stand once, in order: what an equation without a result means. */
  private static String once(String terms) {
    StringBuilder b = new StringBuilder(terms.contains("...") ? "..." : "");
    terms
        .chars()
        .filter(Character::isLetter)
        .sorted()
        .filter(l -> terms.indexOf(l) == terms.lastIndexOf(l))
        .forEach(l -> b.append((char) l));
    return b.toString();
  }

  /** Where a label stands for the second time in a term; −1 if none does. */
  private static int repeated(String term) {
    for (int i = 0; i < term.length(); i++) {
      if (term.charAt(i) != '.' && term.indexOf(term.charAt(i)) < i) {
        return i;
      }
    }
    return -1;
  }

  /** The diagonal of the axes of two equal labels, at the place of the first. */
  private static Tensor diagonal(Tensor x, String term, int k) {
    int dots = term.indexOf("...");
    int labels = dots < 0 ? term.length() : term.length() - 3;
    int b = axis(k, dots, x.rank() - labels);
    int a = axis(term.indexOf(term.charAt(k)), dots, x.rank() - labels);
    if (x.dim(a) != x.dim(b)) {
      throw new IllegalArgumentException(term + ": axes of " + x.dim(a) + " and " + x.dim(b));
    }
    Shape s = x.shape().without(b);
    int[] step = Picks.strides(x.shape());
    return Picks.at(
        "diagonal",
        x,
        s,
        i -> {
          int at = 0;
          int rest = i;
          for (int d = s.rank() - 1; d >= 0; d--) {
            int place = rest % s.dim(d);
            rest /= s.dim(d);
            at += place * (step[d < b ? d : d + 1] + (d == a ? step[b] : 0));
          }
          return at;
        });
  }

  private static int axis(int label, int dots, int hidden) {
    return dots < 0 || label < dots ? label : label - 3 + hidden;
  }

  private static Tensor determinant(Call c) {
    Tensor x = c.x(0);
    int n = x.dim(-1);
    if (x.dim(-2) != n) {
      throw new IllegalArgumentException("expected square matrices, found " + x.shape());
    }
    Shape shape = x.shape().without(x.rank() - 1).without(x.rank() - 2);
    double[] m = new double[n * n];
    PlainOp.Body body =
        (in, out) -> {
          synchronized (m) {
            for (long r = 0; r < out[0].size(); r++) {
              for (int i = 0; i < n * n; i++) {
                m[i] = Vectors.get(in[0].address() + 4 * (r * n * n + i));
              }
              Vectors.set(out[0].address() + 4 * r, (float) determinant(m, n));
            }
          }
        };
    return PlainOp.floats("det", shape, body, x);
  }

  /** By elimination with the largest pivots; destroys the matrix. */
  private static double determinant(double[] m, int n) {
    double result = 1;
    for (int k = 0; k < n; k++) {
      int best = k;
      for (int i = k + 1; i < n; i++) {
        best = Math.abs(m[i * n + k]) > Math.abs(m[best * n + k]) ? i : best;
      }
      double pivot = m[best * n + k];
      result *= best == k ? pivot : -pivot;
      if (pivot == 0) {
        return 0;
      }
      for (int j = 0; j < n; j++) {
        double swapped = m[best * n + j];
        m[best * n + j] = m[k * n + j];
        m[k * n + j] = swapped;
      }
      for (int i = k + 1; i < n; i++) {
        double by = m[i * n + k] / pivot;
        for (int j = k; j < n; j++) {
          m[i * n + j] -= by * m[k * n + j];
        }
      }
    }
    return result;
  }
}
