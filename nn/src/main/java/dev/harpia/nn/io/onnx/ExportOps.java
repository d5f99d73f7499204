package dev.harpia.nn.io.onnx;

import static dev.harpia.nn.io.onnx.ExportGraph.attribute;
import static dev.harpia.nn.io.onnx.ExportGraph.i;
import static dev.harpia.nn.io.onnx.ExportGraph.ints;

import dev.harpia.tensor.Node;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Affine;
import dev.harpia.tensor.op.Attention;
import dev.harpia.tensor.op.AxisCopy;
import dev.harpia.tensor.op.BatchNorm;
import dev.harpia.tensor.op.Compare;
import dev.harpia.tensor.op.Concat;
import dev.harpia.tensor.op.Conv;
import dev.harpia.tensor.op.ConvTranspose;
import dev.harpia.tensor.op.Cumulative;
import dev.harpia.tensor.op.Expand;
import dev.harpia.tensor.op.Extremum;
import dev.harpia.tensor.op.Gather;
import dev.harpia.tensor.op.GroupNorm;
import dev.harpia.tensor.op.LayerNorm;
import dev.harpia.tensor.op.LocalResponseNorm;
import dev.harpia.tensor.op.LogSumExp;
import dev.harpia.tensor.op.MatMul;
import dev.harpia.tensor.op.Order;
import dev.harpia.tensor.op.Permute;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Recurrent;
import dev.harpia.tensor.op.Reduce;
import dev.harpia.tensor.op.Reshape;
import dev.harpia.tensor.op.Resize;
import dev.harpia.tensor.op.Rotary;
import dev.harpia.tensor.op.ScatterAdd;
import dev.harpia.tensor.op.Slice;
import dev.harpia.tensor.op.Softmax;
import dev.harpia.tensor.op.Triangle;
import dev.harpia.tensor.op.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How each of our operations is written with ONNX's. */
final class ExportOps {
  private ExportOps() {}

  static void write(ExportGraph g, Node n) {
    Tensor[] in = n.inputs();
    Tensor[] out = n.outputs();
    switch (n.op()) {
      case Recurrent r -> ExportLayers.recurrent(g, r, in, out);
      case Attention a -> ExportLayers.attention(g, a, in, out);
      case Extremum e -> extremum(g, e, in[0], out);
      case Order o -> order(g, o, in[0], out);
      default -> g.set(out[0], one(g, n.op(), in, out[0].shape()));
    }
  }

  private static String one(ExportGraph g, Op op, Tensor[] in, Shape y) {
    String x = in.length == 0 ? "" : g.of(in[0]);
    Shape s = in.length == 0 ? Shape.SCALAR : in[0].shape();
    return switch (op) {
      case Pointwise p -> ExportFormula.write(g, p, in);
      case Compare c -> compare(g, c, g.floats(in[0]), g.floats(in[1]));
      case Affine _ -> affine(g, in);
      case MatMul m -> matmul(g, m, in);
      case Conv c -> g.node("Conv", names(g, in), window(c.window(), c.groups()));
      case ConvTranspose c -> {
        List<GraphWriter.Attribute> a = new ArrayList<>(List.of(window(c.window(), c.groups())));
        a.add(ints("output_padding", c.outputPaddingH(), c.outputPaddingW()));
        yield g.node("ConvTranspose", names(g, in), a.toArray(GraphWriter.Attribute[]::new));
      }
      case Pool p -> pool(g, p, x, s);
      case BatchNorm b -> batchNorm(g, b, in);
      case LayerNorm l -> ExportLayers.layerNorm(g, l, in);
      case GroupNorm l -> ExportLayers.groupNorm(g, l, in);
      case Rotary r -> ExportLayers.rotary(g, r, in);
      case LocalResponseNorm l -> {
        if (l.size() % 2 == 0) {
          throw new UnsupportedCase("an even size, which ONNX centres otherwise");
        }
        yield g.node(
            "LRN",
            List.of(x),
            i("size", l.size()),
            attribute("alpha", l.alpha()),
            attribute("beta", l.beta()),
            attribute("bias", l.k()));
      }
      case Softmax f -> {
        String type = f.log() ? "LogSoftmax" : "Softmax";
        yield g.node(type, List.of(x), i("axis", s.axis(f.axis())));
      }
      case LogSumExp l ->
          g.node("ReduceLogSumExp", List.of(x), ints("axes", s.axis(l.axis())), i("keepdims", 0));
      case Reduce r -> reduce(g, r, x, s);
      case Gather t -> {
        String type = t.elementwise() ? "GatherElements" : "Gather";
        yield g.node(type, List.of(x, g.of(in[1])), i("axis", s.axis(t.axis())));
      }
      case ScatterAdd a ->
          g.node(
              "ScatterElements",
              names(g, in),
              i("axis", s.axis(a.axis())),
              attribute("reduction", "add"));
      case Reshape _ -> g.reshape(x, y.dims());
      case Slice c -> g.slice(x, c.axis(), c.from(), c.to());
      case Concat c -> g.node("Concat", names(g, in), i("axis", s.axis(c.axis())));
      case Permute p -> g.transpose(x, p.order().stream().mapToLong(Integer::longValue).toArray());
      case Expand _ -> g.node("Expand", List.of(x, g.longs(Arithmetic.longs(y))));
      case AxisCopy c -> axisCopy(g, c, x, s);
      case Triangle t -> {
        String k = g.node("Reshape", List.of(g.longs(t.diagonal()), g.longs()));
        yield g.node("Trilu", List.of(x, k), i("upper", t.lower() ? 0 : 1));
      }
      case Resize r -> resize(g, r, x, s);
      case Cumulative c -> cumulative(g, c, x, s);
      default -> throw new UnsupportedCase("it has no form in ONNX here");
    };
  }

