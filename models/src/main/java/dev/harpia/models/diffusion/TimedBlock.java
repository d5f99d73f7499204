package dev.harpia.models.diffusion;

import dev.harpia.nn.Conv2d;
import dev.harpia.nn.ConvOptions;
import dev.harpia.nn.GroupNorm;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.tensor.Tensor;
import java.util.Optional;

/**
 * A residual block that is told the step: {@code x + conv(silu(norm(conv(silu(norm(x))) + W·t)))},
 * with a 1×1 convolution of x where the channels differ. Shapes: x [N, in, H, W], t [N, width].
 */
final class TimedBlock extends Layer {
  private static final int GROUPS = 8;

  private final GroupNorm norm1;
  private final Conv2d conv1;
  private final Linear time;
  private final GroupNorm norm2;
  private final Conv2d conv2;
  private final Optional<Conv2d> shortcut;

  TimedBlock(int in, int out, int width) {
    ConvOptions same = ConvOptions.DEFAULT.withPadding(1);
    norm1 = layer("norm1", new GroupNorm(GROUPS, in));
    conv1 = layer("conv1", new Conv2d(in, out, 3, 3, same));
    time = layer("time", new Linear(width, out));
    norm2 = layer("norm2", new GroupNorm(GROUPS, out));
    conv2 = layer("conv2", new Conv2d(out, out, 3, 3, same));
    // what the block adds starts at nothing
    conv2.state().values().forEach(t -> t.copyFrom(new float[(int) t.size()]));
    shortcut =
        in == out ? Optional.empty() : Optional.of(layer("shortcut", new Conv2d(in, out, 1)));
  }

  Tensor forward(Tensor x, Tensor t) {
    Tensor h = conv1.forward(norm1.forward(x).silu());
    h = h.add(time.forward(t.silu()).reshape(x.dim(0), -1, 1, 1));
    h = conv2.forward(norm2.forward(h).silu());
    return shortcut.isPresent() ? h.add(shortcut.get().forward(x)) : h.add(x);
  }

  @Override
  public Tensor forward(Tensor x) {
    throw new IllegalStateException("timedBlock: forward takes the embedded step too");
  }
}
