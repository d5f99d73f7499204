package dev.harpia.nn;

import dev.harpia.simd.Rotary;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Rotary position embedding (Su et al. 2021) of queries and keys: pair p of a vector at position t
 * turns by the angle {@code t·base^(−2p/D)}, so that scores depend on distances alone. Nothing is
 * learnt.
 *
 * <p>Shapes: x and y [B, H, T, D], D even.
 */
public final class RotaryEmbedding extends Layer {
  private final boolean interleaved;
  private final Tensor cos;
  private final Tensor sin;

  /** For heads of {@code size} features and this many positions, base 10000, pairs in halves. */
  public RotaryEmbedding(int size, int positions) {
    this(size, positions, 10000, false);
  }

  /**
   * Any form.
   *
   * @param interleaved whether pairs are neighbours (GPT-J) instead of halves (GPT-NeoX)
   */
  public RotaryEmbedding(int size, int positions, double base, boolean interleaved) {
    this(positions, frequencies(size, positions, base), interleaved);
  }

  /**
   * Pairs that turn at given speeds: pair p by {@code t·frequencies[p]} at position t.
   *
   * @param interleaved whether pairs are neighbours (GPT-J) instead of halves (GPT-NeoX)
   */
  public RotaryEmbedding(int positions, double[] frequencies, boolean interleaved) {
    if (positions < 1 || frequencies.length < 1) {
      throw new IllegalArgumentException(
          "rotaryEmbedding: %d positions, %d frequencies: there must be one of each at least"
              .formatted(positions, frequencies.length));
    }
    this.interleaved = interleaved;
    Shape s = Shape.of(positions, frequencies.length);
    cos = Tensor.empty(s, DType.F32).copy();
    sin = Tensor.empty(s, DType.F32).copy();
    Rotary.tables(cos.address(), sin.address(), positions, frequencies);
  }

  private static double[] frequencies(int size, int positions, double base) {
    if (size < 2 || size % 2 != 0 || positions < 1 || !(base > 0)) {
      throw new IllegalArgumentException(
          "rotaryEmbedding: heads of "
              + size
              + " features, "
              + positions
              + " positions, base "
              + base
              + ": features must be even, all positive");
    }
    double[] f = new double[size / 2];
    for (int p = 0; p < f.length; p++) {
      f[p] = StrictMath.pow(base, -2.0 * p / size);
    }
    return f;
  }

  @Override
  public Tensor forward(Tensor x) {
    return forward(x, 0);
  }

  /** Vectors whose first step is at a position, as when tokens are generated one by one. */
  public Tensor forward(Tensor x, int position) {
    if (x.rank() != 4 || x.dim(3) != 2 * cos.dim(1) || position + x.dim(2) > cos.dim(0)) {
      throw new ShapeException(
          "rotaryEmbedding",
          "the input must be [B, H, T, "
              + 2 * cos.dim(1)
              + "] with steps "
              + position
              + " to at most "
              + (cos.dim(0) - 1),
          x.shape());
    }
    return Tensor.apply(new dev.harpia.tensor.op.Rotary(position, interleaved), x, cos, sin);
  }

  /** Heads side by side, [B, T, H·D], the first step at position 0. */
  public Tensor forwardSideBySide(Tensor x, int heads) {
    return Tensor.apply(new dev.harpia.tensor.op.Rotary(0, interleaved, heads), x, cos, sin);
  }

  /** The cosines [positions, D/2] of the angles, for operations that turn vectors themselves. */
  public Tensor cos() {
    return cos;
  }

  /** The sines [positions, D/2] of the angles. */
  public Tensor sin() {
    return sin;
  }

  @Override
  protected String arguments() {
    return 2 * cos.dim(1) + ", " + cos.dim(0) + " positions";
  }
}