  private static List<String> names(ExportGraph g, Tensor... in) {
    return Arrays.stream(in).map(g::of).toList();
  }

  private static String compare(ExportGraph g, Compare c, String a, String b) {
    String type =
        switch (c) {
          case GT -> "Greater";
          case GE -> "GreaterOrEqual";
          case LT -> "Less";
          case LE -> "LessOrEqual";
          case EQ, NE -> "Equal";
        };
    String y = g.binary(type, a, b);
    return g.toInt(c == Compare.NE ? g.unary("Not", y) : y);
  }

  private static String affine(ExportGraph g, Tensor[] in) {
    if (in[0].rank() == 2) {
      return g.node("Gemm", names(g, in), i("transB", 1));
    }
    String w = g.transpose(g.of(in[1]), 1, 0);
    String y = g.binary("MatMul", g.of(in[0]), w);
    return in.length < 3 ? y : g.binary("Add", y, g.of(in[2]));
  }

  private static String matmul(ExportGraph g, MatMul m, Tensor[] in) {
    String a = m.transposeA() ? swapped(g, in[0]) : g.of(in[0]);
    String b = m.transposeB() ? swapped(g, in[1]) : g.of(in[1]);
    return g.binary("MatMul", a, b);
  }

  private static String swapped(ExportGraph g, Tensor t) {
    int n = t.rank();
    if (n < 2) {
      return g.of(t);
    }
    long[] order = IntStream.range(0, n).asLongStream().toArray();
    order[n - 1] = n - 2L;
    order[n - 2] = n - 1L;
    return g.transpose(g.of(t), order);
  }

  private static GraphWriter.Attribute[] window(Window w, int groups) {
    return new GraphWriter.Attribute[] {
      ints("strides", w.sh(), w.sw()),
      ints("pads", w.ph(), w.pw(), w.ph(), w.pw()),
      ints("dilations", w.dh(), w.dw()),
      i("group", groups)
    };
  }

  private static String pool(ExportGraph g, Pool p, String x, Shape s) {
    String type = p.max() ? "MaxPool" : "AveragePool";
    if (p.windows() instanceof Pool.Adaptive a) {
      int h = s.dim(2);
      int w = s.dim(3);
      if (a.oh() < 1 || a.ow() < 1 || h % a.oh() != 0 || w % a.ow() != 0) {
        throw new UnsupportedCase("windows of several sizes");
      }
      long kh = h / a.oh();
      long kw = w / a.ow();
      return g.node(type, List.of(x), ints("kernel_shape", kh, kw), ints("strides", kh, kw));
    }
    if (!(p.windows() instanceof Pool.Fixed f)) {
      throw new UnsupportedCase("windows of an unknown kind");
    }
    Window w = f.window();
    boolean spread = w.dh() > 1 || w.dw() > 1;
    if (!p.max() && (f.divisor() != 0 && f.divisor() != f.kh() * f.kw() || spread)) {
      throw new UnsupportedCase("means with dilation or a divisor of their own");
    }
    List<GraphWriter.Attribute> a = new ArrayList<>();
    a.add(ints("kernel_shape", f.kh(), f.kw()));
    a.add(ints("strides", w.sh(), w.sw()));
    a.add(ints("pads", w.ph(), w.pw(), w.ph(), w.pw()));
    a.add(i("ceil_mode", f.ceil() ? 1 : 0));
    if (p.max()) {
      a.add(ints("dilations", w.dh(), w.dw()));
    } else {
      boolean padding = f.countPadding() || f.divisor() != 0;
      if (padding && f.ceil()) {
        throw new UnsupportedCase("means that count padding, rounded up");
      }
      a.add(i("count_include_pad", padding ? 1 : 0));
    }
    return g.node(type, List.of(x), a.toArray(GraphWriter.Attribute[]::new));
  }

