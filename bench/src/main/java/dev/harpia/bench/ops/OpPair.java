package dev.harpia.bench.ops;

/**
 * An operation on Harpia and as a loop over heap arrays, on the same values.
 *
 * @param flop floating-point operations of one call, 0 where memory traffic is what counts
 * @param bytes bytes that one call must read and write
 */
record OpPair(
    String name, String size, double flop, double bytes, Runnable harpia, Runnable baseline) {
  boolean arithmetic() {
    return flop > 0;
  }
}
