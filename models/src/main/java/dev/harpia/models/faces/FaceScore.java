package dev.harpia.models.faces;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well a classifier tells faces from other pictures, by group of the faces.
 *
 * @param accuracy the share of each group's faces that are found
 * @param probability the mean probability of a face that each group's faces get
 * @param others the share of non-faces that are taken for none
 * @param overall the share of all test pictures that are judged rightly
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; two scores are never compared
record FaceScore(double[] accuracy, double[] probability, double others, double overall) {
  private static final int BATCH = 64;

  static FaceScore of(Layer classifier, FaceData data) {
    float[] faces = probabilities(classifier, data.testFaces());
    float[] rest = probabilities(classifier, data.testOthers());
    int groups = data.groups().size();
    double[] hits = new double[groups];
    double[] sums = new double[groups];
    double[] counts = new double[groups];
    double right = 0;
    for (int i = 0; i < faces.length; i++) {
      int hit = faces[i] > 0.5f ? 1 : 0;
      right += hit;
      int g = data.testFaces().groups()[i];
      if (g != FaceSet.NONE) {
        hits[g] += hit;
        sums[g] += faces[i];
        counts[g]++;
      }
    }
    double refused = 0;
    for (float p : rest) {
      refused += p > 0.5f ? 0 : 1;
    }
    for (int g = 0; g < groups; g++) {
      hits[g] /= counts[g];
      sums[g] /= counts[g];
    }
    return new FaceScore(
        hits, sums, refused / rest.length, (right + refused) / (faces.length + rest.length));
  }

  /** The probability of a face that each picture gets. */
  static float[] probabilities(Layer classifier, FaceSet set) {
    boolean training = classifier.training();
    classifier.eval();
    float[] all = new float[set.count()];
    for (int from = 0; from < all.length; from += BATCH) {
      int[] part = IntStream.range(from, Math.min(all.length, from + BATCH)).toArray();
      try (var _ = Scope.inference()) {
        float[] p = classifier.forward(set.pictures(part)).sigmoid().toArray();
        System.arraycopy(p, 0, all, from, p.length);
      }
    }
    classifier.train(training);
    return all;
  }

  /** How much better the common group is treated than the rare one. */
  double gap(FaceData data) {
    return accuracy[data.common()] - accuracy[data.rare()];
  }

  /** The mean of scores. */
  static FaceScore mean(List<FaceScore> scores) {
    int groups = scores.getFirst().accuracy.length;
    double[] accuracy = new double[groups];
    double[] probability = new double[groups];
    for (int g = 0; g < groups; g++) {
      int group = g;
      accuracy[g] = scores.stream().mapToDouble(s -> s.accuracy[group]).average().orElse(0);
      probability[g] = scores.stream().mapToDouble(s -> s.probability[group]).average().orElse(0);
    }
    return new FaceScore(
        accuracy,
        probability,
        scores.stream().mapToDouble(FaceScore::others).average().orElse(0),
        scores.stream().mapToDouble(FaceScore::overall).average().orElse(0));
  }

  @Override
  public String toString() {
    return Arrays.toString(accuracy) + ", others " + others + ", overall " + overall;
  }
}
