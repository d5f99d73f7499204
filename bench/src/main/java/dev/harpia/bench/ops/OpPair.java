package dev.harpia.bench.ops;

import dev.harpia.tensor.Tensor;

/**
 * An operation on Harpia and as a loop over heap arrays, on the same values.
 *
 * @param flop floating-point operations of one call, 0 where memory traffic is what counts
 * @param bytes bytes that one call must read and write
 * @param out where Harpia's result goes
 * @param heapOut where the loop's result goes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OpPair(
    String name,
    String size,
    double flop,
    double bytes,
    Runnable harpia,
    Runnable baseline,
    Tensor out,
    float[] heapOut) {
  boolean arithmetic() {
    return flop > 0;
  }
}
