package dev.harpia.models.transformer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Byte-level byte-pair encoding (Sennrich et al. 2016; bytes as in GPT-2): text is cut into words,
 * each word starts as the tokens of its UTF-8 bytes, and of all neighbours that may merge, those
 * with the earliest merge do so first, until none may. Every text has tokens, and the tokens give
 * the text back.
 *
 * <p>Special tokens stand outside of this: where their text occurs, it is one token. Immutable; may
 * be shared by threads.
 */
public final class BpeTokenizer implements Tokenizer {
  private static final Pattern NEVER = Pattern.compile("(?!)");

  private final Model model;
  private final byte[] @Nullable [] bytes; // by token; null where a number has no token
  private final int[] ofByte = new int[256];
  private final Map<Long, Long> merges = new HashMap<>(); // pair → rank << 32 | merged
  private final Map<String, Integer> words = new HashMap<>(); // spelling → token
  private final Map<Integer, String> specialText = new HashMap<>();
  private final Pattern specials;

  /**
   * What a file holds of a tokenizer.
   *
   * @param vocabulary tokens' spellings in {@link ByteSymbols}, and their numbers
   * @param merges pairs of spellings, the first one first
   * @param specials texts and numbers of special tokens
   * @param wholeWords whether a word that is a token is left alone, whatever the merges say
   */
  record Model(
      Map<String, Integer> vocabulary,
      List<Pair> merges,
      Map<String, Integer> specials,
      WordPattern pattern,
      boolean wholeWords) {}

  /** Two neighbours that merge. */
  record Pair(String left, String right) {}

