package dev.harpia.models.finetune;

import dev.harpia.models.transformer.CharTokenizer;
import dev.harpia.nn.data.TextVocabulary;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The exchanges of two texts, each in three parts: to learn from, for the judge, held out. */
record StyleData(
    String baseName, String styleName, CharTokenizer tokenizer, Parts base, Parts style) {
  private static final int COMPOSED = 4000;
  private static final int LEAST = 100;

  /** Eight, one and one tenth of the exchanges, in random order. */
  record Parts(List<Exchange> learn, List<Exchange> judge, List<Exchange> held) {
    static Parts of(List<Exchange> all, long seed) {
      int n = all.size();
      List<Exchange> mixed = new ArrayList<>();
      for (int i : new Rng(seed).permutation(n)) {
        mixed.add(all.get(i));
      }
      return new Parts(
          mixed.subList(0, n * 8 / 10),
          mixed.subList(n * 8 / 10, n * 9 / 10),
          mixed.subList(n * 9 / 10, n));
    }
  }

  /** Files' texts, or ones that are composed. */
  static StyleData load(Optional<Path> base, Optional<Path> style, long seed) throws IOException {
    List<Exchange> plain = exchanges(base, false, seed);
    List<Exchange> styled = exchanges(style, true, seed + 1);
    String all =
        java.util.stream.Stream.concat(plain.stream(), styled.stream())
            .map(e -> e.prompt() + e.answer())
            .collect(Collectors.joining("\n"));
    return new StyleData(
        name(base),
        name(style),
        CharTokenizer.of(all + "\n"),
        Parts.of(plain, seed),
        Parts.of(styled, seed));
  }

  private static String name(Optional<Path> file) {
    return file.map(Path::toString).orElse("composed");
  }

  private static List<Exchange> exchanges(Optional<Path> file, boolean turned, long seed)
      throws IOException {
    String text =
        file.isPresent()
            ? TextVocabulary.read(file.get())
            : SentenceGrammar.compose(COMPOSED, turned, seed);
    List<Exchange> all = Exchange.of(text);
    if (all.size() < LEAST) {
      throw new IllegalArgumentException(
          "%s: %d sentences of 20 to 90 plain characters with two longer words: at least %d are needed"
              .formatted(name(file), all.size(), LEAST));
    }
    return all;
  }
}
