package dev.harpia.tests;

import static dev.harpia.tests.OpCases.one;
import static dev.harpia.tests.OpCases.positive;
import static dev.harpia.tests.OpCases.spread;
import static dev.harpia.tests.OpCases.two;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.BatchNorm;
import dev.harpia.tensor.op.Conv;
import dev.harpia.tensor.op.ConvTranspose;
import dev.harpia.tensor.op.GroupNorm;
import dev.harpia.tensor.op.LayerNorm;
import dev.harpia.tensor.op.LocalResponseNorm;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Resize;
import dev.harpia.tensor.op.Window;
import java.util.List;

/** Cases of convolutions, pools, normalisations and resizing. */
final class PictureCases {
  private PictureCases() {}

  static void add(List<OpCase> cases) {
    convolutions(cases);
    pools(cases);
    norms(cases);
    for (boolean bilinear : new boolean[] {false, true}) {
      cases.add(
          new OpCase(
              bilinear ? "resize bilinear" : "resize nearest",
              Resize.class,
              (r, n) -> one(spread(r, 2, 2, 3, n)),
              t -> Tensor.apply(new Resize(5, t[0].dim(3) + 3, bilinear, false), t)));
    }
    cases.add(
        new OpCase(
            "resize with aligned corners",
            Resize.class,
            (r, n) -> one(spread(r, 2, 2, 3, n)),
            t -> Tensor.apply(new Resize(2, 2 * t[0].dim(3), true, true), t)));
  }

  private static void convolutions(List<OpCase> cases) {
    Window padded = Window.of(1, 1);
    Window strided = new Window(2, 1, 1, 2, 1, 2);
    cases.add(
        new OpCase(
            "conv2d",
            Conv.class,
            (r, n) -> new Tensor[] {spread(r, 2, 3, 4, n), spread(r, 5, 3, 3, 3), spread(r, 5)},
            t -> Tensor.apply(new Conv(padded, 1), t)));
    cases.add(
        new OpCase(
            "conv2d with stride, dilation and groups",
            Conv.class,
            (r, n) -> two(spread(r, 2, 4, 5, n), spread(r, 6, 2, 3, 2)),
            t -> Tensor.apply(new Conv(strided, 2), t)));
    cases.add(
        new OpCase(
            "convTranspose2d",
            ConvTranspose.class,
            (r, n) -> new Tensor[] {spread(r, 2, 3, 4, n), spread(r, 3, 2, 3, 3), spread(r, 2)},
            t -> Tensor.apply(new ConvTranspose(Window.of(2, 1), 1, 1, 1), t)));
    cases.add(
        new OpCase(
            "convTranspose2d in groups",
            ConvTranspose.class,
            (r, n) -> two(spread(r, 1, 4, 2, n), spread(r, 4, 3, 2, 3)),
            t -> Tensor.apply(new ConvTranspose(Window.PLAIN, 0, 0, 2), t)));
  }

  private static void pools(List<OpCase> cases) {
    Pool.Windows fixed = new Pool.Fixed(3, 2, new Window(2, 1, 1, 1, 1, 1), true, false, 0);
    for (boolean max : new boolean[] {true, false}) {
      cases.add(
          new OpCase(
              max ? "maxPool2d" : "avgPool2d",
              Pool.class,
              (r, n) -> one(GradientCheck.apart(r, Shape.of(2, 2, 5, n))),
              t -> Tensor.applyAll(new Pool(max, fixed), t)[0]));
      cases.add(
          new OpCase(
              max ? "adaptive maxPool2d" : "adaptive avgPool2d",
              Pool.class,
              (r, n) -> one(GradientCheck.apart(r, Shape.of(2, 2, 5, n + 2))),
              t -> Tensor.applyAll(new Pool(max, new Pool.Adaptive(2, 3)), t)[0]));
    }
  }

  private static void norms(List<OpCase> cases) {
    for (boolean rms : new boolean[] {false, true}) {
      cases.add(
          new OpCase(
              rms ? "rmsNorm" : "layerNorm",
              LayerNorm.class,
              (r, n) ->
                  rms
                      ? two(spread(r, 3, n + 2), spread(r, n + 2))
                      : new Tensor[] {spread(r, 3, n + 2), spread(r, n + 2), spread(r, n + 2)},
              t -> Tensor.apply(new LayerNorm(t[0].dim(1), 1e-2f, rms), t)));
    }
    cases.add(
        new OpCase(
            "batchNorm",
            BatchNorm.class,
            (r, n) -> new Tensor[] {spread(r, 3, 4, n), spread(r, 4), spread(r, 4)},
            t -> Tensor.applyAll(new BatchNorm(0.5f, true, false), t)[0]));
    cases.add(
        new OpCase(
            "batchNorm of columns",
            BatchNorm.class,
            (r, n) -> one(spread(r, n + 3, 5)),
            t -> Tensor.applyAll(new BatchNorm(0.5f, false, false), t)[0]));
    cases.add(
        new OpCase(
            "batchNorm with given statistics",
            BatchNorm.class,
            (r, n) -> new Tensor[] {spread(r, 2, 4, n), spread(r, 4), spread(r, 4)},
            t -> {
              Tensor mean = Tensor.of(0.1f, -0.2f, 0.3f, 0);
              Tensor variance = Tensor.of(1, 0.5f, 2, 0.7f);
              BatchNorm op = new BatchNorm(1e-5f, true, true);
              return Tensor.applyAll(op, t[0], t[1], t[2], mean, variance)[0];
            }));
    cases.add(
        new OpCase(
            "groupNorm",
            GroupNorm.class,
            (r, n) -> new Tensor[] {spread(r, 2, 6, n), spread(r, 6), spread(r, 6)},
            t -> Tensor.apply(new GroupNorm(2, 1e-2f), t)));
    cases.add(
        new OpCase(
            "localResponseNorm",
            LocalResponseNorm.class,
            (r, n) -> one(spread(r, 2, 5, n)),
            t -> Tensor.apply(new LocalResponseNorm(3, 0.5f, 0.75f, 1), t)));
    cases.add(
        new OpCase(
            "instanceNorm",
            GroupNorm.class,
            (r, n) -> one(positive(r, 2, 3, n + 2)),
            t -> Tensor.apply(new GroupNorm(3, 1e-1f), t)));
  }
}
