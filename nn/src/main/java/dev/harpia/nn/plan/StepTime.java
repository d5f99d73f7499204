package dev.harpia.nn.plan;

/**
 * How long a step of a plan takes.
 *
 * @param step its operation and result, as {@link Plan#describe} has them
 * @param micros microseconds of the median run
 * @param share of all steps' time
 * @param flops floating-point operations, by definition
 */
public record StepTime(String step, double micros, double share, long flops) {
  /** Billions of floating-point operations in a second. */
  public double gigaflops() {
    return micros == 0 ? 0 : flops / (micros * 1e3);
  }
}
