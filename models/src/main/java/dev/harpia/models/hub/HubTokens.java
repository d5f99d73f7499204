package dev.harpia.models.hub;

import dev.harpia.models.run.JsonFile;
import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tokens begin and end texts, as a published directory's files say. */
final class HubTokens {
  private HubTokens() {}

  /**
   * What the post-processor of a {@code tokenizer.json} puts before a text. What it puts behind
   * one, as for BERT, is not for a text that goes on.
   */
  static int[] begin(Path file, Map<String, Object> tokenizer) throws IOException {
    Object processor = tokenizer.get("post_processor");
    List<?> all = processor == null ? List.of() : List.of(processor);
    if (processor instanceof Map<?, ?> m && m.get("processors") instanceof List<?> several) {
      all = several;
    }
    List<Integer> ids = new ArrayList<>();
    for (Object one : all) {
      if (one instanceof Map<?, ?> m && "TemplateProcessing".equals(m.get("type"))) {
        template(file, m, ids);
      }
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void template(Path file, Map<?, ?> processor, List<Integer> ids)
      throws IOException {
    if (!(processor.get("single") instanceof List<?> pieces)) {
      throw new FormatException(file, 0, "expected a list as post_processor.single");
    }
    for (Object piece : pieces) {
      if (!(piece instanceof Map<?, ?> p) || !(p.get("SpecialToken") instanceof Map<?, ?> token)) {
        return; // the text itself
      }
      boolean known =
          processor.get("special_tokens") instanceof Map<?, ?> special
              && special.get(token.get("id")) instanceof Map<?, ?> entry
              && entry.get("ids") instanceof List<?> list
              && ids.addAll(numbers(file, "post_processor.special_tokens.ids", list));
      if (!known) {
        throw new FormatException(
            file, 0, "post_processor.special_tokens: expected ids of " + token.get("id"));
      }
    }
  }

  /** {@code eos_token_id} of {@code generation_config.json}, else of {@code config.json}. */
  static Set<Integer> ends(Path directory) throws IOException {
    for (String name : List.of("generation_config.json", "config.json")) {
      Path file = directory.resolve(name);
      Object ids = Files.exists(file) ? JsonFile.read(file).get("eos_token_id") : null;
      if (ids != null) {
        return new LinkedHashSet<>(
            numbers(file, "eos_token_id", ids instanceof List<?> l ? l : List.of(ids)));
      }
    }
    return Set.of();
  }

  private static List<Integer> numbers(Path file, String what, List<?> from) throws IOException {
    List<Integer> ids = new ArrayList<>();
    for (@Nullable Object value : from) {
      if (!(value instanceof Long id) || id < 0 || id > Integer.MAX_VALUE) {
        throw new FormatException(
            file, 0, what + ": expected a token's number, or a list of them, found " + value);
      }
      ids.add(id.intValue());
    }
    return ids;
  }
}