  BpeTokenizer(Model model) {
    this.model = model;
    int size = 0;
    for (Collection<Integer> ids : List.of(model.vocabulary.values(), model.specials.values())) {
      for (int id : ids) {
        size = Math.max(size, id + 1);
      }
    }
    bytes = new byte[size][];
    java.util.Arrays.fill(ofByte, -1);
    model.vocabulary.forEach(
        (spelling, id) -> {
          if (ByteSymbols.isSpelling(spelling)) {
            byte[] b = ByteSymbols.bytes(spelling);
            bytes[id] = b;
            words.put(spelling, id);
            if (b.length == 1) {
              ofByte[b[0] & 255] = id;
            }
          }
        });
    for (int rank = 0; rank < model.merges.size(); rank++) {
      Pair p = model.merges.get(rank);
      merges.putIfAbsent(key(id(p.left), id(p.right)), (long) rank << 32 | id(p.left + p.right));
    }
    model.specials.forEach(
        (text, id) -> {
          bytes[id] = text.getBytes(StandardCharsets.UTF_8);
          specialText.put(id, text);
        });
    specials =
        model.specials.isEmpty()
            ? NEVER
            : Pattern.compile(
                model.specials.keySet().stream()
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|")));
  }

  private int id(String spelling) {
    Integer id = words.get(spelling);
    if (id == null) {
      throw new IllegalArgumentException("bpe: a merge needs token " + spelling);
    }
    return id;
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  /**
   * Learns merges from a text: again and again the most frequent pair of neighbours becomes a token
   * (of equally frequent ones that with the smaller numbers).
   *
   * @param size tokens wanted, from 256 plus the special ones; fewer if no pair occurs twice
   * @param specials texts that become tokens of their own, numbered after all others
   */
  public static BpeTokenizer train(String text, int size, String... specials) {
    int special = (int) java.util.Arrays.stream(specials).distinct().count();
    if (size < 256 + special || size > TokenizerJson.MAX_TOKENS) {
      throw new IllegalArgumentException(
          "bpe: %d tokens: must be from %d (every byte and %d special tokens) to %d"
              .formatted(size, 256 + special, special, TokenizerJson.MAX_TOKENS));
    }
    BpeTrainer trainer = new BpeTrainer(text, WordPattern.GPT2, List.of(specials));
    trainer.learn(size - special);
    Map<String, Integer> named = new LinkedHashMap<>();
    for (String s : specials) {
      if (s.isEmpty()) {
        throw new IllegalArgumentException("bpe: a special token must not be empty");
      }
      named.putIfAbsent(s, trainer.vocabulary().size() + named.size());
    }
    return new BpeTokenizer(
        new Model(trainer.vocabulary(), trainer.merges(), named, WordPattern.GPT2, false));
  }

  /**
   * Reads a {@code tokenizer.json} of byte-level BPE. Anything in it that would change tokens and
   * is not supported is a {@link dev.harpia.nn.io.FormatException} that names it.
   */
  public static BpeTokenizer load(Path file) throws IOException {
    return new BpeTokenizer(TokenizerJson.read(file));
  }

  /** Writes a {@code tokenizer.json}. */
  public void save(Path file) throws IOException {
    TokenizerJsonWriter.write(model, file);
  }

  @Override
  public int size() {
    return bytes.length;
  }

  /** The number of a special token. */
  public int special(String text) {
    Integer id = model.specials.get(text);
    if (id == null) {
      throw new IllegalArgumentException(
          "bpe: no special token " + text + "; there are " + model.specials.keySet());
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
   * @param special whether special tokens are recognised; not so for text of users, who could
   *     otherwise end their turn in a chat
   */
  public Encoding encode(String text, boolean special) {
    Encoding.Builder out = new Encoding.Builder();
    Matcher m = (special ? specials : NEVER).matcher(text);
    int at = 0;
    while (m.find()) {
      plain(text, at, m.start(), out);
      out.add(special(m.group()), m.start(), m.end());
      at = m.end();
    }
    plain(text, at, text.length(), out);
    return out.build();
  }

  private void plain(String text, int from, int to, Encoding.Builder out) {
    Matcher m = model.pattern.regex.matcher(text).region(from, to);
    while (m.find()) {
      word(text, m.start(), m.end(), out);
    }
  }

  private void word(String text, int from, int to, Encoding.Builder out) {
    String word = text.substring(from, to);
    byte[] b = word.getBytes(StandardCharsets.UTF_8);
    int[] owner = new int[b.length]; // the character that a byte belongs to
    int n = 0;
    for (int i = 0; i < word.length(); ) {
      int c = word.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        throw new IllegalArgumentException(
            "bpe: character %d is half of a surrogate pair: no text".formatted(from + i));
      }
      for (int k = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; k > 0; k--) {
        owner[n++] = i;
      }
      i += Character.charCount(c);
    }
    Integer whole = model.wholeWords ? words.get(ByteSymbols.spell(b)) : null;
    if (whole != null) {
      out.add(whole, from, to);
      return;
    }
    int[] tokens = new int[b.length];
    for (int i = 0; i < b.length; i++) {
      tokens[i] = ofByte[b[i] & 255];
      if (tokens[i] < 0) {
        throw new IllegalArgumentException(
            "bpe: character '%s': byte 0x%02x has no token in this vocabulary"
                .formatted(Character.toString(word.codePointAt(owner[i])), b[i] & 255));
      }
    }
    int[] next = merge(tokens);
    for (int i = 0; i < b.length; i = next[i]) {
      int last = owner[next[i] - 1];
      out.add(
          tokens[i], from + owner[i], from + last + Character.charCount(word.codePointAt(last)));
    }
  }

  /**
   * Merges in place; token i is followed by that at the place returned. A queue keeps long words
   * from taking quadratic time; entries that merges have made void are dropped when met.
   */
  private int[] merge(int[] tokens) {
    int n = tokens.length;
    int[] next = new int[n];
    int[] previous = new int[n + 1];
    PriorityQueue<Long> queue = new PriorityQueue<>(); // rank << 32 | place
    for (int i = 0; i < n; i++) {
      next[i] = i + 1;
      previous[i + 1] = i;
    }
    previous[0] = -1;
    for (int i = 0; i + 1 < n; i++) {
      offer(queue, tokens, i, i + 1);
    }
    for (Long top = queue.poll(); top != null; top = queue.poll()) {
      int i = top.intValue();
      int j = tokens[i] < 0 ? n : next[i];
      Long merge = j < n ? merges.get(key(tokens[i], tokens[j])) : null;
      if (merge == null || merge >> 32 != top >> 32) {
        continue;
      }
      tokens[i] = merge.intValue();
      tokens[j] = -1;
      next[i] = next[j];
      previous[next[j]] = i;
      if (previous[i] >= 0) {
        offer(queue, tokens, previous[i], i);
      }
      if (next[i] < n) {
        offer(queue, tokens, i, next[i]);
      }
    }
    return next;
  }

  private void offer(PriorityQueue<Long> queue, int[] tokens, int i, int j) {
    Long merge = merges.get(key(tokens[i], tokens[j]));
    if (merge != null) {
      queue.add(merge >> 32 << 32 | i);
    }
  }

  @Override
  public String decode(int... ids) {
    return new String(decodeBytes(true, ids), StandardCharsets.UTF_8);
  }

  /** The text of some tokens, without the special ones. */
  public String decodePlain(int... ids) {
    return new String(decodeBytes(false, ids), StandardCharsets.UTF_8);
  }

  /** The bytes of some tokens, which may end inside a character. */
  public byte[] decodeBytes(boolean special, int... ids) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int id : ids) {
      byte[] b = id < 0 || id >= bytes.length ? null : bytes[id];
      if (b == null) {
        throw new IndexOutOfBoundsException(
            "bpe: token " + id + ": no such token among " + bytes.length);
      }
      if (special || !specialText.containsKey(id)) {
        out.writeBytes(b);
      }
    }
    return out.toByteArray();
  }
}
