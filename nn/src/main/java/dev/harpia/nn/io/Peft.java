package dev.harpia.nn.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.harpia.nn.Layer;
import dev.harpia.nn.LoRA;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Adapters of {@link LoRA} as the PEFT library keeps them: a folder with {@code
 * adapter_model.safetensors}, the matrices A and B alone, and {@code adapter_config.json}, their
 * form.
 */
public final class Peft {
  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String CONFIG = "adapter_config.json";
  private static final long LARGEST = 1 << 20; // bytes of a configuration
  private static final JsonFactory JSON = new JsonFactory();

  private Peft() {}

  /** Saves the adapters in a folder, which is made if need be. */
  public static void save(LoRA lora, Path folder) throws IOException {
    Files.createDirectories(folder);
    SafeTensors.save(lora.state(), Map.of("format", "pt"), folder.resolve(WEIGHTS));
    byte[] config = config(lora.config());
    AtomicFile.write(
        folder.resolve(CONFIG),
        out -> {
          ByteBuffer bytes = ByteBuffer.wrap(config);
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        });
  }

  private static byte[] config(LoRA.Config c) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeStringField("peft_type", "LORA");
      json.writeStringField("task_type", "CAUSAL_LM");
      json.writeNumberField("r", c.rank());
      json.writeNumberField("lora_alpha", c.alpha());
      json.writeNumberField("lora_dropout", 0);
      json.writeStringField("bias", "none");
      json.writeBooleanField("fan_in_fan_out", false);
      json.writeArrayFieldStart("target_modules");
      for (String target : c.targets()) {
        json.writeString(target);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /**
   * Loads adapters and attaches them to a model. If they do not fit, which includes all that were
   * made for another model, an {@link IllegalArgumentException} lists every difference, and the
   * model stays as it was.
   */
  public static LoRA load(Path folder, Layer model) throws IOException {
    LoRA.Config config = read(folder.resolve(CONFIG));
    Path weights = folder.resolve(WEIGHTS);
    LoRA lora;
    try {
      lora = LoRA.of(model, config);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          folder + ": adapters for another model: " + e.getMessage(), e);
    }
    SafeTensors.copy(
        weights, SafeTensors.load(weights), "the adapters of this " + model.kind(), lora.state());
    lora.attach();
    return lora;
  }

  /** Reads a configuration. */
  private static LoRA.Config read(Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new FormatException(file, LARGEST, "expected a configuration, not as much as this");
    }
    String text = Files.readString(file, StandardCharsets.UTF_8);
    int rank = 0;
    float alpha = 0;
    Set<String> targets = new LinkedHashSet<>();
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new FormatException(file, 0, "expected a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
          case "r" -> rank = number(file, json, name).intValue();
          case "lora_alpha" -> alpha = number(file, json, name).floatValue();
          case "target_modules" -> targets.addAll(texts(file, json));
          case "peft_type" -> require(file, json, name, "LORA".equals(json.getValueAsString()));
          case "fan_in_fan_out", "use_dora", "use_rslora", "modules_to_save" ->
              require(
                  file,
                  json,
                  name,
                  value == JsonToken.VALUE_FALSE || value == JsonToken.VALUE_NULL);
          default -> json.skipChildren();
        }
      }
    } catch (JsonParseException e) {
      throw new FormatException(
          file, e.getLocation().getCharOffset(), "expected JSON: " + e.getOriginalMessage(), e);
    }
    try {
      return new LoRA.Config(rank, alpha, targets);
    } catch (IllegalArgumentException e) {
      throw new FormatException(
          file, 0, "expected r, lora_alpha and target_modules: " + e.getMessage(), e);
    }
  }

  private static Number number(Path file, JsonParser json, String name) throws IOException {
    if (!json.currentToken().isNumeric()) {
      throw unexpected(file, json, name + " to be a number");
    }
    return json.getNumberValue();
  }

  private static Set<String> texts(Path file, JsonParser json) throws IOException {
    Set<String> texts = new LinkedHashSet<>();
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw unexpected(file, json, "target_modules to be a list of names");
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw unexpected(file, json, "target_modules to be a list of names");
      }
      texts.add(json.getText());
    }
    return texts;
  }

  private static void require(Path file, JsonParser json, String name, boolean fits)
      throws IOException {
    if (!fits) {
      throw unexpected(file, json, "plain LoRA; this " + name + " is not supported");
    }
    json.skipChildren();
  }

  private static FormatException unexpected(Path file, JsonParser json, String what) {
    return new FormatException(
        file, json.currentTokenLocation().getCharOffset(), "expected " + what);
  }
}
