package dev.harpia.models.data;

import dev.harpia.nn.data.Idx;
import dev.harpia.nn.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Digits to learn from and digits to be judged by.
 *
 * @param name where they come from: {@code synthetic}, {@code download} or the directory
 * @param train [N, 28, 28] with labels
 * @param test [M, 28, 28] with labels
 */
public record DigitData(String name, LabelledImages train, LabelledImages test) {
  /** Enough drawn digits for 97 % and more, and few enough for a minute. */
  private static final int SYNTHETIC_TRAIN = 20_000;

  private static final int SYNTHETIC_TEST = 4_000;

  /** The word that asks for a download in place of a directory. */
  private static final String DOWNLOAD = "download";

  /**
   * Digits from where the user says.
   *
   * @param source a directory with MNIST's files, {@code download}, or nothing: digits are drawn
   * @param seed of the drawn digits
   * @param progress told what a download does
   */
  public static DigitData load(Optional<String> source, long seed, Consumer<String> progress)
      throws IOException {
    if (source.isEmpty()) {
      return new DigitData(
          "synthetic",
          SyntheticDigits.train(SYNTHETIC_TRAIN, seed),
          SyntheticDigits.test(SYNTHETIC_TEST, seed));
    }
    String name = source.get();
    Path directory = Path.of(name);
    if (name.equals(DOWNLOAD)) {
      directory = cache().resolve("mnist");
      MnistDownload.into(directory, progress);
    }
    return new DigitData(
        name, digits(directory, Idx.train(directory)), digits(directory, Idx.test(directory)));
  }

  /** The first {@code count} training pictures only, and as many for testing. */
  public DigitData first(int count) {
    return new DigitData(name, first(train, count), first(test, count));
  }

  private static LabelledImages first(LabelledImages set, int count) {
    int n = Math.min(count, set.count());
    int size = set.height() * set.width();
    return new LabelledImages(
        n,
        set.height(),
        set.width(),
        java.util.Arrays.copyOf(set.pixels(), n * size),
        java.util.Arrays.copyOf(set.labels(), n));
  }

  /**
   * These digits, if there is something to tell apart: a classifier that has seen one class only
   * would be right on it without having learned anything.
   */
  public DigitData ofSeveralClasses() throws IOException {
    int first = train.label(0);
    for (int i = 1; i < train.count(); i++) {
      if (train.label(i) != first) {
        return this;
      }
    }
    throw new IOException(
        "%s: all %d training digits are of one class, %d: there must be 2 to tell apart"
            .formatted(name, train.count(), first));
  }

  /** What the labs' networks take: 28 × 28 and ten classes. */
  private static LabelledImages digits(Path directory, LabelledImages set) throws IOException {
    if (set.height() != SyntheticDigits.SIDE || set.width() != SyntheticDigits.SIDE) {
      throw new IOException(
          directory
              + ": "
              + "expected pictures of 28 × 28, found %d × %d".formatted(set.height(), set.width()));
    }
    if (set.count() == 0) {
      throw new IOException(directory + ": expected pictures, found an empty set");
    }
    for (int i = 0; i < set.count(); i++) {
      if (set.label(i) > 9) {
        throw new IOException(
            directory
                + ": "
                + "expected labels 0 … 9, found %d at picture %d".formatted(set.label(i), i));
      }
    }
    return set;
  }

  /** The user's cache directory for Harpia, or the one that {@code -Dharpia.cache} names. */
  static Path cache() {
    String chosen = System.getProperty("harpia.cache");
    if (chosen != null && !chosen.isBlank()) {
      return Path.of(chosen);
    }
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    Path home = Path.of(System.getProperty("user.home"));
    if (os.contains("mac")) {
      return home.resolve("Library/Caches/harpia");
    }
    String base = System.getenv(os.contains("win") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
    return base == null || base.isBlank() ? home.resolve(".cache/harpia") : Path.of(base, "harpia");
  }
}
