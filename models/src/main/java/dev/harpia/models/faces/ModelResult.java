package dev.harpia.models.faces;

import dev.harpia.models.run.JsonLine;
import java.util.ArrayList;
import java.util.List;

/** What all runs of one model amount to. */
record ModelResult(String name, List<FaceScore> runs) {
  ModelResult(String name) {
    this(name, new ArrayList<>());
  }

  FaceScore mean() {
    return FaceScore.mean(runs);
  }

  /** The mean gap between the common and the rare group. */
  double gap(FaceData data) {
    return mean().gap(data);
  }

  JsonLine json(FaceData data) {
    FaceScore mean = mean();
    JsonLine groups = new JsonLine();
    for (int g = 0; g < data.groups().size(); g++) {
      groups.put(data.groups().get(g), mean.accuracy()[g]);
    }
    return new JsonLine()
        .put("overall", mean.overall())
        .put("gap", gap(data))
        .put("groups", groups)
        .put("non_faces", mean.others());
  }
}
