package dev.harpia.bench.ops;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Formula;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.Conv;
import dev.harpia.tensor.op.LayerNorm;
import dev.harpia.tensor.op.MatMul;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Reduce;
import dev.harpia.tensor.op.Softmax;
import dev.harpia.tensor.op.Unary;
import dev.harpia.tensor.op.Window;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** The operations that are measured; a pair's memory exists from {@link Supplier#get} on. */
final class OpPairs {
  private static final int ROW = 1024;
  private static final int[] SIZES = {1 << 10, 1 << 14, 1 << 20};
  private static final int[] PRODUCTS = {64, 128, 256, 512, 1024};

  private OpPairs() {}

  static List<Supplier<OpPair>> all() {
    List<Supplier<OpPair>> pairs = new ArrayList<>();
    for (int n : SIZES) {
      pairs.add(() -> add(n));
    }
    for (int n : SIZES) {
      pairs.add(() -> unary("exp", Unary.EXP, n, HeapLoops::exp));
    }
    for (int n : SIZES) {
      pairs.add(() -> unary("tanh", Unary.TANH, n, HeapLoops::tanh));
    }
    for (int n : SIZES) {
      pairs.add(() -> unary("gelu", Unary.GELU, n, HeapLoops::gelu));
    }
    for (int n : SIZES) {
      pairs.add(() -> softmax(n));
    }
    for (int n : SIZES) {
      pairs.add(() -> layerNorm(n));
    }
    for (int n : SIZES) {
      pairs.add(() -> sum(n));
    }
    for (int n : PRODUCTS) {
      pairs.add(() -> sgemm(n));
    }
    pairs.add(() -> conv("conv2d 1→24", 64, 1, 28, 24));
    pairs.add(() -> conv("conv2d 24→36", 64, 24, 13, 36));
    return pairs;
  }

  /** The pair with this name and size. */
  static OpPair named(String nameAndSize) {
    for (Supplier<OpPair> supplier : all()) {
      OpPair pair = supplier.get();
      if (nameAndSize.equals(pair.name() + " " + pair.size())) {
        return pair;
      }
    }
    throw new IllegalArgumentException("ops: there is no " + nameAndSize);
  }

  private static Runnable bound(Op op, Tensor out, Tensor... in) {
    Runnable run = op.bind(in, new Tensor[] {out});
    return () -> {
      run.run();
      Reference.reachabilityFence(in); // a bound operation may know addresses only
      Reference.reachabilityFence(out);
    };
  }

  private static Tensor random(int... dims) {
    return Tensor.normal(new Rng(dims.length), 0, 1, Shape.of(dims));
  }

  private static Tensor empty(int... dims) {
    return Tensor.empty(Shape.of(dims), DType.F32);
  }

  private static String size(int n) {
    return n >= 1 << 20 ? (n >> 20) + "M" : (n >> 10) + "K";
  }

  private static OpPair add(int n) {
    Tensor a = random(n);
    Tensor b = random(n);
    float[] ha = a.toArray();
    float[] hb = b.toArray();
    float[] hy = new float[n];
    Tensor y = empty(n);
    return new OpPair(
        "add",
        size(n),
        0,
        12.0 * n,
        bound(Binary.ADD, y, a, b),
        () -> HeapLoops.add(hy, ha, hb),
        y,
        hy);
  }

  private static OpPair unary(
      String name, Formula formula, int n, BiConsumer<float[], float[]> loop) {
    Tensor x = random(n);
    float[] hx = x.toArray();
    float[] hy = new float[n];
    Tensor y = empty(n);
    return new OpPair(
        name,
        size(n),
        0,
        8.0 * n,
        bound(new Pointwise(formula), y, x),
        () -> loop.accept(hy, hx),
        y,
        hy);
  }

  private static OpPair softmax(int n) {
    Tensor x = random(n / ROW, ROW);
    float[] hx = x.toArray();
    float[] hy = new float[n];
    Tensor y = empty(n / ROW, ROW);
    return new OpPair(
        "softmax",
        size(n),
        0,
        8.0 * n,
        bound(new Softmax(-1, false), y, x),
        () -> HeapLoops.softmax(hy, hx, ROW),
        y,
        hy);
  }

  private static OpPair layerNorm(int n) {
    Tensor x = random(n / ROW, ROW);
    Tensor w = random(ROW);
    Tensor b = random(ROW);
    float[] hx = x.toArray();
    float[] hw = w.toArray();
    float[] hb = b.toArray();
    float[] hy = new float[n];
    Tensor y = empty(n / ROW, ROW);
    return new OpPair(
        "layer norm",
        size(n),
        0,
        8.0 * n,
        bound(new LayerNorm(ROW, 1e-5f, false), y, x, w, b),
        () -> HeapLoops.layerNorm(hy, hx, hw, hb, ROW),
        y,
        hy);
  }

  private static OpPair sum(int n) {
    Tensor x = random(n);
    float[] hx = x.toArray();
    float[] hy = new float[1];
    Tensor y = Tensor.zeros(Shape.SCALAR);
    return new OpPair(
        "sum",
        size(n),
        0,
        4.0 * n,
        bound(Reduce.sum(0), y, x),
        () -> hy[0] = HeapLoops.sum(hx),
        y,
        hy);
  }

  private static OpPair sgemm(int n) {
    Tensor a = random(n, n);
    Tensor b = random(n, n);
    float[] ha = a.toArray();
    float[] hb = b.toArray();
    float[] hc = new float[n * n];
    Tensor c = empty(n, n);
    return new OpPair(
        "sgemm",
        "n=" + n,
        2.0 * n * n * n,
        12.0 * n * n,
        bound(new MatMul(false, false), c, a, b),
        () -> HeapLoops.multiply(hc, ha, hb, n),
        c,
        hc);
  }

  private static OpPair conv(String name, int n, int ci, int h, int co) {
    int oh = h - 2;
    Tensor x = random(n, ci, h, h);
    Tensor w = random(co, ci, 3, 3);
    Tensor b = random(co);
    float[] hx = x.toArray();
    float[] hw = w.toArray();
    float[] hb = b.toArray();
    float[] hy = new float[n * co * oh * oh];
    Tensor y = empty(n, co, oh, oh);
    return new OpPair(
        name,
        n + "×" + h + "×" + h,
        2.0 * 9 * ci * hy.length,
        4.0 * (hx.length + hw.length + hy.length),
        bound(new Conv(Window.PLAIN, 1), y, x, w, b),
        () -> HeapLoops.conv3(hy, hx, hw, hb, n, ci, h, co),
        y,
        hy);
  }
}
