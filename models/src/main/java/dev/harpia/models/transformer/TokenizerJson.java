package dev.harpia.models.transformer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.harpia.models.transformer.BpeTokenizer.Pair;
import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's {@code tokenizer.json}, as far as it describes byte-level BPE. What a
 * post-processor would put round a text, truncation and padding are the caller's business and are
 * passed over; everything else that would change tokens is read or refused.
 */
final class TokenizerJson {
  /** Four times the largest vocabularies in use. */
  static final int MAX_TOKENS = 1 << 20;

  private static final long MAX_BYTES = 1 << 28;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(MAX_BYTES)
                  .maxNestingDepth(16)
                  .maxNumberLength(30)
                  .maxNameLength(10_000)
                  .maxStringLength(1_000_000)
                  .build())
          .build();

  private final Path file;
  private final JsonParser json;
  private final Map<String, Integer> vocabulary = new LinkedHashMap<>();
  private final List<Pair> merges = new ArrayList<>();
  private final Map<String, Integer> specials = new LinkedHashMap<>();
  private final BitSet numbers = new BitSet();
  private @Nullable WordPattern pattern;
  private boolean byteLevel;
  private boolean wholeWords;

  private TokenizerJson(Path file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  static BpeTokenizer.Model read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new FormatException(
          file, MAX_BYTES, "a tokenizer of more than %d bytes".formatted(MAX_BYTES));
    }
    try (JsonParser json = JSON.createParser(file.toFile())) {
      TokenizerJson reader = new TokenizerJson(file, json);
      reader.document();
      return reader.model();
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw new FormatException(file, at, "expected JSON: " + e.getOriginalMessage(), e);
    }
  }

  private BpeTokenizer.Model model() throws IOException {
    if (!byteLevel || pattern == null) {
      throw fault("expected pre_tokenizer ByteLevel before the end: only byte-level BPE is read");
    }
    if (vocabulary.isEmpty()) {
      throw fault("expected model.vocab before the end");
    }
    for (int i = 0; i < merges.size(); i++) {
      Pair p = merges.get(i);
      for (String s : List.of(p.left(), p.right(), p.left() + p.right())) {
        if (!vocabulary.containsKey(s) || !ByteSymbols.isSpelling(s)) {
          throw fault("model.merges[" + i + "]: " + s + " is not in model.vocab");
        }
      }
    }
    return new BpeTokenizer.Model(vocabulary, merges, specials, pattern, wholeWords);
  }

  private void document() throws IOException {
    expect(json.nextToken(), JsonToken.START_OBJECT, "an object");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "added_tokens" -> added();
        case "normalizer" -> none("normalizer");
        case "pre_tokenizer" -> preTokenizer();
        case "model" -> bpe();
        default -> json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw fault("expected the end of the file after its object");
    }
  }

  private void none(String what) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NULL) {
      throw fault(what + ": is not supported; expected null");
    }
  }

  private void added() throws IOException {
    expect(json.currentToken(), JsonToken.START_ARRAY, "a list as added_tokens");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.START_OBJECT, "an object in added_tokens");
      int id = -1;
      String content = "";
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        json.nextToken();
        switch (key) {
          case "id" -> id = number("added_tokens.id");
          case "content" -> content = text("added_tokens.content");
          case "single_word", "lstrip", "rstrip" -> {
            if (bool("added_tokens." + key)) {
              throw fault("added_tokens." + key + ": true is not supported");
            }
          }
          default -> json.skipChildren();
        }
      }
      if (id < 0 || content.isEmpty()) {
        throw fault("expected id and a content that is not empty in added_tokens");
      }
      if (specials.putIfAbsent(content, id) != null) {
        throw fault("added_tokens: " + content + " is there twice");
      }
    }
  }

  private void preTokenizer() throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT, "an object as pre_tokenizer");
    String type = "";
    boolean useRegex = true;
    Optional<WordPattern> split = Optional.empty();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "type" -> type = text("pre_tokenizer.type");
        case "use_regex" -> useRegex = bool("pre_tokenizer.use_regex");
        case "add_prefix_space", "invert" -> {
          if (bool("pre_tokenizer." + key)) {
            throw fault("pre_tokenizer." + key + ": true is not supported");
          }
        }
        case "behavior" -> {
          if (!text("pre_tokenizer.behavior").equals("Isolated")) {
            throw fault("pre_tokenizer.behavior: expected Isolated, found " + json.getText());
          }
        }
        case "pattern" -> split = Optional.of(regex());
        case "pretokenizers" -> {
          expect(json.currentToken(), JsonToken.START_ARRAY, "a list as pretokenizers");
          while (json.nextToken() != JsonToken.END_ARRAY) {
            preTokenizer();
          }
        }
        default -> json.skipChildren();
      }
    }
    switch (type) {
      case "ByteLevel" -> {
        byteLevel = true;
        if (useRegex && pattern != null) {
          throw fault("pre_tokenizer: both Split and ByteLevel cut the text: is not supported");
        }
        if (useRegex) {
          pattern = WordPattern.GPT2;
        }
      }
      case "Split" ->
          pattern = split.orElseThrow(() -> fault("expected a pattern in pre_tokenizer Split"));
      case "Sequence" -> {}
      default ->
          throw fault("pre_tokenizer: type '" + type + "' is not supported; expected ByteLevel");
    }
  }

  private WordPattern regex() throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT, "an object as pre_tokenizer.pattern");
    Optional<WordPattern> found = Optional.empty();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      json.nextToken();
      if (key.equals("Regex")) {
        found = WordPattern.of(text("pre_tokenizer.pattern.Regex"));
      } else {
        json.skipChildren();
      }
    }
    return found.orElseThrow(
        () -> fault("pre_tokenizer.pattern: expected the pattern of GPT-2 or of Llama 3"));
  }

  private void bpe() throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT, "an object as model");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      switch (key) {
        case "type" -> {
          if (!text("model.type").equals("BPE")) {
            throw fault("model.type: expected BPE, found " + json.getText());
          }
        }
        case "dropout" -> {
          if (value != JsonToken.VALUE_NULL && !(value.isNumeric() && json.getDoubleValue() == 0)) {
            throw fault("model.dropout: is not supported; expected null");
          }
        }
        case "continuing_subword_prefix", "end_of_word_suffix" -> {
          if (value != JsonToken.VALUE_NULL && !text("model." + key).isEmpty()) {
            throw fault("model." + key + ": is not supported; expected null");
          }
        }
        case "byte_fallback" -> {
          if (bool("model.byte_fallback")) {
            throw fault("model.byte_fallback: true is not supported");
          }
        }
        case "ignore_merges" -> wholeWords = bool("model.ignore_merges");
        case "vocab" -> vocab();
        case "merges" -> merges();
        default -> json.skipChildren();
      }
    }
  }

  private void vocab() throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT, "an object as model.vocab");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String token = json.currentName();
      json.nextToken();
      int id = number("model.vocab." + token);
      if (numbers.get(id)) {
        throw fault("model.vocab: two tokens have number " + id + ", one is " + token);
      }
      numbers.set(id);
      vocabulary.put(token, id);
    }
  }

  private void merges() throws IOException {
    expect(json.currentToken(), JsonToken.START_ARRAY, "a list as model.merges");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      String what = "model.merges[" + merges.size() + "]";
      if (merges.size() >= MAX_TOKENS) {
        throw fault("model.merges: more than " + MAX_TOKENS);
      }
      if (json.currentToken() == JsonToken.START_ARRAY) {
        json.nextToken();
        String left = text(what);
        json.nextToken();
        merges.add(new Pair(left, text(what)));
        expect(json.nextToken(), JsonToken.END_ARRAY, "two texts as " + what);
      } else {
        String[] parts = text(what).split(" ", -1);
        if (parts.length != 2) {
          throw fault("expected two tokens with a blank between them as " + what);
        }
        merges.add(new Pair(parts[0], parts[1]));
      }
    }
  }

  private int number(String what) throws IOException {
    boolean whole =
        json.currentToken() == JsonToken.VALUE_NUMBER_INT
            && json.getNumberType() == JsonParser.NumberType.INT;
    if (!whole || json.getIntValue() < 0 || json.getIntValue() >= MAX_TOKENS) {
      throw fault("expected a whole number from 0 to " + (MAX_TOKENS - 1) + " as " + what);
    }
    return json.getIntValue();
  }

  private String text(String what) throws IOException {
    expect(json.currentToken(), JsonToken.VALUE_STRING, "a text as " + what);
    return json.getText();
  }

  private boolean bool(String what) throws IOException {
    if (!json.currentToken().isBoolean()) {
      throw fault("expected true or false as " + what);
    }
    return json.getBooleanValue();
  }

  private void expect(@Nullable JsonToken found, JsonToken wanted, String what)
      throws FormatException {
    if (found != wanted) {
      throw fault("expected " + what);
    }
  }

  private FormatException fault(String what) {
    return new FormatException(
        file, Math.max(0, json.currentTokenLocation().getByteOffset()), what);
  }
}
