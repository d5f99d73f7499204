package dev.harpia.models.transformer;

import dev.harpia.models.transformer.GptConfig.Style;
import dev.harpia.nn.Init;
import dev.harpia.nn.io.FormatException;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A character model in a file that says all that is needed to use it: weights, sizes, characters.
 * {@code lab gpt} saves its model and its checkpoints so.
 */
public record GptFile(Gpt model, CharTokenizer tokenizer) {
  private static final String KIND = "harpia.model";
  private static final String GPT = "gpt-1";

  /** What a checkpoint's names have before those of the model. */
  static final String INNER = "model.";

  /** Saves a model, with rotary positions only if they are plain, as safetensors. */
  public static void save(Gpt model, CharTokenizer tokenizer, Path file) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>(Map.of("format", "pt"));
    texts.putAll(describe(model.config(), tokenizer));
    SafeTensors.save(model.state(), texts, file);
  }

  /** The texts from which a model can be made again. */
  static Map<String, String> describe(GptConfig c, CharTokenizer tokenizer) {
    if (!c.rope().equals(Rope.PLAIN) || tokenizer.size() != c.vocabulary()) {
      throw new IllegalArgumentException(
          "gpt: a file has plain rotary positions and a character for each of the %d tokens"
              .formatted(c.vocabulary()));
    }
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(KIND, GPT);
    texts.put("gpt.characters", tokenizer.characters());
    texts.put("gpt.context", Integer.toString(c.context()));
    texts.put("gpt.layers", Integer.toString(c.layers()));
    texts.put("gpt.heads", Integer.toString(c.heads()));
    texts.put("gpt.kv_heads", Integer.toString(c.kvHeads()));
    texts.put("gpt.width", Integer.toString(c.width()));
    texts.put("gpt.hidden", Integer.toString(c.hidden()));
    texts.put("gpt.style", c.style().name());
    texts.put("gpt.bias", Boolean.toString(c.bias()));
    texts.put("gpt.epsilon", Float.toString(c.epsilon()));
    texts.put("gpt.tied", Boolean.toString(c.tied()));
    return texts;
  }

  /** Whether a file of safetensors says that it holds such a model. */
  public static boolean isOne(Path file) throws IOException {
    return SafeTensors.metadata(file).getOrDefault(KIND, "").equals(GPT);
  }

  /** Loads a model that {@link #save} or a training left, for evaluation. */
  public static GptFile load(Path file) throws IOException {
    Map<String, String> texts = SafeTensors.metadata(file);
    if (!texts.getOrDefault(KIND, "").equals(GPT)) {
      throw new IllegalArgumentException(
          file
              + ": does not say what model it is: expected a file of lab gpt (of this version), or"
              + " a directory with config.json, as Hugging Face has them");
    }
    String inner = texts.containsKey("optimizer.steps") ? INNER : "";
    CharTokenizer tokenizer;
    GptConfig config;
    try {
      tokenizer = CharTokenizer.of(texts.getOrDefault("gpt.characters", ""));
      config = config(texts, tokenizer.size());
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, 8, "expected a model's sizes: " + e.getMessage(), e);
    }
    check(file, config, inner);
    Gpt model = Init.blank(() -> new Gpt(config));
    Map<String, Tensor> weights = new LinkedHashMap<>();
    SafeTensors.load(file)
        .forEach(
            (name, t) -> {
              if (name.startsWith(inner)) { // the rest is the optimizer's
                weights.put(name.substring(inner.length()), t);
              }
            });
    SafeTensors.copy(file, weights, "the model that it describes", model.state());
    model.eval();
    return new GptFile(model, tokenizer);
  }

  /** Compares what decides the sizes, before memory is taken for them. */
  private static void check(Path file, GptConfig c, String inner) throws IOException {
    Map<String, Shape> wanted = new LinkedHashMap<>();
    wanted.put("wte.weight", Shape.of(c.vocabulary(), c.width()));
    if (c.style() == Style.GPT2) {
      wanted.put("wpe.weight", Shape.of(c.context(), c.width()));
    }
    if (c.layers() > 0) {
      wanted.put("h.%d.mlp.fc.weight".formatted(c.layers() - 1), Shape.of(c.hidden(), c.width()));
    }
    Map<String, SafeTensors.Kind> kinds = SafeTensors.kinds(file);
    List<String> faults = new ArrayList<>();
    wanted.forEach(
        (name, shape) -> {
          SafeTensors.Kind kind = kinds.get(inner + name);
          if (kind == null || !kind.shape().equals(shape)) {
            faults.add(
                "%s: the file has %s, its sizes make it %s"
                    .formatted(inner + name, kind == null ? "none" : kind.shape(), shape));
          }
        });
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          file + ": weights do not fit:\n  " + String.join("\n  ", faults));
    }
  }

  private static GptConfig config(Map<String, String> texts, int vocabulary) {
    return new GptConfig(
        vocabulary,
        number(texts, "gpt.context"),
        number(texts, "gpt.layers"),
        number(texts, "gpt.heads"),
        number(texts, "gpt.kv_heads"),
        number(texts, "gpt.width"),
        number(texts, "gpt.hidden"),
        Style.valueOf(texts.getOrDefault("gpt.style", "")),
        Boolean.parseBoolean(texts.get("gpt.bias")),
        0,
        Float.parseFloat(texts.getOrDefault("gpt.epsilon", "")),
        Boolean.parseBoolean(texts.get("gpt.tied")),
        Rope.PLAIN);
  }

  private static int number(Map<String, String> texts, String key) {
    int n = Integer.parseInt(texts.getOrDefault(key, ""));
    if (n < 0 || n > 1 << 24) {
      throw new IllegalArgumentException(key + " " + n + " is out of range");
    }
    return n;
  }
}
