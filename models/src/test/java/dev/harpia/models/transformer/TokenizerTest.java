package dev.harpia.models.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.io.FormatException;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerTest {
  private static final String TEXT =
      "The eagle flew over the forest, and the forest watched the eagle. It's 12345 o'clock! "
          .repeat(20);
  private static final BpeTokenizer BPE = BpeTokenizer.train(TEXT, 320, "<|end|>", "<|user|>");

  @TempDir private Path folder;

  /** Any text at all: letters, blanks, marks, controls, emoji with joiners, rare scripts. */
  private static String random(Rng rng) {
    StringBuilder s = new StringBuilder();
    for (int n = rng.below(40); n > 0; n--) {
      switch (rng.below(6)) {
        case 0 -> s.append("the eagle's ");
        case 1 -> s.append((char) rng.below(256));
        case 2 -> s.appendCodePoint(0x1F300 + rng.below(0x300)).append('\u200d');
        case 3 -> s.append(" \n\t\r\u00a0\u3000".charAt(rng.below(6)));
        case 4 -> s.appendCodePoint(rng.below(0xD800));
        default -> s.appendCodePoint(0xE000 + rng.below(0x110000 - 0xE000));
      }
    }
    return s.toString();
  }

  @Test
  void everyTextComesBackAndOffsetsCoverIt() {
    Rng rng = new Rng(1);
    for (int i = 0; i < 2000; i++) {
      String text = random(rng);
      Encoding e = BPE.encodeWithOffsets(text);
      assertThat(BPE.decode(e.ids())).isEqualTo(text);
      int covered = 0;
      for (int k = 0; k < e.size(); k++) {
        assertThat(e.starts()[k]).isLessThanOrEqualTo(covered).isLessThan(e.ends()[k]);
        covered = Math.max(covered, e.ends()[k]);
        byte[] token = BPE.decodeBytes(true, e.ids()[k]);
        String part = text.substring(e.starts()[k], e.ends()[k]);
        assertThat(new String(part.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
            .contains(new String(token, StandardCharsets.ISO_8859_1));
      }
      assertThat(covered).isEqualTo(text.length());
    }
  }

  @Test
  void everyByteIsAToken() {
    int[] all = new int[256];
    java.util.Arrays.setAll(all, i -> i);
    byte[] bytes = BPE.decodeBytes(true, all);
    java.util.Arrays.sort(bytes);
    for (int i = 0; i < 256; i++) {
      assertThat(bytes[i]).isEqualTo((byte) (i - 128));
    }
  }

  @Test
  void trainingMergesTheMostFrequentPairFirst() {
    // " a" 4 times, "b" after it 4 times: pairs in words " ab" ×4: (blank, a) and (a, b) tie
    BpeTokenizer t = BpeTokenizer.train(" ab ab ab ab xy", 258);
    assertThat(t.size()).isEqualTo(258);
    assertThat(t.encode(" ab")).hasSize(1);
    assertThat(t.decode(256)).isEqualTo("ab"); // of equal pairs, that with the smaller numbers
    assertThat(t.decode(257)).isEqualTo(" ab");
    assertThat(t.encode("xy")).hasSize(2); // occurs once
    assertThat(BpeTokenizer.train("x", 1000).size()).isEqualTo(256);
  }

  @Test
  void longWordsTakeNoQuadraticTime() {
    BpeTokenizer t = BpeTokenizer.train("a".repeat(64), 262);
    int[] ids = t.encode("a".repeat(1 << 18));
    assertThat(t.decode(ids)).isEqualTo("a".repeat(1 << 18));
    assertThat(ids.length).isLessThan(1 << 17);
  }

  @Test
  void specialTokensAreOneTokenUnlessToldOtherwise() {
    String text = "Hi<|end|>\n<|user|>";
    int[] ids = BPE.encode(text);
    assertThat(ids).contains(BPE.special("<|end|>")).endsWith(BPE.special("<|user|>"));
    assertThat(BPE.decode(ids)).isEqualTo(text);
    assertThat(BPE.decodePlain(ids)).isEqualTo("Hi\n");
    assertThat(BPE.encode(text, false).ids()).doesNotContain(BPE.special("<|end|>"));
    assertThat(BPE.special("<|end|>")).isEqualTo(BPE.size() - 2);
    assertThatThrownBy(() -> BPE.special("<s>")).hasMessageContaining("no special token <s>");
  }

  @Test
  void filesGiveTheSameTokenizer() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    BPE.save(file);
    BpeTokenizer read = BpeTokenizer.load(file);
    assertThat(read.size()).isEqualTo(BPE.size());
    Rng rng = new Rng(2);
    for (int i = 0; i < 300; i++) {
      String text = random(rng) + "<|end|>";
      assertThat(read.encode(text)).isEqualTo(BPE.encode(text));
    }
    assertThat(Files.readString(file)).contains("\"\u0120the\"", "\"<|end|>\"");
  }

  @Test
  void readsMergesAsTextsAndLlamasPattern() throws IOException {
    String regex = WordPattern.LLAMA3.text.replace("\\", "\\\\");
    Path file =
        write(
            """
            {"added_tokens": [{"id": 5, "content": "<s>", "special": true}], "normalizer": null,
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
               {"type": "Split", "pattern": {"Regex": "%s"}, "behavior": "Isolated"},
               {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]},
             "model": {"type": "BPE", "ignore_merges": true,
               "vocab": {"a": 0, "b": 1, "ab": 2, "1": 3, "abab": 4}, "merges": ["a b"]}}
            """
                .formatted(regex));
    BpeTokenizer t = BpeTokenizer.load(file);
    assertThat(t.encode("<s>abab")).containsExactly(5, 4); // a word that is a token
    assertThat(t.encode("ababab")).containsExactly(2, 2, 2);
    assertThat(t.encode("1111")).containsExactly(3, 3, 3, 3);
    assertThatThrownBy(() -> t.encode("ac"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("character 'c': byte 0x63 has no token");
    Path again = folder.resolve("again.json");
    t.save(again);
    assertThat(BpeTokenizer.load(again).encode("<s>ababab1")).isEqualTo(t.encode("<s>ababab1"));
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("file.json"), json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "[] # expected an object",
        "{\"model\": # expected JSON",
        "{\"model\": {\"type\": \"WordPiece\"}} # model.type: expected BPE, found WordPiece",
        "{\"normalizer\": {\"type\": \"NFC\"}} # normalizer: is not supported",
        "{\"model\": {\"vocab\": {\"a\": -1}}} # as model.vocab.a",
        "{\"model\": {\"vocab\": {\"a\": 99999999999}}} # as model.vocab.a",
        "{\"model\": {\"vocab\": {\"a\": 2000000}}} # as model.vocab.a",
        "{\"model\": {\"vocab\": {\"a\": 1, \"b\": 1}}} # two tokens have number 1",
        "{\"model\": {\"vocab\": {\"a\": 1, \"a\": 2}}} # expected JSON: Duplicate field 'a'",
        "{\"model\": {\"merges\": [\"a\"]}} # as model.merges[0]",
        "{\"model\": {\"merges\": [[\"a\", \"b\", \"c\"]]}} # two texts as model.merges[0]",
        "{\"model\": {\"merges\": [[]]}} # a text as model.merges[0]",
        "{\"model\": {\"byte_fallback\": true}} # byte_fallback: true is not supported",
        "{\"pre_tokenizer\": {\"type\": \"Whitespace\"}} # type 'Whitespace' is not supported",
        "{\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(a+)+\"}}}"
            + " # expected the pattern of GPT-2 or of Llama 3",
        "{\"added_tokens\": [{\"id\": 1}]} # expected id and a content",
        "{\"x\": [[[[[[[[[[[[[[[[[[[[[ # nesting depth",
        "{\"x\": 1} # only byte-level BPE is read",
        "{\"pre_tokenizer\": {\"type\": \"ByteLevel\"}, \"model\": {\"vocab\": {\"a\": 0}, "
            + "\"merges\": [\"a a\"]}} # model.merges[0]: aa is not in model.vocab",
        "{} {} # expected the end of the file",
      })
  void malformedFilesAreRefusedAtTheirPlace(String json, String message) throws IOException {
    Path file = write(json);
    assertThatThrownBy(() -> BpeTokenizer.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + ": byte ")
        .hasMessageContaining(message);
  }

  @Test
  void everyPrefixOfAFileIsRefused() throws IOException {
    Path whole = folder.resolve("tokenizer.json");
    BpeTokenizer.train("ab ab", 257).save(whole);
    String text = Files.readString(whole).strip();
    for (int n = 0; n < text.length(); n += 37) {
      Path file = write(text.substring(0, n));
      assertThatThrownBy(() -> BpeTokenizer.load(file)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> BpeTokenizer.train("x", 255)).hasMessageContaining("from 256");
    assertThatThrownBy(() -> BPE.encode("ab\ud800"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("character 2 is half of a surrogate pair");
    assertThatThrownBy(() -> BPE.decode(4711))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("token 4711");
  }

  @Test
  void charactersComeBack() {
    CharTokenizer t = CharTokenizer.of("héllo 🦅!");
    assertThat(t.size()).isEqualTo(7);
    assertThat(t.decode(t.encode("🦅 hello".replace('e', 'é')))).isEqualTo("🦅 héllo");
    Encoding e = t.encodeWithOffsets("o🦅!");
    assertThat(e.starts()).containsExactly(0, 1, 3);
    assertThat(e.ends()).containsExactly(1, 3, 4);
    assertThatThrownBy(() -> t.encode("hex")).hasMessageContaining("character 'e' (U+0065)");
  }
}
