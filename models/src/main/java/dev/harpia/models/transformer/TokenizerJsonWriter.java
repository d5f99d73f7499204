package dev.harpia.models.transformer;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.harpia.models.transformer.BpeTokenizer.Pair;
import dev.harpia.nn.io.AtomicFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes what {@link TokenizerJson} reads, and the frame of what {@link WordPieceJson} does. */
final class TokenizerJsonWriter {
  private static final JsonFactory JSON = new JsonFactory();

  private TokenizerJsonWriter() {}

  /** What follows the special tokens. */
  @FunctionalInterface
  interface Rest {
    void write(JsonGenerator out) throws IOException;
  }

  /** Writes a file: what all kinds of tokenizers have, and the rest. */
  static void write(Path file, Map<String, Integer> specials, Rest rest) throws IOException {
    AtomicFile.write(
        file,
        channel -> {
          JsonGenerator out =
              JSON.createGenerator(Channels.newOutputStream(channel), JsonEncoding.UTF8);
          out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
          out.useDefaultPrettyPrinter();
          out.writeStartObject();
          out.writeStringField("version", "1.0");
          out.writeNullField("truncation");
          out.writeNullField("padding");
          added(specials, out);
          rest.write(out);
          out.writeEndObject();
          out.close();
        });
  }

  private static void added(Map<String, Integer> specials, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("added_tokens");
    for (Map.Entry<String, Integer> e : specials.entrySet()) {
      out.writeStartObject();
      out.writeNumberField("id", e.getValue());
      out.writeStringField("content", e.getKey());
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        out.writeBooleanField(flag, false);
      }
      out.writeBooleanField("special", true);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** The field of a vocabulary. */
  static void vocabulary(Map<String, Integer> vocabulary, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("vocab");
    for (Map.Entry<String, Integer> e : vocabulary.entrySet()) {
      out.writeNumberField(e.getKey(), e.getValue());
    }
    out.writeEndObject();
  }

  static void write(BpeTokenizer.Model model, Path file) throws IOException {
    write(file, model.specials(), out -> rest(model, out));
  }

  private static void rest(BpeTokenizer.Model model, JsonGenerator out) throws IOException {
    out.writeNullField("normalizer");
    out.writeObjectFieldStart("pre_tokenizer");
    if (model.pattern() == WordPattern.GPT2) {
      byteLevel(out, true);
    } else {
      out.writeStringField("type", "Sequence");
      out.writeArrayFieldStart("pretokenizers");
      out.writeStartObject();
      out.writeStringField("type", "Split");
      out.writeObjectFieldStart("pattern");
      out.writeStringField("Regex", model.pattern().text);
      out.writeEndObject();
      out.writeStringField("behavior", "Isolated");
      out.writeBooleanField("invert", false);
      out.writeEndObject();
      out.writeStartObject();
      byteLevel(out, false);
      out.writeEndObject();
      out.writeEndArray();
    }
    out.writeEndObject();
    out.writeNullField("post_processor");
    out.writeObjectFieldStart("decoder");
    byteLevel(out, true);
    out.writeEndObject();
    out.writeObjectFieldStart("model");
    out.writeStringField("type", "BPE");
    for (String none :
        List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
      out.writeNullField(none);
    }
    out.writeBooleanField("fuse_unk", false);
    out.writeBooleanField("byte_fallback", false);
    out.writeBooleanField("ignore_merges", model.wholeWords());
    vocabulary(model.vocabulary(), out);
    out.writeArrayFieldStart("merges");
    for (Pair p : model.merges()) {
      out.writeStartArray();
      out.writeString(p.left());
      out.writeString(p.right());
      out.writeEndArray();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void byteLevel(JsonGenerator out, boolean useRegex) throws IOException {
    out.writeStringField("type", "ByteLevel");
    out.writeBooleanField("add_prefix_space", false);
    out.writeBooleanField("trim_offsets", true);
    out.writeBooleanField("use_regex", useRegex);
  }
}
