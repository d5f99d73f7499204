package dev.harpia.simd;

/**
 * The sizes of scaled dot-product attention.
 *
 * <p>Shapes: q and y [B, heads, Tq, D], k and v [B, kvHeads, Tk, D], each as its layout says;
 * weights [B, heads, Tq, Tk]. With {@code kvHeads < heads} (grouped queries), {@code heads /
 * kvHeads} adjacent query heads share a key and value head.
 *
 * @param batch B
 * @param heads query heads
 * @param kvHeads key and value heads, a divisor of {@code heads}
 * @param queries Tq
 * @param keys Tk, or the capacity of a key and value cache
 * @param features D
 * @param scale what scores are multiplied by, usually 1/√D
 * @param causal whether query i sees only keys j ≤ i + {@link AttentionPass#offset}
 */
public record AttentionShape(
    int batch,
    int heads,
    int kvHeads,
    int queries,
    int keys,
    int features,
    float scale,
    boolean causal,
    HeadLayout q,
    HeadLayout k,
    HeadLayout v,
    HeadLayout y) {

  public AttentionShape {
    if (batch < 0 || heads < 1 || kvHeads < 1 || queries < 0 || keys < 0 || features < 1) {
      throw new IllegalArgumentException(
          "attention: batch %d, heads %d, key/value heads %d, queries %d, keys %d, features %d: sizes must not be negative, heads and features at least 1"
              .formatted(batch, heads, kvHeads, queries, keys, features));
    }
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "attention: %d heads and %d key/value heads: the second must divide the first"
              .formatted(heads, kvHeads));
    }
  }

  /** Floats of {@link AttentionPass#lse}: one per query. */
  public long lseFloats() {
    return (long) batch * heads * queries;
  }

  int group() {
    return heads / kvHeads;
  }

  /** D in whole vectors. */
  int wide() {
    return Panels.roundUp(features, Vectors.LANES);
  }

  int vectors() {
    return wide() / Vectors.LANES;
  }

  /**
   * Floats from one row of scores to the next; a vector more than needed, so that rows do not share
   * cache sets.
   */
  int pitch() {
    return Panels.roundUp(keys, Panels.WIDTH) + Vectors.LANES;
  }

  /** Rows of scores that are worked on at once: about 64 KiB of them. */
  int block() {
    return Math.clamp(16384 / pitch() / 4 * 4, 4, 64);
  }

  /** Packed transposed keys, in floats. */
  long transposedFloats() {
    return (long) Panels.roundUp(keys, Panels.WIDTH) * features;
  }
}
