package dev.harpia.tensor.op;

/** What becomes of the losses of single elements or rows. */
public enum Reduction {
  /** They stay. */
  NONE,
  /** Their mean. */
  MEAN,
  /** Their sum. */
  SUM
}
