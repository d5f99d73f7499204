package dev.harpia.models.hub;

import dev.harpia.models.run.JsonFile;
import dev.harpia.models.transformer.ChatTemplate;
import dev.harpia.nn.data.TextVocabulary;
import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Recognises the form of conversations in a directory's {@code chat_template}, a script in {@code
 * tokenizer_config.json} or a file of its own, by the special tokens that it writes.
 */
final class ChatScript {
  private static final String CONFIG = "tokenizer_config.json";
  private static final String SCRIPT = "chat_template.jinja";

  private ChatScript() {}

  static TextModel.Chat read(Path directory) throws IOException {
    Path file = directory.resolve(CONFIG);
    Path own = directory.resolve(SCRIPT);
    Map<String, Object> config = Files.exists(file) ? JsonFile.read(file) : Map.of();
    String script = Files.exists(own) ? TextVocabulary.read(own) : script(file, config);
    if (script.isEmpty()) {
      throw new NoSuchFileException(
          directory.toString(),
          null,
          "no chat_template in a %s, no %s: it may have learnt no conversations; a form can be chosen"
              .formatted(CONFIG, SCRIPT));
    }
    ChatTemplate template = form(Files.exists(own) ? own : file, script);
    boolean begins = template == ChatTemplate.CHATML && script.contains("bos_token");
    return new TextModel.Chat(template, begins ? begin(file, config) : "");
  }

  private static String script(Path file, Map<String, Object> config) throws IOException {
    Object value = config.getOrDefault("chat_template", "");
    if (value instanceof List<?> several) { // by name
      value =
          several.stream()
              .flatMap(e -> e instanceof Map<?, ?> m ? Stream.of(m) : Stream.empty())
              .filter(m -> "default".equals(m.get("name")))
              .map(m -> String.valueOf(m.get("template")))
              .findFirst()
              .orElse("");
    }
    if (!(value instanceof String script)) {
      throw new FormatException(file, 0, "chat_template: expected a text, found " + value);
    }
    return script;
  }

  private static ChatTemplate form(Path file, String script) throws IOException {
    List<ChatTemplate> found =
        Stream.of(ChatTemplate.values())
            .filter(t -> marks(t).stream().allMatch(script::contains))
            .toList();
    if (found.size() != 1) {
      throw new FormatException(
          file,
          0,
          "chat_template: expected the form of ChatML, Llama 2 or Llama 3, found %s; scripts are not run"
              .formatted(found.isEmpty() ? "another" : found));
    }
    return found.getFirst();
  }

  private static List<String> marks(ChatTemplate form) {
    return switch (form) {
      case CHATML -> List.of("<|im_start|>", "<|im_end|>");
      case LLAMA2 -> List.of("[INST]", "[/INST]", "<<SYS>>");
      case LLAMA3 -> List.of("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>");
    };
  }

  private static String begin(Path file, Map<String, Object> config) throws IOException {
    Object token = config.getOrDefault("bos_token", "");
    Object text = token instanceof Map<?, ?> m ? m.get("content") : token;
    if (text instanceof String s) {
      return s;
    }
    throw new FormatException(file, 0, "bos_token: expected a text, found " + token);
  }
}
