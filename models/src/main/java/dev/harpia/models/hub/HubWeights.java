package dev.harpia.models.hub;

import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The weights of a published checkpoint, all of whose names and shapes fit. */
final class HubWeights {
  /**
   * Where a tensor goes.
   *
   * @param shape as it is published
   * @param name in our model
   * @param row of ours at which it begins
   * @param transposed whether ours is its transpose
   */
  record Place(Shape shape, String name, int row, boolean transposed) {
    /** To the whole of one of ours. */
    static Place whole(String name, int... dims) {
      return new Place(Shape.of(dims), name, 0, false);
    }

    /** To the rows of ours from one on. */
    Place at(int from) {
      return new Place(shape, name, from, transposed);
    }
  }

  /** The tensors of a family of models by the names of the {@code transformers} library. */
  interface Names {
    /** All that there must be, by names without the prefix of the inner model. */
    Map<String, Place> places();

    /** A file's name without the prefix that it has where a head was saved with the model. */
    String stripped(String name);

    /** A name without prefix as most files have it. */
    String full(String stripped);

    /** Whether a tensor that has no place may be passed over. */
    boolean isSpare(String stripped);
  }

  private final Names names;
  private final Set<Path> files;

  private HubWeights(Names names, Set<Path> files) {
    this.names = names;
    this.files = files;
  }

  /** Compares all names and shapes before anything is read. */
  static HubWeights of(Path directory, Names names) throws IOException {
    Map<Path, Set<String>> files = HubFiles.of(directory);
    Map<String, Place> places = names.places();
    List<String> faults = new ArrayList<>();
    Map<String, Path> found = new LinkedHashMap<>();
    for (Map.Entry<Path, Set<String>> e : files.entrySet()) {
      Path file = e.getKey();
      Map<String, SafeTensors.Kind> kinds = SafeTensors.kinds(file);
      for (String name : e.getValue()) {
        if (!kinds.containsKey(name)) {
          faults.add(name + ": the index says it is in " + file.getFileName() + ", it is not");
        }
      }
      kinds.forEach(
          (name, kind) -> {
            String own = names.stripped(name);
            Place place = places.get(own);
            if (place == null) {
              if (!names.isSpare(own)) {
                faults.add("unknown: " + name + " " + kind.shape());
              }
              return;
            }
            if (found.putIfAbsent(own, file) != null) {
              faults.add(name + ": is there twice");
            }
            if (!kind.shape().equals(place.shape()) || kind.type() != DType.F32) {
              faults.add(
                  "%s: the file has %s %s, config.json makes it %s %s"
                      .formatted(name, kind.type(), kind.shape(), DType.F32, place.shape()));
            }
          });
    }
    places.forEach(
        (name, place) -> {
          if (!found.containsKey(name)) {
            faults.add("missing: " + names.full(name) + " " + place.shape());
          }
        });
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          directory + ": weights do not fit config.json:\n  " + String.join("\n  ", faults));
    }
    return new HubWeights(names, files.keySet());
  }

  /** Copies everything to a model's tensors. */
  void into(Map<String, Tensor> targets) throws IOException {
    Map<String, Place> places = names.places();
    for (Path file : files) {
      SafeTensors.each(
          file,
          (name, t) -> {
            Place place = places.get(names.stripped(name));
            if (place != null) {
              copy(t, place, Objects.requireNonNull(targets.get(place.name()), place.name()));
            }
          });
    }
  }

  private static void copy(Tensor from, Place place, Tensor to) {
    Tensor t = place.transposed() ? from.transpose(0, 1) : from;
    int rows = Math.min(t.dim(0), to.dim(0) - place.row()); // fewer positions may be wanted
    Tensor part = to.slice(0, place.row(), place.row() + rows);
    part.copyFrom(t.dim(0) == rows ? t : t.slice(0, 0, rows));
    to.changed();
  }

  /** All tensors, with their shapes, by the names that most files have. */
  static Map<String, Shape> published(Names names) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    names.places().forEach((name, place) -> shapes.put(names.full(name), place.shape()));
    return shapes;
  }
}
