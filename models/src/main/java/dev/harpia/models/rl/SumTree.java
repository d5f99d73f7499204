package dev.harpia.models.rl;

/**
 * Weights w₀ … wₙ₋₁ ≥ 0 from which an index is drawn in proportion, in O(log n): a binary tree
 * whose inner nodes hold the sums of what is below them.
 */
final class SumTree {
  private final int size;
  private final int leaves; // a power of two: leaf i is node leaves + i, the root is node 1
  private final double[] nodes;

  SumTree(int size) {
    this.size = size;
    leaves = size == 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
    nodes = new double[2 * leaves];
  }

  double get(int i) {
    return nodes[leaves + i];
  }

  double total() {
    return nodes[1];
  }

  void set(int i, double weight) {
    if (i < 0 || i >= size) {
      throw new IndexOutOfBoundsException("sum tree: index " + i + " of " + size);
    }
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException(
          "sum tree: weight " + weight + ": must be a number of at least 0");
    }
    int node = leaves + i;
    nodes[node] = weight;
    // added up anew, never corrected by a difference: rounding does not build up
    for (node >>= 1; node >= 1; node >>= 1) {
      nodes[node] = nodes[2 * node] + nodes[2 * node + 1];
    }
  }

  /** The index i with w₀ + … + wᵢ₋₁ ≤ mass &lt; w₀ + … + wᵢ, for 0 ≤ mass &lt; total. */
  int find(double mass) {
    int node = 1;
    double rest = mass;
    while (node < leaves) {
      node *= 2;
      // rounding may leave a little too much: never into an empty branch
      if (rest >= nodes[node] && nodes[node + 1] > 0) {
        rest -= nodes[node];
        node++;
      }
    }
    return node - leaves;
  }
}
