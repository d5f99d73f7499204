package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;

/**
 * A figure of each class, averaged over the classes that occur, in the truth or in what was said.
 */
final class MacroScore implements Metric {
  private final String name;
  private final OfClass figure;
  private final ConfusionMatrix matrix;

  /** A class's figure. */
  interface OfClass {
    double of(ConfusionMatrix matrix, int c);
  }

  MacroScore(String name, int classes, OfClass figure) {
    this.name = name;
    this.figure = figure;
    matrix = new ConfusionMatrix(classes);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Metric fresh() {
    return new MacroScore(name, matrix.classes(), figure);
  }

  @Override
  public void add(Tensor output, Tensor target) {
    matrix.add(output, target);
  }

  @Override
  public void merge(Metric other) {
    if (!(other instanceof MacroScore m) || !m.name.equals(name)) {
      throw new IllegalArgumentException(
          "merge: " + name + " with " + other.name() + ": the metrics must be of the same kind");
    }
    matrix.merge(m.matrix);
  }

  @Override
  public double value() {
    double sum = 0;
    int occurring = 0;
    for (int c = 0; c < matrix.classes(); c++) {
      if (occurs(c)) {
        occurring++;
        sum += figure.of(matrix, c);
      }
    }
    return sum / occurring;
  }

  private boolean occurs(int c) {
    for (int i = 0; i < matrix.classes(); i++) {
      if (matrix.count(c, i) > 0 || matrix.count(i, c) > 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double[] state() {
    return matrix.state();
  }

  @Override
  public void restore(double[] state) {
    matrix.restore(state);
  }
}
