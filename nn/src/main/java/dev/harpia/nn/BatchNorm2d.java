package dev.harpia.nn;

/**
 * Batch normalisation (Ioffe, Szegedy 2015): {@code y = (x − μ)/√(σ² + ε)·w + b}, with a channel's
 * mean and variance over the batch and all pixels.
 *
 * <p>In training the batch's statistics are used, and averaged into the buffers {@code
 * running_mean} and {@code running_var} (with the variance divided by n − 1); in evaluation the
 * buffers are used. Throws where training meets a single value per channel.
 *
 * <p>Shapes: x and y [N, C, H, W]; {@code weight}, {@code bias} and the buffers [C]. Starts: weight
 * and variance 1, bias and mean 0.
 */
public final class BatchNorm2d extends BatchNorm {
  /** With PyTorch's settings. */
  public BatchNorm2d(int channels) {
    this(channels, Config.DEFAULT);
  }

  /** Any form. */
  public BatchNorm2d(int channels, Config config) {
    super(channels, config);
  }

  @Override
  boolean accepts(int rank) {
    return rank == 4;
  }

  @Override
  String expected(int channels) {
    return "[N, " + channels + ", H, W]";
  }
}
