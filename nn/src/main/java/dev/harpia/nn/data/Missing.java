package dev.harpia.nn.data;

/** What becomes of rows with missing cells. */
public enum Missing {
  /** They are refused, by an exception that names the first. */
  REFUSE,
  /** They are left out. */
  DROP,
  /** A number becomes the mean of its column; a category is none of them, zero in all columns. */
  FILL
}
