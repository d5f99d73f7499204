package dev.harpia.models.transformer;

import dev.harpia.models.transformer.BertText.Rules;
import dev.harpia.models.transformer.BertText.Word;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * WordPiece (Schuster, Nakajima 2012; Devlin et al. 2019): text is normalised and cut into words as
 * BERT does; each word is cut from its beginning into the longest pieces that the vocabulary has,
 * all but the first written with {@code ##}. A word that cannot be cut so is {@code [UNK]}, whole.
 *
 * <p>Offsets are those of the text before normalisation. Immutable; may be shared by threads.
 */
public final class WordPieceTokenizer implements Tokenizer {
  static final List<String> SPECIALS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
  static final String PREFIX = "##";

  /**
   * What a file holds of a tokenizer.
   *
   * @param specials which tokens of the vocabulary are recognised wherever their text occurs
   * @param longest characters of a word; longer ones are unknown
   */
  record Model(
      Map<String, Integer> vocabulary,
      Map<String, Integer> specials,
      Rules rules,
      String unknown,
      int longest) {}

  private final Model model;
  private final @Nullable String[] texts;
  private final Pattern specials;
  private final int unknown;

  WordPieceTokenizer(Model model) {
    this.model = model;
    Map<String, Integer> all = new LinkedHashMap<>(model.vocabulary);
    all.putAll(model.specials);
    int size = all.values().stream().mapToInt(id -> id + 1).max().orElse(0);
    texts = new String[size];
    all.forEach((text, id) -> texts[id] = text);
    Integer unk = all.get(model.unknown);
    if (unk == null) {
      throw new IllegalArgumentException(
          "wordpiece: the vocabulary has no token " + model.unknown + " for unknown words");
    }
    unknown = unk;
    String cut =
        model.specials.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    specials = Pattern.compile(cut.isEmpty() ? "(?!)" : cut);
  }

  /**
   * Learns pieces from a text: again and again the most frequent pair of neighbours within words
   * becomes a piece. The special tokens [PAD], [UNK], [CLS], [SEP] and [MASK] are the first five.
   *
   * @param size how many tokens at most, all told; characters have a token each in any case
   * @param lowercase whether capitals and accents are left out
   */
  public static WordPieceTokenizer train(String text, int size, boolean lowercase) {
    Rules rules = lowercase ? Rules.UNCASED : Rules.CASED;
    WordPieceTrainer trainer =
        new WordPieceTrainer(BertText.words(text, 0, text.length(), rules), SPECIALS);
    trainer.learn(size);
    Map<String, Integer> specials = new LinkedHashMap<>();
    SPECIALS.forEach(s -> specials.put(s, specials.size()));
    return new WordPieceTokenizer(new Model(trainer.vocabulary(), specials, rules, "[UNK]", 100));
  }

  /** Reads a {@code tokenizer.json}. */
  public static WordPieceTokenizer load(Path file) throws IOException {
    return new WordPieceTokenizer(WordPieceJson.read(file));
  }

  /** Writes a {@code tokenizer.json}. */
  public void save(Path file) throws IOException {
    WordPieceJson.write(model, file);
  }

  @Override
  public int size() {
    return texts.length;
  }

  /** The number of a special token. */
  public int special(String text) {
    Integer id = model.specials.get(text);
    if (id == null) {
      throw new IllegalArgumentException(
          "wordpiece: no special token " + text + "; there are " + model.specials.keySet());
    }
    return id;
  }

  @Override
  public Encoding encodeWithOffsets(String text) {
    return encode(text, true);
  }

  /**
   * The tokens of a text.
   *
   * @param special whether special tokens are recognised in it
   */
  public Encoding encode(String text, boolean special) {
    Encoding.Builder out = new Encoding.Builder();
    int at = 0;
    Matcher m = specials.matcher(text);
    while (special && m.find()) {
      plain(text, at, m.start(), out);
      out.add(special(m.group()), m.start(), m.end());
      at = m.end();
    }
    plain(text, at, text.length(), out);
    return out.build();
  }

  /** A text, or two, as BERT takes them: {@code [CLS] first [SEP] second [SEP]}. */
  public int[] framed(String... texts) {
    List<Integer> ids = new ArrayList<>(List.of(special("[CLS]")));
    for (String text : texts) {
      Arrays.stream(encode(text, false).ids()).forEach(ids::add);
      ids.add(special("[SEP]"));
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private void plain(String text, int from, int to, Encoding.Builder out) {
    for (Word w : BertText.words(text, from, to, model.rules)) {
      word(w, out);
    }
  }

  private void word(Word w, Encoding.Builder out) {
    int n = w.text().length;
    int[] ids = new int[n];
    int[] cuts = new int[n + 1];
    int count = 0;
    for (int from = 0; from < n && count >= 0; ) {
      int to = n <= model.longest ? n : 0;
      Integer id = null;
      while (to > from && id == null) {
        String piece = new String(w.text(), from, to - from);
        id = model.vocabulary.get(from == 0 ? piece : PREFIX + piece);
        to -= id == null ? 1 : 0;
      }
      if (id == null) {
        count = -1;
      } else {
        ids[count] = id;
        cuts[++count] = to;
        from = to;
      }
    }
    if (count < 0) {
      out.add(unknown, w.starts()[0], w.ends()[n - 1]);
    }
    for (int i = 0; i < count; i++) {
      out.add(ids[i], w.starts()[cuts[i]], w.ends()[cuts[i + 1] - 1]);
    }
  }

  /** The text, with a blank between words and none before marks that end something. */
  @Override
  public String decode(int... ids) {
    StringBuilder s = new StringBuilder();
    for (int id : ids) {
      String text = id < 0 || id >= texts.length ? null : texts[id];
      if (text == null) {
        throw new IndexOutOfBoundsException(
            "wordpiece: token " + id + ": no such token among " + texts.length);
      }
      if (text.startsWith(PREFIX) && text.length() > PREFIX.length() && !s.isEmpty()) {
        s.append(text, PREFIX.length(), text.length());
      } else {
        s.append(s.isEmpty() ? "" : " ").append(text);
      }
    }
    String text = s.toString();
    for (String mark : List.of(".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re")) {
      text = text.replace(" " + mark, mark);
    }
    return text.replace(" ' ", "'").replace(" do not", " don't");
  }

  /** The pieces themselves. */
  public List<String> pieces(int... ids) {
    return Arrays.stream(ids).mapToObj(id -> String.valueOf(texts[id])).toList();
  }
}
