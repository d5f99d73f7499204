package dev.harpia.bench.suite;

/** Harpia's time over a peer's, and the smallest and largest of the rounds: below 1 is faster. */
record Ratio(double median, double least, double most) {
  static Ratio of(Result harpia, Result peer) {
    int rounds = Math.min(harpia.rounds().size(), peer.rounds().size());
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int i = 0; i < rounds; i++) {
      double r = harpia.rounds().get(i).median() / peer.rounds().get(i).median();
      least = Math.min(least, r);
      most = Math.max(most, r);
    }
    return new Ratio(harpia.all().median() / peer.all().median(), least, most);
  }
}
