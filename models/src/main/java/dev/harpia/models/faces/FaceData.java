package dev.harpia.models.faces;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Faces and other pictures, to learn from and to be judged by. The training faces are biased: their
 * groups are not equally frequent.
 *
 * @param name where they come from
 * @param groups the names of the groups of faces
 * @param common the commonest group of the training faces
 * @param rare the rarest
 * @param faces to learn from
 * @param others non-faces to learn from
 * @param testFaces to be judged by, of all groups
 * @param testOthers non-faces to be judged by
 */
public record FaceData(
    String name,
    List<String> groups,
    int common,
    int rare,
    FaceSet faces,
    FaceSet others,
    FaceSet testFaces,
    FaceSet testOthers) {
  private static final int LEAST = 32; // a batch takes half of it from each class

  /** Groups by their frequency in the training faces. */
  static FaceData of(
      String name,
      List<String> groups,
      FaceSet faces,
      FaceSet others,
      FaceSet testFaces,
      FaceSet testOthers)
      throws IOException {
    require(name, "faces", faces, testFaces);
    require(name, "non-faces", others, testOthers);
    int common = 0;
    int rare = 0;
    for (int g = 1; g < groups.size(); g++) {
      common = faces.size(g) > faces.size(common) ? g : common;
      rare = faces.size(g) < faces.size(rare) ? g : rare;
    }
    return new FaceData(name, groups, common, rare, faces, others, testFaces, testOthers);
  }

  /** The numbers of pictures, in a sentence. */
  String describe() {
    StringJoiner sizes = new StringJoiner("; ");
    for (int g = 0; g < groups.size(); g++) {
      sizes.add(faces.size(g) + " " + groups.get(g));
    }
    return String.format(
        Locale.ROOT,
        "%s: %,d faces (%s) and %,d others to learn from, %,d and %,d to be judged by",
        name,
        faces.count(),
        sizes,
        others.count(),
        testFaces.count(),
        testOthers.count());
  }

  private static void require(String name, String what, FaceSet train, FaceSet test)
      throws IOException {
    if (train.count() < LEAST || test.count() < 1) {
      throw new IOException(
          "%s: %d %s to learn from and %d to be judged by: there must be both classes, with at"
                  .formatted(name, train.count(), what, test.count())
              + " least %d and 1 pictures".formatted(LEAST));
    }
  }
}
