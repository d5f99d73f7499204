package dev.harpia.tensor;

/** What stands beyond the edge of an axis. */
public enum Padding {
  /** One value, zero for convolutions. */
  CONSTANT,
  /** The elements mirrored at the first and the last, which are not repeated. */
  REFLECT,
  /** The first or last element. */
  REPLICATE,
  /** The elements from the other end. */
  CIRCULAR
}
