package dev.harpia.models.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.models.transformer.ChatTemplate.Message;
import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words, pieces of words, and conversations. */
class WordTokenizersTest {
  private static final String TEXT =
      "The eagle flew over the forest. The forest watched the eagles fly! ".repeat(9);

  /** The vocabulary of the example that comes with BERT's own tokenizer. */
  private static final String BERT =
      """
      {"version": "1.0", "truncation": null, "padding": null,
       "added_tokens": [{"id": 0, "content": "[UNK]", "special": true},
                        {"id": 1, "content": "[CLS]", "special": true},
                        {"id": 2, "content": "[SEP]", "special": true}],
       "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                      "strip_accents": null, "lowercase": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": {"type": "TemplateProcessing", "single": []},
       "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                 "max_input_chars_per_word": 100,
                 "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "want": 3, "##want": 4, "##ed": 5,
                           "wa": 6, "un": 7, "runn": 8, "##ing": 9, ",": 10}}}
      """;

  @TempDir private Path dir;

  private WordPieceTokenizer bert() throws IOException {
    return WordPieceTokenizer.load(Files.writeString(dir.resolve("tokenizer.json"), BERT));
  }

  @Test
  void piecesAsBertCutsThem() throws IOException {
    WordPieceTokenizer t = bert();
    String text = " UNwant\u00e9d,running \t\u0000want\u0301 xyz[SEP]";
    Encoding e = t.encodeWithOffsets(text);
    assertThat(e.ids()).containsExactly(7, 4, 5, 10, 8, 9, 3, 0, 2);
    String[] covered = new String[e.size()];
    for (int i = 0; i < covered.length; i++) {
      covered[i] = text.substring(e.starts()[i], e.ends()[i]);
    }
    assertThat(covered)
        .containsExactly("UN", "want", "\u00e9d", ",", "runn", "ing", "want", "xyz", "[SEP]");
    assertThat(t.encode("[SEP]", false).ids()).containsExactly(0, 0, 0); // [, sep, ]
    assertThat(t.framed("unwanted", "running")).containsExactly(1, 7, 4, 5, 2, 8, 9, 2);
    assertThat(t.decode(1, 7, 4, 5, 10, 8, 9, 2)).isEqualTo("[CLS] unwanted, running [SEP]");
    assertThat(t.pieces(7, 4)).containsExactly("un", "##want");
    assertThat(t.encode("want".repeat(25))).hasSize(25);
    assertThat(t.encode("want".repeat(26))).containsExactly(0); // too long
    assertThat(t.encode("")).isEmpty();
    assertThat(t.encode("\u4e2dwant\u6587")).containsExactly(0, 3, 0); // each Chinese one alone
    assertThatThrownBy(() -> t.decode(11)).hasMessageContaining("token 11: no such token among 11");
    assertThatThrownBy(() -> t.special("[MASK]")).hasMessageContaining("no special token [MASK]");
  }

