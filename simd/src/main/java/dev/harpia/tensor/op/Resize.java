package dev.harpia.tensor.op;

import dev.harpia.simd.Upsample;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Pictures in another size: each pixel the nearest one of the operand, {@code x[⌊i·H/H'⌋]}, or
 * interpolated between its four neighbours.
 *
 * <p>Shapes: x [.., H, W], y [.., H', W'].
 *
 * @param alignCorners whether, in bilinear interpolation, the centres of the corner pixels stay
 *     where they are, instead of the corners
 */
public record Resize(int height, int width, boolean bilinear, boolean alignCorners)
    implements SingleOutput {
  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    if (x.rank() < 2 || height < 1 || width < 1 || x.dim(-1) < 1 || x.dim(-2) < 1) {
      throw new ShapeException(
          name(), "pictures [.., H, W] cannot become " + height + "×" + width + " pixels", in);
    }
    return x.with(x.rank() - 2, height).with(x.rank() - 1, width);
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    int h = in[0].dim(-2);
    int w = in[0].dim(-1);
    long planes = in[0].size() / ((long) h * w);
    long y = out.address();
    long x = in[0].address();
    if (bilinear) {
      Upsample.bilinear(y, x, planes, h, w, height, width, alignCorners, false);
    } else {
      Upsample.nearest(y, x, planes, h, w, height, width, false);
    }
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    int h = in[0].dim(-2);
    int w = in[0].dim(-1);
    long planes = in[0].size() / ((long) h * w);
    boolean add = gIn.accumulate(0);
    long t = gIn.target(0).address();
    if (bilinear) {
      Upsample.bilinearBackward(t, g.address(), planes, h, w, height, width, alignCorners, add);
    } else {
      Upsample.nearestBackward(t, g.address(), planes, h, w, height, width, add);
    }
  }
}
