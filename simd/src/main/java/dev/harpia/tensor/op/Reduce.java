package dev.harpia.tensor.op;

import dev.harpia.simd.Copies;
import dev.harpia.simd.Reductions;
import dev.harpia.simd.Scratch;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Sums, means and other reductions over axes, which disappear; without axes over all elements. */
public record Reduce(Kind kind, List<Integer> axes) implements SingleOutput {
  /** What becomes of the elements. */
  public enum Kind {
    /** {@code Σ x}. */
    SUM,
    /** {@code Σ x / n}. */
    MEAN
  }

  private static final Reduce SUM_ALL = new Reduce(Kind.SUM, List.of());
  private static final Reduce MEAN_ALL = new Reduce(Kind.MEAN, List.of());

  /** The sum over axes, or over everything. */
  public static Reduce sum(int... axes) {
    return axes.length == 0 ? SUM_ALL : new Reduce(Kind.SUM, list(axes));
  }

  /** The mean over axes, or over everything. */
  public static Reduce mean(int... axes) {
    return axes.length == 0 ? MEAN_ALL : new Reduce(Kind.MEAN, list(axes));
  }

  private static List<Integer> list(int... axes) {
    return IntStream.of(axes).boxed().toList();
  }

  @Override
  public String name() {
    return kind == Kind.SUM ? "sum" : "mean";
  }

  private boolean[] reduced(Shape s) {
    boolean[] r = new boolean[s.rank()];
    if (axes.isEmpty()) {
      java.util.Arrays.fill(r, true);
    }
    for (int a : axes) {
      if (r[s.axis(a)]) {
        throw new IllegalArgumentException(name() + ": axis " + a + " of " + s + " is named twice");
      }
      r[s.axis(a)] = true;
    }
    return r;
  }

  @Override
  public Shape shape(Shape... in) {
    if (axes.isEmpty()) {
      return Shape.SCALAR;
    }
    boolean[] r = reduced(in[0]);
    return Shape.of(IntStream.range(0, r.length).filter(i -> !r[i]).map(in[0]::dim).toArray());
  }

  /** The axes as [outer, axis, inner] groups: one for each run of adjacent reduced axes. */
  private List<Axes> groups(Shape s) {
    if (axes.isEmpty() && s.rank() > 0) {
      return List.of(new Axes(1, Math.toIntExact(s.size()), 1));
    }
    boolean[] r = reduced(s);
    List<Axes> groups = new ArrayList<>();
    for (int to = r.length; to > 0; to--) {
      if (r[to - 1]) {
        int from = to - 1;
        while (from > 0 && r[from - 1]) {
          from--;
        }
        long inner = 1;
        for (int d = to; d < r.length; d++) {
          inner *= r[d] ? 1 : s.dim(d);
        }
        groups.add(new Axes(s.size(0, from), Math.toIntExact(s.size(from, to)), inner));
        to = from + 1;
      }
    }
    return groups;
  }

  private float scale(Tensor in, Tensor out) {
    return kind == Kind.SUM ? 1 : (float) ((double) out.size() / in.size());
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    reduce(groups(in[0].shape()), scale(in[0], out), in[0], out);
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    List<Axes> groups = groups(in[0].shape());
    float scale = scale(in[0], out[0]);
    return () -> reduce(groups, scale, in[0], out[0]);
  }

  /** Sums one group of axes after the other; what lies between is working memory. */
  private static void reduce(List<Axes> groups, float scale, Tensor in, Tensor out) {
    if (groups.isEmpty()) {
      Copies.block(out.address(), out.size(), in.address(), out.size(), 1, out.size(), false);
      return;
    }
    int last = groups.size() - 1;
    long floats = 0;
    for (int i = 0; i < last; i++) {
      floats += groups.get(i).outer() * groups.get(i).inner();
    }
    Scratch scratch = Scratch.acquire(4 * floats);
    try {
      long from = in.address();
      long free = scratch.address();
      for (int i = 0; i <= last; i++) {
        Axes g = groups.get(i);
        long to = i == last ? out.address() : free;
        Reductions.sum(to, from, g.outer(), g.axis(), g.inner(), i == last ? scale : 1, false);
        free += 4 * g.outer() * g.inner();
        from = to;
      }
    } finally {
      scratch.release();
    }
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    List<Axes> groups = groups(in[0].shape());
    float scale = scale(in[0], out);
    boolean add = gIn.accumulate(0);
    Tensor t = gIn.target(0);
    if (groups.isEmpty()) {
      Copies.block(t.address(), t.size(), g.address(), t.size(), 1, t.size(), add);
      return;
    }
    Tensor from = g;
    for (int i = groups.size() - 1; i >= 0; i--) {
      Axes a = groups.get(i);
      boolean last = i == 0;
      Tensor to =
          last ? t : gIn.temporary(Shape.of(Math.toIntExact(a.outer() * a.axis() * a.inner())));
      Copies.expand(
          to.address(),
          from.address(),
          a.outer(),
          a.axis(),
          a.inner(),
          last ? scale : 1,
          last && add);
      from = to;
    }
  }
}
