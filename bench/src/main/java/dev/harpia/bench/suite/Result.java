package dev.harpia.bench.suite;

import java.util.List;

/**
 * What an engine did on a workload.
 *
 * @param heapBytes heap bytes that a call allocates on its thread, −1 if unknown
 * @param note version, or why there is no result
 */
record Result(
    Workload workload,
    String engine,
    List<Contender.Figures> rounds,
    Contender.Figures all,
    long heapBytes,
    String note) {
  static final Contender.Figures NOTHING =
      new Contender.Figures(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  static Result missing(Workload w, String engine, String why) {
    return new Result(w, engine, List.of(), NOTHING, -1, why);
  }

  boolean measured() {
    return all.count() > 0;
  }
}
