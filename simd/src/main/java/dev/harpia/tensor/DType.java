package dev.harpia.tensor;

/** The type of a tensor's elements; every type takes four bytes. */
public enum DType {
  /** IEEE 754 single precision. */
  F32,
  /** 32-bit signed integers: labels, indices and masks. */
  I32
}
