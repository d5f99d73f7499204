package dev.harpia.bench.harpia;

import dev.harpia.bench.suite.Call;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Workload 6: ResNet-18 (He et al. 2015), batch norms folded into the convolutions' biases. */
final class ResNet18 extends Layer {
  /** relu(x' + conv(relu(conv(x)))), where x' is x or its projection. */
  private static final class Block extends Layer {
    private final Conv2d first;
    private final Conv2d second;
    private final @Nullable Conv2d project;

    Block(int in, int out, int stride) {
      first = layer("conv1", new Conv2d(in, out, 3, stride, 1));
      second = layer("conv2", new Conv2d(out, out, 3, 1, 1));
      project = stride == 1 ? null : layer("project", new Conv2d(in, out, 1, stride, 0));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor y = second.forward(first.forward(x).relu());
      return y.add(project == null ? x : project.forward(x)).relu();
    }
  }

  private final Conv2d stem = layer("stem", new Conv2d(3, 64, 7, 2, 3));
  private final MaxPool2d pool = layer("pool", new MaxPool2d(3, 2, 1));
  private final List<Block> blocks = new ArrayList<>();
  private final Linear head;

  private ResNet18() {
    int in = 64;
    for (int out = 64; out <= 512; out *= 2) {
      blocks.add(layer("block" + blocks.size(), new Block(in, out, out == in ? 1 : 2)));
      blocks.add(layer("block" + blocks.size(), new Block(out, out, 1)));
      in = out;
    }
    head = layer("head", new Linear(512, 1000));
  }

  /** Shapes: x [N, 3, 224, 224] to [N, 1000]. */
  @Override
  public Tensor forward(Tensor x) {
    Tensor y = pool.forward(stem.forward(x).relu()); // [N, 64, 56, 56]
    for (Block b : blocks) {
      y = b.forward(y);
    }
    return head.forward(y.mean(2, 3));
  }

  static Call one() {
    return Runs.request(new ResNet18(), Shape.of(1, 3, 224, 224), 1000);
  }
}
