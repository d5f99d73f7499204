package dev.harpia.models.hub;

import dev.harpia.models.run.JsonFile;
import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The files of a checkpoint: one, or several that an index names. */
final class HubFiles {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private HubFiles() {}

  /** The files, and for each the tensors that the index says it has (empty without an index). */
  static Map<Path, Set<String>> of(Path directory) throws IOException {
    Path index = directory.resolve(INDEX);
    Map<Path, Set<String>> files = new LinkedHashMap<>();
    if (!Files.exists(index)) {
      Path single = directory.resolve(SINGLE);
      if (!Files.exists(single)) {
        throw new NoSuchFileException(
            directory.toString(), null, "neither " + SINGLE + " nor " + INDEX + " in it");
      }
      files.put(single, Set.of());
      return files;
    }
    if (!(JsonFile.read(index).get("weight_map") instanceof Map<?, ?> map) || map.isEmpty()) {
      throw new FormatException(index, 0, "expected an object weight_map with names of tensors");
    }
    for (Map.Entry<?, ?> e : map.entrySet()) {
      String name = String.valueOf(e.getValue());
      if (!(e.getValue() instanceof String) || !name.matches("[\\w.-]+\\.safetensors")) {
        throw new FormatException(
            index, 0, "weight_map." + e.getKey() + ": expected a safetensors file, found " + name);
      }
      files
          .computeIfAbsent(directory.resolve(name), p -> new LinkedHashSet<>())
          .add(String.valueOf(e.getKey()));
    }
    List<String> missing =
        files.keySet().stream()
            .filter(p -> !Files.exists(p))
            .map(p -> String.valueOf(p.getFileName()))
            .toList();
    if (!missing.isEmpty()) {
      throw new NoSuchFileException(
          directory.toString(), null, "files that the index names are missing: " + missing);
    }
    return files;
  }
}
