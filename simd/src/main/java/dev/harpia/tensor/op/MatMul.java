package dev.harpia.tensor.op;

import dev.harpia.simd.Multiply;
import dev.harpia.simd.Vectors;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.lang.ref.Reference;

/**
 * The matrix product over the last two axes, either operand transposed; leading axes broadcast. A
 * vector counts as a row on the left and as a column on the right, and its axis disappears.
 */
public record MatMul(boolean transposeA, boolean transposeB) implements SingleOutput {
  /**
   * Matrices of a batch: where they start, how many elements each has, and which product takes
   * which.
   */
  private record Operand(long address, boolean transposed, long size, MatMulShape.Batch batch) {
    static Operand of(Tensor t, boolean transposed, long size, MatMulShape.Batch batch) {
      return new Operand(t.address(), transposed, size, batch);
    }

    Operand transpose() {
      return new Operand(address, !transposed, size, batch);
    }

    long at(int product) {
      return address + 4 * size * batch.of(product);
    }
  }

  @Override
  public String name() {
    return transposeB ? "matmulT" : "matmul";
  }

  @Override
  public Shape shape(Shape... in) {
    return new MatMulShape(this, in[0], in[1]).out;
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    bind(in, new Tensor[] {out}).run();
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    MatMulShape s = new MatMulShape(this, in[0].shape(), in[1].shape());
    Operand a = Operand.of(in[0], transposeA, (long) s.m * s.k, s.a);
    Operand b = Operand.of(in[1], transposeB, (long) s.n * s.k, s.b);
    Operand c = Operand.of(out[0], false, (long) s.m * s.n, s.c);
    return () -> {
      product(s.count, s.m, s.n, s.k, a, b, c, out[0], false);
      Reference.reachabilityFence(in);
    };
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    MatMulShape s = new MatMulShape(this, in[0].shape(), in[1].shape());
    Operand a = Operand.of(in[0], transposeA, (long) s.m * s.k, s.a);
    Operand b = Operand.of(in[1], transposeB, (long) s.n * s.k, s.b);
    Operand c = Operand.of(g, false, (long) s.m * s.n, s.c);
    if (gIn.wanted(0)) {
      boolean add = gIn.accumulate(0);
      Tensor t = gIn.target(0);
      Operand target = Operand.of(t, false, a.size, s.a);
      if (transposeA) { // gAᵀ = B·gᵀ
        product(s.count, s.k, s.m, s.n, b, c.transpose(), target, t, add);
      } else { // gA = g·Bᵀ
        product(s.count, s.m, s.k, s.n, c, b.transpose(), target, t, add);
      }
    }
    if (gIn.wanted(1)) {
      boolean add = gIn.accumulate(1);
      Tensor t = gIn.target(1);
      Operand target = Operand.of(t, false, b.size, s.b);
      if (transposeB) { // gBᵀ = gᵀ·A
        product(s.count, s.n, s.k, s.m, c.transpose(), a, target, t, add);
      } else { // gB = Aᵀ·g
        product(s.count, s.k, s.n, s.m, a.transpose(), c, target, t, add);
      }
    }
  }

  /**
   * c (+)= op(a)·op(b) for each product; matrices of c that several products name get their sum, in
   * order.
   */
  private static void product(
      int count, int m, int n, int k, Operand a, Operand b, Operand c, Tensor result, boolean add) {
    int lda = Math.max(1, a.transposed ? m : k);
    int ldb = Math.max(1, b.transposed ? k : n);
    int ldc = Math.max(1, n);
    float beta = add ? 1 : 0;
    if (count > 1 && !a.transposed && a.batch.each && c.batch.each && b.batch.one) {
      // one matrix for the whole batch: a single tall product
      int rows = Math.multiplyExact(m, count);
      Multiply.run(
          false, b.transposed, rows, n, k, 1, a.address, lda, b.address, ldb, beta, c.address, ldc);
    } else if (count > 1
        && a.transposed
        && !b.transposed
        && a.batch.each
        && b.batch.each
        && c.batch.one) {
      // a sum of products over the batch is one product with a long inner dimension
      int inner = Math.multiplyExact(k, count);
      Multiply.run(
          true, false, m, n, inner, 1, a.address, lda, b.address, ldb, beta, c.address, ldc);
    } else if (c.batch.each && (a.batch.each || a.batch.one) && (b.batch.each || b.batch.one)) {
      Multiply.batched(
          count,
          a.transposed,
          b.transposed,
          m,
          n,
          k,
          1,
          a.address,
          lda,
          a.batch.stride(a.size),
          b.address,
          ldb,
          b.batch.stride(b.size),
          beta,
          c.address,
          ldc,
          c.size);
    } else {
      if (!add) {
        Vectors.zero(c.address, 4 * result.size());
      }
      for (int i = 0; i < count; i++) {
        Multiply.run(
            a.transposed, b.transposed, m, n, k, 1, a.at(i), lda, b.at(i), ldb, 1, c.at(i), ldc);
      }
    }
  }
}
