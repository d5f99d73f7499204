package dev.harpia.nn.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How the epochs of a run went. */
public final class History {
  private final List<EpochResult> epochs = new ArrayList<>();

  History() {}

  void add(EpochResult result) {
    epochs.add(result);
  }

  /** All epochs in order. */
  public List<EpochResult> epochs() {
    return Collections.unmodifiableList(epochs);
  }

  /** The last epoch. */
  public EpochResult last() {
    if (epochs.isEmpty()) {
      throw new IllegalStateException("history: no epoch was done");
    }
    return epochs.getLast();
  }

  /** The first of the epochs in which a figure was best; see {@link EpochResult#figure}. */
  public EpochResult best(String figure, boolean higherIsBetter) {
    EpochResult best = last();
    for (int i = epochs.size() - 2; i >= 0; i--) {
      double mine = epochs.get(i).figure(figure);
      double top = best.figure(figure);
      if (Double.isNaN(top) || (higherIsBetter ? mine >= top : mine <= top)) {
        best = epochs.get(i);
      }
    }
    return best;
  }

  /** The epoch with the smallest loss. */
  public EpochResult best() {
    return best("loss", false);
  }
}