  private static String batchNorm(ExportGraph g, BatchNorm b, Tensor[] in) {
    if (!b.given()) {
      throw new UnsupportedCase("statistics of the batch");
    }
    List<String> names = new ArrayList<>(names(g, in));
    if (!b.affine()) {
      int channels = in[0].dim(1);
      float[] ones = new float[channels];
      Arrays.fill(ones, 1);
      names.add(1, g.constant(ones, channels));
      names.add(2, g.constant(new float[channels], channels));
    }
    return g.node("BatchNormalization", names, attribute("epsilon", b.epsilon()));
  }

  private static String reduce(ExportGraph g, Reduce r, String x, Shape s) {
    long[] axes =
        r.axes().isEmpty()
            ? IntStream.range(0, s.rank()).asLongStream().toArray()
            : r.axes().stream().mapToLong(s::axis).toArray();
    if (axes.length == 0) {
      return g.unary("Identity", x);
    }
    return r.kind() == Reduce.Kind.SUM
        ? g.node("ReduceSum", List.of(x, g.longs(axes)), i("keepdims", 0))
        : g.node("ReduceMean", List.of(x), ints("axes", axes), i("keepdims", 0));
  }

  private static void extremum(ExportGraph g, Extremum e, Tensor in, Tensor[] out) {
    String x = g.of(in);
    long axis = in.shape().axis(e.axis());
    String type = e.max() ? "Max" : "Min";
    g.set(out[0], g.node("Reduce" + type, List.of(x), ints("axes", axis), i("keepdims", 0)));
    String arg = g.node("Arg" + type, List.of(x), i("axis", axis), i("keepdims", 0));
    g.set(out[1], g.toInt(arg));
  }

  private static void order(ExportGraph g, Order o, Tensor in, Tensor[] out) {
    List<String> y =
        g.nodes(
            "TopK",
            List.of(g.of(in), g.longs(o.k())),
            2,
            i("axis", -1),
            i("largest", o.descending() ? 1 : 0));
    g.set(out[0], y.get(0));
    g.set(out[1], g.toInt(y.get(1)));
  }

  /** Padding by a constant, or elements picked by numbers. */
  private static String axisCopy(ExportGraph g, AxisCopy c, String x, Shape s) {
    int axis = s.axis(c.axis());
    int n = s.dim(axis);
    int p = c.p();
    switch (c.map()) {
      case PAD -> {
        long[] pads = new long[2 * s.rank()];
        pads[axis] = p;
        pads[axis + s.rank()] = (long) c.count() - n - p;
        return g.node("Pad", List.of(x, g.longs(pads), g.scalar(c.value())));
      }
      default -> {
        int[] from = new int[c.count()];
        for (int k = 0; k < from.length; k++) {
          from[k] =
              switch (c.map()) {
                case PAD_REFLECT -> {
                  int i = Math.abs(k - p);
                  yield i < n ? i : 2 * (n - 1) - i;
                }
                case PAD_REPLICATE -> Math.clamp(k - p, 0, n - 1);
                case PAD_CIRCULAR -> Math.floorMod(k - p, n);
                case FLIP -> n - 1 - k;
                case STEP -> p + k * c.q();
                case REPEAT_EACH -> k / p;
                case PAD -> throw new IllegalStateException("handled above");
              };
        }
        return g.node("Gather", List.of(x, g.constant(from)), i("axis", axis));
      }
    }
  }

  private static String resize(ExportGraph g, Resize r, String x, Shape s) {
    if (s.rank() != 4) {
      throw new UnsupportedCase("pictures that are not [N, C, H, W]");
    }
    String sizes = g.longs(s.dim(0), s.dim(1), r.height(), r.width());
    String place = r.bilinear() ? r.alignCorners() ? "align_corners" : "half_pixel" : "asymmetric";
    return g.node(
        "Resize",
        List.of(x, "", "", sizes),
        attribute("mode", r.bilinear() ? "linear" : "nearest"),
        attribute("coordinate_transformation_mode", place),
        attribute("nearest_mode", "floor"));
  }

  private static String cumulative(ExportGraph g, Cumulative c, String x, Shape s) {
    long axis = s.axis(c.axis());
    return switch (c.kind()) {
      case SUM -> {
        String at = g.node("Reshape", List.of(g.longs(axis), g.longs()));
        yield g.node("CumSum", List.of(x, at));
      }
      case TOTAL_PRODUCT -> g.node("ReduceProd", List.of(x), ints("axes", axis), i("keepdims", 0));
      case PRODUCT -> throw new UnsupportedCase("running products have no form in ONNX");
    };
  }
}
