package dev.harpia.models.transformer;

import dev.harpia.models.transformer.GptConfig.Style;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Dropout;
import dev.harpia.nn.Embedding;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.RotaryEmbedding;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Attention;
import dev.harpia.tensor.op.CachedAttention;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer (Radford et al. 2019; Touvron et al. 2023): each position sees itself
 * and those before it, and predicts the next token. The head is the embedding table, used
 * backwards, or has weights of its own.
 *
 * <p>Shapes: tokens [B, T] (I32), logits [B, T, V]. Starts: as GPT-2, weights normal with deviation
 * 0.02, those that write to the residual stream smaller by √(2·layers), biases 0.
 */
public final class Gpt extends Layer {
  /** Keys and values of the positions so far, each [B, C, H'·D], one pair for each block. */
  public record Cache(List<Tensor> keys, List<Tensor> values) {}

  /** Where new positions begin, and one block's part of the cache. */
  private record Past(Tensor position, Tensor keys, Tensor values) {}

  /** Every position gathers from those it sees. */
  private static final class SelfAttention extends Layer {
    private final GptConfig c;
    private final @Nullable RotaryEmbedding rotary;
    private final Linear qkv;
    private final Linear proj;

    SelfAttention(GptConfig c, @Nullable RotaryEmbedding rotary) {
      this.c = c;
      this.rotary = rotary;
      qkv = layer("qkv", GptParts.linear(c, c.width(), c.width() + 2 * c.keyWidth()));
      proj = layer("proj", GptParts.residual(c, c.width(), c.width()));
    }

    @Override
    public Tensor forward(Tensor x) {
      return forward(x, null);
    }

    Tensor forward(Tensor x, @Nullable Past past) { // [B, T, E]
      Tensor all = qkv.forward(x); // [B, T, E + 2·H'·D]
      Tensor q = part(all, 0, c.width()); // [B, T, H·D]
      Tensor k = part(all, c.width(), c.keyWidth()); // [B, T, H'·D]
      Tensor v = part(all, c.width() + c.keyWidth(), c.keyWidth());
      return proj.forward(past == null ? attend(q, k, v) : attend(q, k, v, past)); // [B, T, E]
    }

    private Tensor attend(Tensor q, Tensor k, Tensor v) {
      var op = new Attention(c.heads(), c.kvHeads(), true, true, false, false, false, false);
      return rotary == null
          ? Tensor.apply(op, q, k, v)
          : Tensor.apply(
              op,
              rotary.forwardSideBySide(q, c.heads()),
              rotary.forwardSideBySide(k, c.kvHeads()),
              v);
    }

    private Tensor attend(Tensor q, Tensor k, Tensor v, Past p) {
      var op = new CachedAttention(c.heads(), c.kvHeads(), rotary != null);
      return rotary == null
          ? Tensor.apply(op, q, k, v, p.keys, p.values, p.position)
          : Tensor.apply(op, q, k, v, p.keys, p.values, p.position, rotary.cos(), rotary.sin());
    }

    private static Tensor part(Tensor all, int from, int width) {
      return all.slice(2, from, from + width);
    }
  }

  /** Every position thinks for itself: GELU(x·W)·P, or (SiLU(x·G) ∘ x·W)·P. */
  private static final class FeedForward extends Layer {
    private final Linear fc;
    private final @Nullable Linear gate;
    private final Linear out;

    FeedForward(GptConfig c) {
      fc = layer("fc", GptParts.linear(c, c.width(), c.hidden()));
      boolean gated = c.style() == Style.LLAMA;
      gate = gated ? layer("gate", GptParts.linear(c, c.width(), c.hidden())) : null;
      out = layer("out", GptParts.residual(c, c.hidden(), c.width()));
    }

    @Override
    public Tensor forward(Tensor x) { // [B, T, E]
      Tensor h = fc.forward(x); // [B, T, hidden]
      return out.forward(
          gate == null
              ? Activation.geluTanh().forward(h)
              : Activation.silu().forward(gate.forward(x)).mul(h));
    }
  }

  private static final class Block extends Layer {
    private final Layer ln1;
    private final SelfAttention attn;
    private final Layer ln2;
    private final FeedForward mlp;
    private final Dropout dropout;

    Block(GptConfig c, @Nullable RotaryEmbedding rotary) {
      ln1 = layer("ln1", GptParts.norm(c));
      attn = layer("attn", new SelfAttention(c, rotary));
      ln2 = layer("ln2", GptParts.norm(c));
      mlp = layer("mlp", new FeedForward(c));
      dropout = layer("dropout", new Dropout(c.dropout()));
    }

    @Override
    public Tensor forward(Tensor x) {
      return forward(x, null);
    }

    Tensor forward(Tensor x, @Nullable Past past) { // [B, T, E]
      Tensor h = x.add(dropout.forward(attn.forward(ln1.forward(x), past)));
      return h.add(dropout.forward(mlp.forward(ln2.forward(h))));
    }
  }

  private final GptConfig config;
  private final Embedding wte;
  private final @Nullable Embedding wpe;
  private final Dropout dropout;
  private final List<Block> blocks = new ArrayList<>();
  private final Layer lnf;
  private final @Nullable Linear head;

  /** A model with weights drawn from the thread's stream of random numbers. */
  public Gpt(GptConfig c) {
    config = c;
    wte = layer("wte", GptParts.table(c.vocabulary(), c.width()));
    wpe = c.style() == Style.GPT2 ? layer("wpe", GptParts.table(c.context(), c.width())) : null;
    dropout = layer("dropout", new Dropout(c.dropout()));
    RotaryEmbedding rotary =
        c.style() == Style.LLAMA
            ? new RotaryEmbedding(c.context(), c.rope().frequencies(c.features()), false)
            : null;
    for (int i = 0; i < c.layers(); i++) {
      blocks.add(new Block(c, rotary));
    }
    layer("h", new Sequential(blocks.toArray(Layer[]::new)));
    lnf = layer("lnf", GptParts.norm(c));
    head = c.tied() ? null : layer("head", GptParts.head(c));
  }

  /** The sizes. */
  public GptConfig config() {
    return config;
  }

  /** The logits of the token after each of a sequence's. */
  @Override
  public Tensor forward(Tensor tokens) { // [B, T]
    if (tokens.rank() != 2 || tokens.dim(1) > config.context()) {
      throw new ShapeException(
          "gpt", "tokens must be [B, T] with T at most " + config.context(), tokens.shape());
    }
    Tensor x = wte.forward(tokens); // [B, T, E]
    if (wpe != null) {
      x = x.add(wpe.forward(Tensor.arange(tokens.dim(1))));
    }
    x = dropout.forward(x);
    for (Block block : blocks) {
      x = block.forward(x);
    }
    return logits(x); // [B, T, V]
  }

  /**
   * The logits [B, 1, V] after new tokens [B, T] at positions [T] (I32) in a row; fills the cache.
   */
  public Tensor forward(Tensor tokens, Tensor position, Cache cache) {
    Tensor x = wte.forward(tokens); // [B, T, E]
    x = wpe == null ? x : x.add(wpe.forward(position));
    for (int i = 0; i < blocks.size(); i++) {
      Past past = new Past(position, cache.keys.get(i), cache.values.get(i));
      x = blocks.get(i).forward(x, past);
    }
    int t = tokens.dim(1);
    return logits(t == 1 ? x : x.slice(1, t - 1, t));
  }

  private Tensor logits(Tensor x) {
    Tensor h = lnf.forward(x);
    return head == null ? h.matmulT(wte.weight()) : head.forward(h);
  }
}
