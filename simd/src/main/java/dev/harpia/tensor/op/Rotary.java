package dev.harpia.tensor.op;

import dev.harpia.simd.HeadLayout;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Rotary position embedding (Su et al. 2021): pair p of a vector at position t turns by the angle
 * {@code t·base^(−2p/D)}.
 *
 * <p>Inputs: x [B, H, T, D], or with heads side by side [B, T, H·D], and cosines and sines [T',
 * D/2] of the angles, which are constants.
 *
 * @param position of the first step, so that rows {@code position … position + T − 1} are used
 * @param interleaved whether pairs are neighbours (GPT-J) instead of halves (GPT-NeoX)
 * @param heads H, where heads lie side by side in the last axis; 0 where they have an axis
 */
public record Rotary(int position, boolean interleaved, int heads) implements SingleOutput {
  /** Heads with an axis of their own. */
  public Rotary(int position, boolean interleaved) {
    this(position, interleaved, 0);
  }

  private int features(Shape x) {
    return heads == 0 ? x.dim(-1) : x.dim(-1) / heads;
  }

  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    if (heads == 0 && (x.rank() != 4 || x.dim(3) % 2 != 0)) {
      throw new ShapeException(name(), "the input must be [B, H, T, D] with D even", in);
    }
    if (heads != 0 && (heads < 0 || x.rank() != 3 || x.dim(2) % (2 * heads) != 0)) {
      throw new ShapeException(
          name(), "the input must be [B, T, H·D] with H = " + heads + " and D even", in);
    }
    if (in[1].rank() != 2
        || !in[1].equals(in[2])
        || in[1].dim(1) != features(x) / 2
        || position < 0
        || in[1].dim(0) < position + x.dim(-2)) {
      throw new ShapeException(
          name(),
          "the tables must be [T', "
              + features(x) / 2
              + "] with T' from "
              + (position + x.dim(-2))
              + " on",
          in);
    }
    return x;
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    turn(out, in[0], in, false, false);
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    if (gIn.wanted(1) || gIn.wanted(2)) {
      throw new IllegalStateException("rotary: the tables are constants and have no gradient");
    }
    boolean add = gIn.accumulate(0);
    turn(gIn.target(0), g, in, true, add);
  }

  private void turn(Tensor to, Tensor from, Tensor[] in, boolean back, boolean add) {
    Shape s = from.shape();
    if (s.size() == 0) {
      return;
    }
    int h = heads == 0 ? s.dim(1) : heads;
    int d = features(s);
    HeadLayout layout =
        heads == 0 ? HeadLayout.split(h, s.dim(2), d) : HeadLayout.fused(s.dim(1), h * d, d);
    dev.harpia.simd.Rotary.turn(
        to.address(),
        layout,
        from.address(),
        layout,
        in[1].address(),
        in[2].address(),
        s.dim(0),
        h,
        s.dim(-2),
        d,
        position,
        interleaved,
        back,
        add);
  }
}
