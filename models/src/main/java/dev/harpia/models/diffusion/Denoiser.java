package dev.harpia.models.diffusion;

import dev.harpia.nn.Conv2d;
import dev.harpia.nn.ConvOptions;
import dev.harpia.nn.GroupNorm;
import dev.harpia.nn.Layer;
import dev.harpia.nn.PixelShuffle;
import dev.harpia.nn.PixelUnshuffle;
import dev.harpia.nn.Upsample;
import dev.harpia.tensor.Tensor;

/**
 * A small U-Net (Ronneberger, Fischer, Brox 2015) that says how a picture changes as it turns into
 * noise: [N, 1, 28, 28] and steps [N] to [N, 1, 28, 28]. It works on 14 × 14 squares of four pixels
 * each, and below on 7 × 7.
 */
public final class Denoiser extends Layer {
  private final TimeEmbedding time;
  private final PixelUnshuffle squares = new PixelUnshuffle(2);
  private final Conv2d first;
  private final TimedBlock down;
  private final Conv2d halve;
  private final TimedBlock low1;
  private final TimedBlock low2;
  private final Upsample twice = new Upsample(2);
  private final Conv2d fine;
  private final TimedBlock up;
  private final GroupNorm norm;
  private final Conv2d last;
  private final PixelShuffle pixels = new PixelShuffle(2);

  /**
   * A network with fresh weights.
   *
   * @param width channels at 14 × 14, a multiple of 8; twice as many at 7 × 7
   */
  public Denoiser(int width) {
    if (width < 8 || width % 8 != 0) {
      throw new IllegalArgumentException("denoiser: width " + width + ": must be a multiple of 8");
    }
    ConvOptions same = ConvOptions.DEFAULT.withPadding(1);
    int low = 2 * width;
    int embedded = 4 * width;
    time = layer("time", new TimeEmbedding(embedded));
    first = layer("first", new Conv2d(4, width, 3, 3, same)); // [N, width, 14, 14]
    down = layer("down", new TimedBlock(width, width, embedded));
    halve = layer("halve", new Conv2d(width, low, 3, 3, same.withStride(2))); // [N, low, 7, 7]
    low1 = layer("low1", new TimedBlock(low, low, embedded));
    low2 = layer("low2", new TimedBlock(low, low, embedded));
    fine = layer("fine", new Conv2d(low, width, 3, 3, same)); // [N, width, 14, 14]
    up = layer("up", new TimedBlock(2 * width, width, embedded));
    norm = layer("norm", new GroupNorm(8, width));
    last = layer("last", new Conv2d(width, 4, 3, 3, same)); // [N, 4, 14, 14]
  }

  /**
   * The velocities, see {@link NoiseSchedule#velocity}, of pictures that were brought to steps t.
   */
  public Tensor velocity(Tensor x, int... t) {
    Tensor step = time.of(t);
    Tensor high = down.forward(first.forward(squares.forward(x)), step);
    Tensor low = low2.forward(low1.forward(halve.forward(high), step), step);
    Tensor rising = fine.forward(twice.forward(low));
    Tensor h = up.forward(Tensor.concat(1, rising, high), step);
    return pixels.forward(last.forward(norm.forward(h).silu()));
  }

  /** The velocity at the first step: what {@link #velocity} says for t = 1. */
  @Override
  public Tensor forward(Tensor x) {
    int[] t = new int[x.dim(0)];
    java.util.Arrays.fill(t, 1);
    return velocity(x, t);
  }
}
