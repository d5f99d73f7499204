package dev.harpia.models.transformer;

/**
 * How the next token is drawn from the logits z, in this order: z of tokens that occurred already
 * is divided by the repetition penalty where positive and multiplied elsewhere (Keskar et al.
 * 2019); z is divided by the temperature; the k largest are kept; of those, the most probable whose
 * probabilities add up to p (Holtzman et al. 2019); one is drawn.
 *
 * @param temperature 1 as learnt, lower is bolder, 0 always takes the largest
 * @param topK how many tokens are considered; 0 for all
 * @param topP in (0, 1]; 1 for all
 * @param repetitionPenalty at least 1; 1 for none
 */
public record Sampling(float temperature, int topK, float topP, float repetitionPenalty) {
  /** Always the most probable token. */
  public static final Sampling GREEDY = new Sampling(0, 0, 1, 1);

  /** Checks the ranges. */
  public Sampling {
    boolean fits =
        temperature >= 0
            && temperature <= 100
            && topK >= 0
            && topP > 0
            && topP <= 1
            && repetitionPenalty >= 1
            && repetitionPenalty <= 100;
    if (!fits) {
      throw new IllegalArgumentException(
          "sampling: temperature %s must be from 0 to 100, top k %d not negative, top p %s above 0 and at most 1, repetition penalty %s from 1 to 100"
              .formatted(temperature, topK, topP, repetitionPenalty));
    }
  }

  /** All tokens, at a temperature. */
  public static Sampling at(float temperature) {
    return new Sampling(temperature, 0, 1, 1);
  }

  /** The k most probable tokens. */
  public Sampling topK(int k) {
    return new Sampling(temperature, k, topP, repetitionPenalty);
  }

  /** The most probable tokens of together p. */
  public Sampling topP(float p) {
    return new Sampling(temperature, topK, p, repetitionPenalty);
  }

  /** Tokens that occurred become less probable. */
  public Sampling repetitionPenalty(float penalty) {
    return new Sampling(temperature, topK, topP, penalty);
  }
}
