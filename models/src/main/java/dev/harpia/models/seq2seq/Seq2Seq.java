package dev.harpia.models.seq2seq;

import dev.harpia.nn.Dropout;
import dev.harpia.nn.Embedding;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.MultiHeadAttention.Mask;
import dev.harpia.nn.Transformer;
import dev.harpia.nn.TransformerConfig;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;

/**
 * The original transformer (Vaswani et al. 2017): an encoder reads a sequence from both sides, a
 * decoder writes another one, seeing what was read and what it wrote. Positions are sines and
 * cosines.
 *
 * <p>Shapes: source [N, S] and target [N, T] (I32), logits [N, T, V']. In both vocabularies token 0
 * is padding; in the target's, 1 begins a sequence and 2 ends it.
 */
public final class Seq2Seq extends Layer {
  /** Stands where a sequence has ended. */
  public static final int PAD = 0;

  /** Begins a target. */
  public static final int BEGIN = 1;

  /** Ends a target. */
  public static final int END = 2;

  private final Embedding source;
  private final Embedding target;
  private final Transformer transformer;
  private final Linear head;
  private final Dropout dropout;
  private final Tensor positions; // [longest, E]
  private final float scale;

  /**
   * A model with weights drawn from the thread's stream of random numbers.
   *
   * @param sourceSize V, of the source's vocabulary
   * @param targetSize V', of the target's
   * @param layers of the encoder, and of the decoder
   * @param longest sequence that can be read or written
   */
  public Seq2Seq(
      int sourceSize, int targetSize, TransformerConfig config, int layers, int longest) {
    if (sourceSize < 2 || targetSize < 4 || layers < 1 || longest < 1 || config.width() % 2 != 0) {
      throw new IllegalArgumentException(
          "seq2seq: vocabularies %d and %d, %d layers, length %d, width %d: at least 2, 4, 1 and 1, the width even"
              .formatted(sourceSize, targetSize, layers, longest, config.width()));
    }
    source = layer("source", new Embedding(sourceSize, config.width()));
    target = layer("target", new Embedding(targetSize, config.width()));
    transformer = layer("transformer", new Transformer(config, layers, layers));
    head = layer("head", new Linear(config.width(), targetSize));
    dropout = layer("dropout", new Dropout(config.dropout()));
    scale = (float) Math.sqrt(config.width());
    for (Embedding e : new Embedding[] {source, target}) {
      e.weight().copyFrom(e.weight().mul(1 / scale)); // as long as positions, once scaled
    }
    positions = sines(longest, config.width()).copy();
  }

  private static Tensor sines(int longest, int width) {
    float[] p = new float[longest * width];
    for (int t = 0; t < longest; t++) {
      for (int i = 0; i < width; i += 2) {
        double angle = t * Math.pow(10000, -i / (double) width);
        p[t * width + i] = (float) StrictMath.sin(angle);
        p[t * width + i + 1] = (float) StrictMath.cos(angle);
      }
    }
    return Tensor.of(p, Shape.of(longest, width));
  }

  /** x is source and target. */
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, x);
  }

  /** The logits of the token after each of the target's, given the source and those before. */
  public Tensor forward(Tensor from, Tensor to) {
    return decode(to, encode(from), from);
  }

  private Tensor embed(Embedding table, Tensor tokens) {
    if (tokens.rank() != 2 || tokens.dim(1) > positions.dim(0)) {
      throw new ShapeException(
          "seq2seq", "tokens must be [N, T] with T at most " + positions.dim(0), tokens.shape());
    }
    Tensor at = positions.slice(0, 0, tokens.dim(1));
    return dropout.forward(table.forward(tokens).mul(scale).add(at)); // [N, T, E]
  }

  /** Features of the source [N, S, E]. */
  private Tensor encode(Tensor from) {
    return transformer.encode(embed(source, from), padding(from));
  }

  private Tensor decode(Tensor to, Tensor memory, Tensor from) {
    Tensor h = transformer.decode(embed(target, to), memory, Mask.CAUSAL, padding(from));
    return head.forward(h);
  }

  /** Nobody sees what is padding. */
  private static Mask padding(Tensor tokens) {
    int[] v = tokens.toIntArray();
    for (int i = 0; i < v.length; i++) {
      v[i] = v[i] == PAD ? 1 : 0;
    }
    return new Mask(false, null, null, Tensor.of(v, tokens.shape()));
  }

  /**
   * Writes the most probable token again and again, until all targets have ended.
   *
   * @param from sources [N, S]
   * @param most tokens of a target at most
   * @return the targets, without their beginnings and ends
   */
  public int[][] write(Tensor from, int most) {
    int n = from.dim(0);
    int limit = Math.min(most, positions.dim(0));
    boolean training = training();
    int[][] out = new int[n][limit];
    int[] length = new int[n];
    boolean[] ended = new boolean[n];
    try (var _ = Scope.inference()) {
      eval();
      Tensor memory = encode(from);
      for (int t = 0; t < limit; t++) {
        int[] to = new int[n * (t + 1)];
        for (int i = 0; i < n; i++) {
          to[i * (t + 1)] = BEGIN;
          System.arraycopy(out[i], 0, to, i * (t + 1) + 1, t);
        }
        Tensor z = decode(Tensor.of(to, Shape.of(n, t + 1)), memory, from);
        int[] next = z.slice(1, t, t + 1).argmax(2).toIntArray();
        boolean all = true;
        for (int i = 0; i < n; i++) {
          out[i][t] = ended[i] ? PAD : next[i];
          ended[i] |= next[i] == END;
          length[i] += ended[i] ? 0 : 1;
          all &= ended[i];
        }
        if (all) {
          break;
        }
      }
    } finally {
      train(training);
    }
    for (int i = 0; i < n; i++) {
      out[i] = Arrays.copyOf(out[i], length[i]);
    }
    return out;
  }
}
