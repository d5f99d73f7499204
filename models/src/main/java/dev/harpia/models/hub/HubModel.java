package dev.harpia.models.hub;

import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.GptConfig;
import dev.harpia.models.transformer.GptConfig.Style;
import dev.harpia.nn.Init;
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

/**
 * GPT-2 and Llama models from a directory as Hugging Face publishes them: {@code config.json}, and
 * {@code model.safetensors} or the files that {@code model.safetensors.index.json} names. Weights
 * of 16 bits become F32.
 *
 * <pre>{@code
 * Gpt model = HubModel.load(Path.of("gpt2"));
 * Tokenizer tokenizer = BpeTokenizer.load(Path.of("gpt2/tokenizer.json"));
 * String text = new Generator(model)
 *     .complete(tokenizer, "The owl", 50, Sampling.at(0.8f), new Rng(1), t -> true);
 * }</pre>
 */
public final class HubModel {
  private HubModel() {}

  /** The sizes and the form that a directory's {@code config.json} describes. */
  public static GptConfig config(Path directory) throws IOException {
    return HubConfig.read(directory.resolve("config.json"));
  }

  /** The model of a directory, with all positions that it was made for. */
  public static Gpt load(Path directory) throws IOException {
    return load(directory, Integer.MAX_VALUE);
  }

  /**
   * The model of a directory, for at most {@code context} positions: what is kept of each position
   * while text is generated takes memory, and newer models are made for many.
   */
  public static Gpt load(Path directory, int context) throws IOException {
    if (context < 1) {
      throw new IllegalArgumentException("context: " + context + ": must be at least 1");
    }
    GptConfig published = config(directory);
    Map<String, HubNames.Place> places = HubNames.of(published);
    Map<Path, Set<String>> files = HubFiles.of(directory);
    check(directory, published, places, files);
    GptConfig own = published.withContext(Math.min(context, published.context()));
    Gpt model = Init.blank(() -> new Gpt(own));
    Map<String, Tensor> targets = model.state();
    for (Path file : files.keySet()) {
      SafeTensors.each(
          file,
          (name, t) -> {
            HubNames.Place place = places.get(HubNames.stripped(name));
            if (place != null) {
              Tensor to = Objects.requireNonNull(targets.get(place.name()), place.name());
              copy(t, place, to);
            }
          });
    }
    model.eval();
    return model;
  }

  private static void copy(Tensor from, HubNames.Place place, Tensor to) {
    Tensor t = place.transposed() ? from.transpose(0, 1) : from;
    int rows = Math.min(t.dim(0), to.dim(0) - place.row()); // fewer positions may be wanted
    Tensor part = to.slice(0, place.row(), place.row() + rows);
    part.copyFrom(t.dim(0) == rows ? t : t.slice(0, 0, rows));
    to.changed();
  }

  /** Compares all names and shapes before anything is read. */
  private static void check(
      Path directory, GptConfig c, Map<String, HubNames.Place> places, Map<Path, Set<String>> files)
      throws IOException {
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
            String own = HubNames.stripped(name);
            HubNames.Place place = places.get(own);
            if (place == null) {
              if (!HubNames.isSpare(own, c)) {
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
            faults.add("missing: " + prefix(c, name) + name + " " + place.shape());
          }
        });
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          directory + ": weights do not fit config.json:\n  " + String.join("\n  ", faults));
    }
  }

  private static String prefix(GptConfig c, String name) {
    return c.style() == Style.LLAMA && !name.startsWith("lm_head") ? "model." : "";
  }

  /** All tensors of a published checkpoint for a configuration, by name, with their shapes. */
  public static Map<String, Shape> published(GptConfig c) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    HubNames.of(c).forEach((name, place) -> shapes.put(prefix(c, name) + name, place.shape()));
    return shapes;
  }
}
