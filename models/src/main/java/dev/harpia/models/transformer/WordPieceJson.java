package dev.harpia.models.transformer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.harpia.models.run.JsonFile;
import dev.harpia.models.transformer.BertText.Rules;
import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hugging Face's {@code tokenizer.json}, as far as it describes BERT's WordPiece. What a
 * post-processor would put round a text, truncation and padding are passed over; everything else
 * that would change tokens is read or refused.
 */
final class WordPieceJson {
  private final Path file;

  private WordPieceJson(Path file) {
    this.file = file;
  }

  static WordPieceTokenizer.Model read(Path file) throws IOException {
    return new WordPieceJson(file).model(JsonFile.read(file));
  }

  private WordPieceTokenizer.Model model(Map<String, Object> all) throws IOException {
    Map<?, ?> pre = object(all, "pre_tokenizer");
    expect(pre, "pre_tokenizer", "type", "BertPreTokenizer");
    Map<?, ?> model = object(all, "model");
    expect(model, "model", "type", "WordPiece");
    expect(model, "model", "continuing_subword_prefix", WordPieceTokenizer.PREFIX);
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    Map<Integer, String> byId = new TreeMap<>();
    for (Map.Entry<?, ?> e : object(model, "vocab").entrySet()) {
      String token = String.valueOf(e.getKey());
      int id = id(e.getValue(), "model.vocab." + token);
      vocabulary.put(token, id);
      String other = byId.put(id, token);
      if (other != null) {
        throw fault("model.vocab: two tokens have number " + id + ": " + other + ", " + token);
      }
    }
    Object unknown = model.get("unk_token");
    if (!(unknown instanceof String unk) || !vocabulary.containsKey(unk)) {
      throw fault("model.unk_token: expected a token of model.vocab, found " + unknown);
    }
    Object longest = model.get("max_input_chars_per_word");
    return new WordPieceTokenizer.Model(
        vocabulary,
        specials(all, byId),
        rules(object(all, "normalizer")),
        unk,
        longest == null ? 100 : id(longest, "model.max_input_chars_per_word"));
  }

  private Map<String, Integer> specials(Map<String, Object> all, Map<Integer, String> byId)
      throws IOException {
    Map<String, Integer> specials = new LinkedHashMap<>();
    Object list = all.getOrDefault("added_tokens", List.of());
    if (!(list instanceof List<?> added)) {
      throw fault("expected a list as added_tokens");
    }
    for (Object entry : added) {
      if (!(entry instanceof Map<?, ?> token)
          || !(token.get("content") instanceof String text)
          || text.isEmpty()) {
        throw fault("expected objects with a content that is not empty in added_tokens");
      }
      int id = id(token.get("id"), "added_tokens.id");
      for (String flag : List.of("single_word", "lstrip", "rstrip")) {
        if (Boolean.TRUE.equals(token.get(flag))) {
          throw fault("added_tokens." + flag + ": true is not supported");
        }
      }
      if (specials.put(text, id) != null) {
        throw fault("added_tokens: " + text + " is there twice");
      }
      if (!byId.getOrDefault(id, text).equals(text)) {
        throw fault(
            "added_tokens: %s has number %d, which is %s in model.vocab"
                .formatted(text, id, byId.get(id)));
      }
    }
    return specials;
  }

  private Rules rules(Map<?, ?> n) throws IOException {
    expect(n, "normalizer", "type", "BertNormalizer");
    boolean lowercase = flag(n, "lowercase", true);
    return new Rules(
        flag(n, "clean_text", true),
        flag(n, "handle_chinese_chars", true),
        flag(n, "strip_accents", lowercase), // null: as with capitals
        lowercase);
  }

  private Map<?, ?> object(Map<?, ?> from, String key) throws IOException {
    if (from.get(key) instanceof Map<?, ?> map) {
      return map;
    }
    throw fault("expected an object as " + key + ", found " + from.get(key));
  }

  private void expect(Map<?, ?> from, String what, String key, String wanted) throws IOException {
    if (!wanted.equals(from.get(key))) {
      throw fault("%s.%s: expected %s, found %s".formatted(what, key, wanted, from.get(key)));
    }
  }

  private boolean flag(Map<?, ?> from, String key, boolean otherwise) throws IOException {
    Object value = from.get(key);
    if (value != null && !(value instanceof Boolean)) {
      throw fault("normalizer." + key + ": expected true or false, found " + value);
    }
    return value instanceof Boolean b ? b : otherwise;
  }

  private int id(@org.jspecify.annotations.Nullable Object value, String what) throws IOException {
    if (value instanceof Long n && n >= 0 && n < TokenizerJson.MAX_TOKENS) {
      return n.intValue();
    }
    throw fault(
        "expected a whole number from 0 to %d as %s, found %s"
            .formatted(TokenizerJson.MAX_TOKENS - 1, what, value));
  }

  private FormatException fault(String what) {
    return new FormatException(file, 0, what);
  }

  // ---- writing

  static void write(WordPieceTokenizer.Model model, Path file) throws IOException {
    TokenizerJsonWriter.write(file, model.specials(), out -> rest(model, out));
  }

  private static void rest(WordPieceTokenizer.Model model, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("normalizer");
    out.writeStringField("type", "BertNormalizer");
    out.writeBooleanField("clean_text", model.rules().clean());
    out.writeBooleanField("handle_chinese_chars", model.rules().chinese());
    out.writeBooleanField("strip_accents", model.rules().accents());
    out.writeBooleanField("lowercase", model.rules().lowercase());
    out.writeEndObject();
    out.writeObjectFieldStart("pre_tokenizer");
    out.writeStringField("type", "BertPreTokenizer");
    out.writeEndObject();
    out.writeNullField("post_processor");
    out.writeObjectFieldStart("decoder");
    out.writeStringField("type", "WordPiece");
    out.writeStringField("prefix", WordPieceTokenizer.PREFIX);
    out.writeBooleanField("cleanup", true);
    out.writeEndObject();
    out.writeObjectFieldStart("model");
    out.writeStringField("type", "WordPiece");
    out.writeStringField("unk_token", model.unknown());
    out.writeStringField("continuing_subword_prefix", WordPieceTokenizer.PREFIX);
    out.writeNumberField("max_input_chars_per_word", model.longest());
    TokenizerJsonWriter.vocabulary(model.vocabulary(), out);
    out.writeEndObject();
  }
}
