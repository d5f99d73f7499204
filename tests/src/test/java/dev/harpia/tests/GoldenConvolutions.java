package dev.harpia.tests;

import dev.harpia.nn.AdaptiveAvgPool1d;
import dev.harpia.nn.AdaptiveAvgPool2d;
import dev.harpia.nn.AdaptiveMaxPool2d;
import dev.harpia.nn.AvgPool1d;
import dev.harpia.nn.AvgPool2d;
import dev.harpia.nn.Conv1d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Conv3d;
import dev.harpia.nn.ConvOptions;
import dev.harpia.nn.ConvTranspose1d;
import dev.harpia.nn.ConvTranspose2d;
import dev.harpia.nn.Layer;
import dev.harpia.nn.MaxPool1d;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.PixelShuffle;
import dev.harpia.nn.PixelUnshuffle;
import dev.harpia.nn.Unfold;
import dev.harpia.nn.Upsample;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.ConvTranspose;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Window;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** How convolutions, pools and what else works on pictures answer their goldens. */
final class GoldenConvolutions {
  private GoldenConvolutions() {}

  static void register(Map<String, Consumer<GoldenRun>> ops) {
    layer(
        ops,
        "Conv1d",
        g ->
            new Conv1d(
                g.integer("in_channels", 0),
                g.integer("out_channels", 0),
                g.integer("kernel_size", 0),
                options(g, window(g, 1))));
    layer(
        ops,
        "Conv2d",
        g -> {
          int[] k = g.integers("kernel_size", 2, 0);
          return new Conv2d(
              g.integer("in_channels", 0),
              g.integer("out_channels", 0),
              k[0],
              k[1],
              options(g, window(g, 2)));
        });
    layer(
        ops,
        "Conv3d",
        g -> {
          int[] k = g.integers("kernel_size", 3, 0);
          int[] s = g.integers("stride", 3, 1);
          int[] p = g.integers("padding", 3, 0);
          Window w = new Window(s[1], s[2], p[1], p[2], 1, 1);
          return new Conv3d(
              g.integer("in_channels", 0),
              g.integer("out_channels", 0),
              new Conv3d.Depth(k[0], s[0], p[0], 1),
              k[1],
              k[2],
              options(g, w));
        });
    layer(
        ops,
        "ConvTranspose1d",
        g ->
            new ConvTranspose1d(
                g.integer("in_channels", 0),
                g.integer("out_channels", 0),
                g.integer("kernel_size", 0),
                transposed(g, 1),
                g.flag("bias", true)));
    layer(
        ops,
        "ConvTranspose2d",
        g -> {
          int[] k = g.integers("kernel_size", 2, 0);
          return new ConvTranspose2d(
              g.integer("in_channels", 0),
              g.integer("out_channels", 0),
              k[0],
              k[1],
              transposed(g, 2),
              g.flag("bias", true));
        });
    pools(ops);
    rearrangements(ops);
  }

  private static void layer(
      Map<String, Consumer<GoldenRun>> ops, String name, Function<Golden, Layer> make) {
    ops.put(name, r -> r.out(r.load(make.apply(r.golden())).forward(r.in("x"))));
  }

  private static Window window(Golden g, int dimensions) {
    boolean same = g.text("padding", "").equals("same");
    int[] s = g.integers("stride", dimensions, 1);
    int[] p = same ? new int[dimensions] : g.integers("padding", dimensions, 0);
    int[] d = g.integers("dilation", dimensions, 1);
    int last = dimensions - 1;
    return new Window(s[0], s[last], p[0], p[last], d[0], d[last]);
  }

  private static ConvOptions options(Golden g, Window w) {
    return new ConvOptions(
        w,
        g.integer("groups", 1),
        g.flag("bias", true),
        GoldenOps.padding(g.text("padding_mode", "zeros")),
        g.text("padding", "").equals("same"));
  }

  private static ConvTranspose transposed(Golden g, int dimensions) {
    int[] o = g.integers("output_padding", dimensions, 0);
    return new ConvTranspose(
        window(g, dimensions), o[0], o[dimensions - 1], g.integer("groups", 1));
  }

  private static void pools(Map<String, Consumer<GoldenRun>> ops) {
    ops.put(
        "MaxPool2d",
        r -> {
          Pool.Fixed f = fixed(r.golden());
          List<Tensor> y =
              new MaxPool2d(f.kh(), f.kw(), f.window(), f.ceil()).forwardWithIndices(r.in("x"));
          r.out(y.get(0));
          r.out("indices", y.get(1));
        });
    layer(ops, "AvgPool2d", g -> new AvgPool2d(fixed(g)));
    layer(
        ops,
        "MaxPool1d",
        g -> {
          int k = g.integer("kernel_size", 0);
          return new MaxPool1d(
              k, g.integer("stride", k), g.integer("padding", 0), g.flag("ceil_mode", false));
        });
    layer(
        ops,
        "AvgPool1d",
        g -> {
          int k = g.integer("kernel_size", 0);
          return new AvgPool1d(
              k,
              g.integer("stride", k),
              g.integer("padding", 0),
              g.flag("ceil_mode", false),
              g.flag("count_include_pad", true));
        });
    layer(
        ops,
        "AdaptiveAvgPool2d",
        g -> {
          int[] size = g.integers("output_size", 2, 0);
          return new AdaptiveAvgPool2d(Math.max(0, size[0]), Math.max(0, size[1]));
        });
    layer(ops, "AdaptiveAvgPool1d", g -> new AdaptiveAvgPool1d(g.integer("output_size", 0)));
    layer(
        ops,
        "AdaptiveMaxPool2d",
        g -> {
          int[] size = g.integers("output_size", 2, 0);
          return new AdaptiveMaxPool2d(size[0], size[1]);
        });
  }

  private static Pool.Fixed fixed(Golden g) {
    int[] k = g.integers("kernel_size", 2, 0);
    int[] s = g.has("stride") ? g.integers("stride", 2, 0) : k;
    int[] p = g.integers("padding", 2, 0);
    int[] d = g.integers("dilation", 2, 1);
    return new Pool.Fixed(
        k[0],
        k[1],
        new Window(s[0], s[1], p[0], p[1], d[0], d[1]),
        g.flag("ceil_mode", false),
        g.flag("count_include_pad", true),
        g.integer("divisor_override", 0));
  }

  private static void rearrangements(Map<String, Consumer<GoldenRun>> ops) {
    layer(
        ops,
        "Upsample",
        g ->
            new Upsample(
                Double.parseDouble(g.text("scale_factor", "1")),
                Upsample.Mode.valueOf(g.text("mode", "").toUpperCase(Locale.ROOT)),
                g.flag("align_corners", false)));
    layer(ops, "PixelShuffle", g -> new PixelShuffle(g.integer("upscale_factor", 0)));
    layer(ops, "PixelUnshuffle", g -> new PixelUnshuffle(g.integer("downscale_factor", 0)));
    layer(
        ops,
        "Unfold",
        g -> {
          int[] k = g.integers("kernel_size", 2, 0);
          return new Unfold(k[0], k[1], window(g, 2));
        });
  }
}
