package dev.harpia.nn.plan;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/**
 * 1 where what is added to attention scores hides the future and nothing else, 0 otherwise: then
 * half of the scores need not be computed. Computed with the constants, so that {@link
 * Plan#refresh} looks again.
 */
record CausalMask(int queries, int keys) implements InferenceOp {
  @Override
  public Shape shape(Shape... in) {
    return Shape.of(1);
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    Vectors.set(out.address(), isCausal(in[0]) ? 1 : 0);
  }

  private boolean isCausal(Tensor bias) {
    if (bias.size() != (long) queries * keys || queries > keys) {
      return false;
    }
    for (int i = 0; i < queries; i++) {
      for (int j = 0; j < keys; j++) {
        float hidden = Vectors.get(bias.address() + 4 * ((long) i * keys + j));
        boolean future = j > i + keys - queries;
        // at −1e9 and below e^x is 0 beside any score of the present
        if (future ? !(hidden <= -1e9f) : hidden != 0) {
          return false;
        }
      }
    }
    return true;
  }
}
