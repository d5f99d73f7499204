package dev.harpia.models.rnn;

import dev.harpia.models.music.AbcTunes;
import dev.harpia.models.music.TuneGrammar;
import dev.harpia.models.transformer.CharTokenizer;
import dev.harpia.nn.data.TextVocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tunes as numbers: every twentieth is kept back to be judged by, the others are learnt from, each
 * followed by a blank line.
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier
record MusicData(
    String name, List<String> tunes, CharTokenizer tokenizer, int[] train, int[] validation) {
  private static final int COMPOSED = 800;
  private static final int HELD_EVERY = 20;

  /** What stands between two tunes. */
  static final String BLANK = "\n\n";

  /** A file's tunes, or ones that are composed; at least {@code length + 1} characters of each. */
  static MusicData load(Optional<Path> file, int length, long seed) throws IOException {
    return file.isPresent()
        ? of(file.get().toString(), cut(file.get()), length)
        : of("composed", TuneGrammar.compose(COMPOSED, seed), length);
  }

  private static List<String> cut(Path file) throws IOException {
    String text = TextVocabulary.read(file).replace("\r\n", "\n");
    // the lab loses a last tune without a blank line behind it; here it counts
    List<String> tunes = AbcTunes.cut(text.stripTrailing() + BLANK);
    boolean abc = tunes.stream().anyMatch(t -> t.startsWith("X:") && t.contains("\nK:"));
    if (!abc) {
      throw new IllegalArgumentException(
          (text.isBlank() ? "%s: the file is empty" : "%s: no tune in ABC notation in it")
                  .formatted(file)
              + ": a tune begins with the line X:…, has a line K:…, and ends with a blank line");
    }
    return tunes;
  }

  private static MusicData of(String name, List<String> tunes, int length) {
    List<String> train = new ArrayList<>();
    List<String> held = new ArrayList<>();
    for (int i = 0; i < tunes.size(); i++) {
      (i % HELD_EVERY == HELD_EVERY - 1 ? held : train).add(tunes.get(i));
    }
    String learnt = String.join(BLANK, train) + BLANK;
    String judged = String.join(BLANK, held) + BLANK;
    int least = length + 1;
    if (learnt.length() <= least || judged.length() <= least) {
      throw new IllegalArgumentException(
          ("%s: %d tunes with %,d characters to learn from and, in every twentieth tune, %,d to be"
                  + " judged by: there must be more than %d of each for windows of %d")
              .formatted(name, tunes.size(), learnt.length(), judged.length(), least, length));
    }
    CharTokenizer tokenizer = CharTokenizer.of(String.join(BLANK, tunes) + BLANK);
    return new MusicData(
        name, tunes, tokenizer, tokenizer.encode(learnt), tokenizer.encode(judged));
  }
}
