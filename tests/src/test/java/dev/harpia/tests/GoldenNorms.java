package dev.harpia.tests;

import dev.harpia.nn.BatchNorm;
import dev.harpia.nn.BatchNorm1d;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.GroupNorm;
import dev.harpia.nn.InstanceNorm2d;
import dev.harpia.nn.LayerNorm;
import dev.harpia.nn.LocalResponseNorm;
import dev.harpia.nn.RMSNorm;
import dev.harpia.tensor.Shape;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** How normalisations answer their goldens. */
final class GoldenNorms {
  private GoldenNorms() {}

  static void register(Map<String, Consumer<GoldenRun>> ops) {
    ops.put(
        "BatchNorm1d",
        r -> batches(r, new BatchNorm1d(r.golden().integer("num_features", 0), config(r))));
    ops.put(
        "BatchNorm2d",
        r -> batches(r, new BatchNorm2d(r.golden().integer("num_features", 0), config(r))));
    ops.put(
        "LayerNorm",
        r -> {
          boolean affine = r.golden().flag("elementwise_affine", true);
          Shape s = Shape.of(r.golden().integers("normalized_shape", 1, 0));
          float epsilon = r.golden().number("eps", 1e-5);
          r.out(r.load(new LayerNorm(s, epsilon, affine, affine)).forward(r.in("x")));
        });
    ops.put(
        "GroupNorm",
        r ->
            r.out(
                r.load(
                        new GroupNorm(
                            r.golden().integer("num_groups", 0),
                            r.golden().integer("num_channels", 0)))
                    .forward(r.in("x"))));
    ops.put(
        "InstanceNorm2d",
        r ->
            r.out(
                r.load(
                        new InstanceNorm2d(
                            r.golden().integer("num_features", 0),
                            1e-5f,
                            r.golden().flag("affine", false)))
                    .forward(r.in("x"))));
    ops.put(
        "RMSNorm",
        r -> {
          RMSNorm layer = new RMSNorm(r.in("weight").dim(0), r.golden().number("eps", 1e-6));
          r.use("weight", Objects.requireNonNull(layer.state().get("weight")));
          r.out(layer.forward(r.in("x")));
        });
    ops.put(
        "LocalResponseNorm",
        r ->
            r.out(
                new LocalResponseNorm(
                        r.golden().integer("size", 0),
                        r.golden().number("alpha", 1e-4),
                        r.golden().number("beta", 0.75),
                        r.golden().number("k", 1))
                    .forward(r.in("x"))));
  }

  private static BatchNorm.Config config(GoldenRun r) {
    Golden g = r.golden();
    // the manifest leaves the default out and has null, which is not kept, for the average of all
    boolean cumulative = g.text("note2", "").equals("cumulative average");
    return new BatchNorm.Config(
        g.number("eps", 1e-5),
        cumulative ? Float.NaN : g.number("momentum", 0.1),
        g.flag("affine", true),
        g.flag("track_running_stats", true));
  }

  private static void batches(GoldenRun r, BatchNorm layer) {
    r.load(layer);
    layer.train(r.golden().flag("training", true));
    for (int i = 0; i < r.golden().integer("calls", 1); i++) {
      r.out("y" + i, layer.forward(r.in("x" + i)));
      String call = "." + i;
      layer
          .state()
          .forEach(
              (name, t) -> {
                if (r.has("bufout." + name + call)) {
                  r.same("bufout." + name + call, t);
                }
              });
    }
  }
}
