package dev.harpia.bench.harpia;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Embedding;
import dev.harpia.nn.Layer;
import dev.harpia.nn.LayerNorm;
import dev.harpia.nn.Linear;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Affine;
import dev.harpia.tensor.op.Attention;
import java.util.ArrayList;
import java.util.List;

/** Workload 4: GPT-mini, 6 layers of 6 heads, width 384, no biases, head tied to the embedding. */
final class Gpt extends Layer {
  static final int VOCABULARY = 65;
  static final int WIDTH = 384;
  static final int HEADS = 6;
  static final int LAYERS = 6;
  static final int LENGTH = 256;

  private static final Attention CAUSAL =
      new Attention(HEADS, HEADS, true, true, false, false, false, false);

  /** x + attention(norm(x)), then x + mlp(norm(x)). */
  private static final class Block extends Layer {
    private final LayerNorm norm1 = layer("norm1", norm());
    private final Linear qkv = layer("qkv", new Linear(WIDTH, 3 * WIDTH, false));
    private final Linear proj = layer("proj", new Linear(WIDTH, WIDTH, false));
    private final LayerNorm norm2 = layer("norm2", norm());
    private final Linear up = layer("up", new Linear(WIDTH, 4 * WIDTH, false));
    private final Layer gelu = layer("gelu", Activation.gelu());
    private final Linear down = layer("down", new Linear(4 * WIDTH, WIDTH, false));

    @Override
    public Tensor forward(Tensor x) {
      List<Tensor> parts = qkv.forward(norm1.forward(x)).split(3, 2); // each [N, T, 384]
      Tensor y = Tensor.apply(CAUSAL, parts.get(0), parts.get(1), parts.get(2));
      return mlp(x.add(proj.forward(y)));
    }

    /** One token; keys and values of those before are in the cache. */
    Tensor decode(Tensor x, Tensor position, CachedAttention cache) {
      Tensor y = Tensor.apply(cache, qkv.forward(norm1.forward(x)), position);
      return mlp(x.add(proj.forward(y)));
    }

    private Tensor mlp(Tensor x) {
      return x.add(down.forward(gelu.forward(up.forward(norm2.forward(x)))));
    }
  }

  private final Embedding tokens = layer("tokens", new Embedding(VOCABULARY, WIDTH));
  private final Embedding positions = layer("positions", new Embedding(LENGTH, WIDTH));
  private final List<Block> blocks = new ArrayList<>();
  private final LayerNorm norm;

  Gpt() {
    for (int i = 0; i < LAYERS; i++) {
      blocks.add(layer("block" + i, new Block()));
    }
    norm = layer("norm", norm());
  }

  private static LayerNorm norm() {
    return new LayerNorm(Shape.of(WIDTH), 1e-5f, true, false);
  }

  /** Shapes: tokens [N, 256] to logits [N, 256, 65]. */
  @Override
  public Tensor forward(Tensor index) {
    Tensor x = tokens.forward(index).add(positions.weight());
    for (Block b : blocks) {
      x = b.forward(x);
    }
    return head(x);
  }

  /** Shapes: token [1], position [1] to logits [1, 65]. */
  Tensor decode(Tensor token, Tensor position, List<CachedAttention> caches) {
    Tensor x = tokens.forward(token).add(positions.forward(position));
    for (int i = 0; i < LAYERS; i++) {
      x = blocks.get(i).decode(x, position, caches.get(i));
    }
    return head(x);
  }

  private Tensor head(Tensor x) {
    return Tensor.apply(new Affine(), norm.forward(x), tokens.weight());
  }
}
