package dev.harpia.models.hub;

import dev.harpia.models.bert.BertConfig;
import dev.harpia.models.run.JsonFile;
import dev.harpia.models.transformer.GptConfig;
import dev.harpia.models.transformer.GptConfig.Style;
import dev.harpia.models.transformer.Rope;
import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads a {@code config.json} of the families {@code gpt2}, {@code llama} and {@code bert}. What
 * our model would compute otherwise than theirs is refused, everything at once.
 */
final class HubConfig {
  private final Map<String, Object> all;
  private final List<String> faults = new ArrayList<>();

  private HubConfig(Map<String, Object> all) {
    this.all = all;
  }

  static GptConfig gpt(Path file) throws IOException {
    HubConfig c = new HubConfig(JsonFile.read(file));
    return switch (c.type("gpt2", "llama")) {
      case "gpt2" -> c.make(file, c::gpt2);
      default -> c.make(file, c::llama);
    };
  }

  static BertConfig bert(Path file) throws IOException {
    HubConfig c = new HubConfig(JsonFile.read(file));
    c.type("bert");
    return c.make(file, c::bert);
  }

  /** How many classes a classifier of the BERT family tells apart. */
  static int classes(Path file) throws IOException {
    HubConfig c = new HubConfig(JsonFile.read(file));
    int named = c.map("id2label").size();
    return c.make(file, () -> c.number("num_labels", named > 0 ? named : 2));
  }

  private String type(String... wanted) {
    String found = text(all, "model_type", "none");
    if (!List.of(wanted).contains(found)) {
      faults.add("model_type: expected " + String.join(" or ", wanted) + ", found " + found);
    }
    return found;
  }

  /** What the fields make, unless one is at fault. */
  private <C> C make(Path file, Supplier<C> maker) throws FormatException {
    Optional<C> made = Optional.empty();
    try {
      made = Optional.of(maker.get());
    } catch (IllegalArgumentException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
    if (!faults.isEmpty() || made.isEmpty()) {
      throw new FormatException(
          file, 0, "a model that is not supported:\n  " + String.join("\n  ", faults));
    }
    return made.get();
  }

  private GptConfig gpt2() {
    int width = number("n_embd", 768);
    int heads = number("n_head", 12);
    expect("activation_function", "gelu_new", Set.of("gelu_new", "gelu_pytorch_tanh"));
    expect("scale_attn_weights", true);
    expect("scale_attn_by_inverse_layer_idx", false);
    expect("add_cross_attention", false);
    return new GptConfig(
        number("vocab_size", 50257),
        number("n_positions", 1024),
        number("n_layer", 12),
        heads,
        heads,
        width,
        number("n_inner", 4 * width),
        Style.GPT2,
        true,
        0,
        (float) real(all, "layer_norm_epsilon", 1e-5),
        flag("tie_word_embeddings", true),
        Rope.PLAIN);
  }

  private GptConfig llama() {
    int width = number("hidden_size", 4096);
    int heads = number("num_attention_heads", 32);
    int size = width / heads;
    if (number("head_dim", size) != size) {
      faults.add("head_dim: expected hidden_size/num_attention_heads = " + size);
    }
    expect("hidden_act", "silu", Set.of("silu"));
    expect("attention_bias", false);
    expect("mlp_bias", false);
    return new GptConfig(
        number("vocab_size", 32000),
        number("max_position_embeddings", 2048),
        number("num_hidden_layers", 32),
        heads,
        number("num_key_value_heads", heads),
        width,
        number("intermediate_size", 11008),
        Style.LLAMA,
        false,
        0,
        (float) real(all, "rms_norm_eps", 1e-6),
        flag("tie_word_embeddings", false),
        rope());
  }

  private BertConfig bert() {
    int width = number("hidden_size", 768);
    expect("hidden_act", "gelu", Set.of("gelu"));
    expect("position_embedding_type", "absolute", Set.of("absolute"));
    expect("is_decoder", false);
    expect("add_cross_attention", false);
    expect("tie_word_embeddings", true);
    double epsilon = real(all, "layer_norm_eps", 1e-12);
    if (epsilon != 1e-12) {
      faults.add("layer_norm_eps: expected 1.0E-12, found " + epsilon);
    }
    return new BertConfig(
        number("vocab_size", 30522),
        number("max_position_embeddings", 512),
        number("num_hidden_layers", 12),
        number("num_attention_heads", 12),
        width,
        number("intermediate_size", 3072),
        number("type_vocab_size", 2),
        0);
  }

  /** The older files say {@code rope_theta} and {@code rope_scaling}, newer ones one object. */
  private Rope rope() {
    Map<?, ?> scaling = map("rope_scaling");
    Map<?, ?> parameters = map("rope_parameters");
    Map<?, ?> s = parameters.isEmpty() ? scaling : parameters;
    double base = real(all, "rope_theta", real(parameters, "rope_theta", 10000));
    String type = text(s, "rope_type", text(s, "type", "default"));
    try {
      Rope.Scaling how =
          switch (type) {
            case "default" -> new Rope.None();
            case "linear" -> new Rope.Stretch(real(s, "factor", 0));
            case "llama3" ->
                new Rope.Llama3(
                    real(s, "factor", 0),
                    real(s, "low_freq_factor", 0),
                    real(s, "high_freq_factor", 0),
                    (int) real(s, "original_max_position_embeddings", 0));
            default -> {
              faults.add("rope_scaling: expected default, linear or llama3, found " + type);
              yield new Rope.None();
            }
          };
      return new Rope(base, how);
    } catch (IllegalArgumentException e) {
      faults.add(String.valueOf(e.getMessage()));
      return Rope.PLAIN;
    }
  }

  // ---- fields

  private int number(String key, int otherwise) {
    Object value = all.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Long n && n >= 1 && n <= 1 << 30) {
      return n.intValue();
    }
    faults.add(key + ": expected a whole number from 1 to 2^30, found " + value);
    return 1;
  }

  private double real(Map<?, ?> from, String key, double otherwise) {
    Object value = from.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number n) {
      return n.doubleValue();
    }
    faults.add(key + ": expected a number, found " + value);
    return otherwise;
  }

  private boolean flag(String key, boolean otherwise) {
    Object value = all.get(key);
    if (value != null && !(value instanceof Boolean)) {
      faults.add(key + ": expected true or false, found " + value);
    }
    return value instanceof Boolean b ? b : otherwise;
  }

  private String text(Map<?, ?> from, String key, String otherwise) {
    Object value = from.get(key);
    return value instanceof String s ? s : otherwise;
  }

  private Map<?, ?> map(String key) {
    Object value = all.get(key);
    if (value != null && !(value instanceof Map)) {
      faults.add(key + ": expected an object, found " + value);
    }
    return value instanceof Map<?, ?> m ? m : Map.of();
  }

  private void expect(String key, boolean wanted) {
    if (flag(key, wanted) != wanted) {
      faults.add(key + ": expected " + wanted + ", found " + !wanted);
    }
  }

  private void expect(String key, String otherwise, Set<String> wanted) {
    String found = text(all, key, otherwise);
    if (!wanted.contains(found)) {
      faults.add(
          key
              + ": expected "
              + String.join(" or ", wanted.stream().sorted().toList())
              + ", found "
              + found);
    }
  }
}
