package dev.harpia.models.transformer;

import dev.harpia.models.transformer.GptConfig.Style;
import dev.harpia.nn.Embedding;
import dev.harpia.nn.Init;
import dev.harpia.nn.Layer;
import dev.harpia.nn.LayerNorm;
import dev.harpia.nn.Linear;
import dev.harpia.nn.RMSNorm;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** The layers that {@link Gpt} is built of, with GPT-2's initial weights. */
final class GptParts {
  private static final float STD = 0.02f;

  private GptParts() {}

  static Layer norm(GptConfig c) {
    return c.style() == Style.GPT2
        ? new LayerNorm(Shape.of(c.width()), c.epsilon(), true, c.bias())
        : new RMSNorm(c.width(), c.epsilon());
  }

  static Linear linear(GptConfig c, int in, int out) {
    return linear(c, in, out, STD);
  }

  /** A layer whose result is added to the residual stream: 2·layers of them add up. */
  static Linear residual(GptConfig c, int in, int out) {
    return linear(c, in, out, (float) (STD / Math.sqrt(2.0 * c.layers())));
  }

  private static Linear linear(GptConfig c, int in, int out, float std) {
    Linear l = new Linear(in, out, c.bias());
    l.weight().copyFrom(Init.normal(std, out, in));
    if (c.bias()) {
      l.state().getOrDefault("bias", l.weight()).copyFrom(Tensor.zeros(out));
    }
    return l;
  }

  /** A head with weights of its own. */
  static Linear head(GptConfig c) {
    Linear l = new Linear(c.width(), c.vocabulary(), false);
    l.weight().copyFrom(Init.normal(STD, c.vocabulary(), c.width()));
    return l;
  }

  static Embedding table(int rows, int width) {
    Embedding e = new Embedding(rows, width);
    e.weight().copyFrom(Init.normal(STD, rows, width));
    return e;
  }
}
