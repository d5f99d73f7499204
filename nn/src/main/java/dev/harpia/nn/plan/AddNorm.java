package dev.harpia.nn.plan;

import dev.harpia.simd.ResidualNorm;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.LayerNorm;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * {@code s = x + f} and {@code y = norm(s)} in one pass over the rows. Outputs: s and y, or y alone
 * where nobody reads s.
 *
 * @param norm the norm
 * @param sum whether s is an output
 */
record AddNorm(LayerNorm norm, boolean sum) implements Op {
  @Override
  public String name() {
    return "add+" + norm.name();
  }

  @Override
  public Shape[] shapes(Shape... in) {
    return sum ? new Shape[] {in[0], in[0]} : new Shape[] {in[0]};
  }

  @Override
  public boolean inPlace() {
    return true; // a row is read before it is written
  }

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    Tensor y = out[out.length - 1];
    ResidualNorm.forward(
        y.address(),
        out[0].address(),
        in[0].address(),
        in[1].address(),
        in.length > 2 ? in[2].address() : 0,
        in.length > 3 ? in[3].address() : 0,
        y.size() / norm.size(),
        norm.size(),
        norm.epsilon(),
        norm.rms());
    Reference.reachabilityFence(in);
    Reference.reachabilityFence(out);
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    throw new IllegalStateException(name() + ": plans have no gradients");
  }
}