  @Test
  void trainedPiecesComeBackAndSoDoFiles() throws IOException {
    WordPieceTokenizer t = WordPieceTokenizer.train(TEXT, 60, true);
    assertThat(t.size()).isLessThanOrEqualTo(60);
    assertThat(t.special("[PAD]")).isZero();
    assertThat(t.pieces(t.encode("the eagle"))).containsExactly("the", "eagle");
    assertThat(t.pieces(t.encode("forests"))).containsExactly("forest", "##s");
    assertThat(t.decode(t.encode("The forest watched the eagles, fly!")))
        .isEqualTo("the forest watched the eagles [UNK] fly!");
    Path file = dir.resolve("own.json");
    t.save(file);
    Tokenizer read = Tokenizer.load(file);
    assertThat(read).isInstanceOf(WordPieceTokenizer.class);
    assertThat(read.encode("Eagles fly over the wood[MASK]."))
        .isEqualTo(t.encode("Eagles fly over the wood[MASK]."));
    WordPieceTokenizer cased = WordPieceTokenizer.train(TEXT, 80, false);
    assertThat(cased.encode("The")).isNotEqualTo(cased.encode("the"));
    assertThat(cased.pieces(cased.encode("The"))).containsExactly("The");
    BpeTokenizer.train(TEXT, 300).save(file);
    assertThat(Tokenizer.load(file)).isInstanceOf(BpeTokenizer.class);
    // every letter has a piece, so no word of the text is unknown
    assertThat(WordPieceTokenizer.train(TEXT, 1, true).encode(TEXT)).doesNotContain(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "\"BertPreTokenizer\" # \"Whitespace\" # pre_tokenizer.type: expected BertPreTokenizer,"
            + " found Whitespace",
        "\"lowercase\": true # \"lowercase\": 1 # normalizer.lowercase: expected true or false,"
            + " found 1",
        "\"BertNormalizer\" # \"NFC\" # normalizer.type: expected BertNormalizer, found NFC",
        "\"WordPiece\", \"unk # \"Unigram\", \"unk # model.type: expected WordPiece, found Unigram",
        "\"wa\": 6 # \"wa\": 3 # two tokens have number 3: want, wa",
        "\"wa\": 6 # \"wa\": -1 # expected a whole number from 0 to 1048575 as model.vocab.wa,"
            + " found -1",
        "\"wa\": 6 # \"wa\": \"x\" # as model.vocab.wa, found x",
        "\"unk_token\": \"[UNK]\" # \"unk_token\": \"<unk>\" # model.unk_token: expected a token of"
            + " model.vocab, found <unk>",
        "\"id\": 1, # \"id\": 5, # added_tokens: [CLS] has number 5, which is ##ed in model.vocab",
        "{\"id\": 1, \"content\": \"[CLS]\" # {\"id\": 1, \"content\": \"\" # a content that is not"
            + " empty",
        "\"version\": \"1.0\", # \"version\": \"1.0\" # expected JSON: Unexpected character",
        "\"special\": true},  # \"lstrip\": true}, # added_tokens.lstrip: true is not supported",
      })
  void malformedFiles(String part, String by, String message) throws IOException {
    assertThat(BERT).contains(part.strip());
    String text = BERT.replace(part.strip(), by.strip());
    Path file = Files.writeString(dir.resolve("bad.json"), text);
    assertThatThrownBy(() -> WordPieceTokenizer.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("bad.json: byte ")
        .hasMessageContaining(message.strip());
  }

  @Test
  void filesOfOtherTokenizers() throws IOException {
    Path file =
        Files.writeString(dir.resolve("other.json"), "{\"model\": {\"type\": \"Unigram\"}}");
    assertThatThrownBy(() -> Tokenizer.load(file))
        .hasMessageContaining("model.type: expected BPE or WordPiece, found Unigram");
    Files.writeString(file, "{}");
    assertThatThrownBy(() -> Tokenizer.load(file)).hasMessageContaining("found null");
    Files.writeString(file, BERT.replace("\"continuing_subword_prefix\": \"##\"", "\"x\": 1"));
    assertThatThrownBy(() -> Tokenizer.load(file))
        .hasMessageContaining("model.continuing_subword_prefix: expected ##, found null");
  }

  @Test
  void words() {
    WordTokenizer t = WordTokenizer.train(TEXT + " It's Ol\u00e9!", 12, true, "<end>");
    assertThat(t.size()).isEqualTo(12);
    assertThat(t.words().subList(0, 5)).containsExactly("<unk>", "<end>", "the", "forest", "!");
    String text = "The EAGLE, isn't here.<end>";
    Encoding e = t.encodeWithOffsets(text);
    assertThat(t.decode(e.ids())).isEqualTo("the eagle <unk> <unk> <unk> . <end>");
    assertThat(text.substring(e.starts()[3], e.ends()[3])).isEqualTo("isn't");
    assertThat(t.id("Forest")).isEqualTo(3);
    WordTokenizer cased = WordTokenizer.train(TEXT, 50, false);
    assertThat(cased.id("The")).isNotEqualTo(cased.id("the")).isNotZero();
    assertThat(cased.id("eagle")).isNotZero();
    assertThatThrownBy(() -> t.decode(-1)).hasMessageContaining("token -1");
    assertThatThrownBy(() -> WordTokenizer.train("a", 1, true, "<end>"))
        .hasMessageContaining("room for <unk> and 1 special");
    assertThatThrownBy(() -> new WordTokenizer(List.of("a"), List.of("a"), false))
        .hasMessageContaining("\"a\" is empty or there twice");
  }

  @Test
  void conversations() {
    List<Message> talk =
        List.of(Message.system("Be brief."), Message.user("Hi!"), Message.assistant("Hello."));
    List<Message> asking = new java.util.ArrayList<>(talk);
    asking.add(Message.user("Who?"));
    assertThat(ChatTemplate.CHATML.render(talk.subList(1, 2), true))
        .isEqualTo("<|im_start|>user\nHi!<|im_end|>\n<|im_start|>assistant\n");
    assertThat(ChatTemplate.LLAMA3.render(talk, false))
        .isEqualTo(
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nHi!<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\nHello.<|eot_id|>");
    assertThat(ChatTemplate.LLAMA3.render(List.of(), true))
        .isEqualTo("<|begin_of_text|><|start_header_id|>assistant<|end_header_id|>\n\n");
    assertThat(ChatTemplate.LLAMA2.render(asking, true))
        .isEqualTo(
            "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi! [/INST] Hello. </s>"
                + "<s>[INST] Who? [/INST]");
    assertThatThrownBy(() -> ChatTemplate.LLAMA2.render(List.of(Message.assistant("a")), false))
        .hasMessageContaining("message 0 is by assistant: user and assistant must take turns");
    assertThatThrownBy(() -> ChatTemplate.LLAMA2.render(talk, true))
        .hasMessage("chat: an answer needs a question before it");
  }

  @Test
  void whatPeopleWriteIsNoSpecialToken() {
    BpeTokenizer t = BpeTokenizer.train(TEXT, 300, "<|im_start|>", "<|im_end|>");
    List<Message> talk = List.of(Message.user("the eagle<|im_end|>"), Message.assistant("fly"));
    int[] ids = ChatTemplate.CHATML.encode(t, talk, true);
    assertThat(ids).startsWith(t.special("<|im_start|>"));
    assertThat(java.util.Arrays.stream(ids).filter(i -> i == t.special("<|im_end|>")).count())
        .isEqualTo(2);
    assertThat(t.decode(ids)).isEqualTo(ChatTemplate.CHATML.render(talk, true));
    // text between special tokens is cut as a whole: role, line end, content
    assertThat(java.util.Arrays.copyOfRange(ids, 1, ids.length))
        .startsWith(t.encode("user\nthe eagle<|im_end|>", false).ids());
    assertThatThrownBy(() -> ChatTemplate.LLAMA3.encode(t, talk, true))
        .hasMessageContaining("no special token <|begin_of_text|>");
  }
}
