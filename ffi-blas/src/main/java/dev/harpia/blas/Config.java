package dev.harpia.blas;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a build of OpenBLAS says of itself, such as {@code OpenBLAS 0.3.31 DYNAMIC_ARCH NO_AFFINITY
 * SkylakeX MAX_THREADS=64}.
 */
record Config(String text) {
  /** The oldest version that the tests of this module have run on. */
  static final String OLDEST = "0.3.21";

  private static final Pattern VERSION = Pattern.compile("OpenBLAS (\\d+)\\.(\\d+)\\.(\\d+)");
  private static final Pattern MAX_THREADS = Pattern.compile("\\bMAX_THREADS=(\\d+)");

  /** The version, such as {@code 0.3.31}; empty where the build does not name one. */
  String version() {
    Matcher m = VERSION.matcher(text);
    return m.find() ? m.group(1) + "." + m.group(2) + "." + m.group(3) : "";
  }

  /** For how many callers at once the build keeps buffers; 1 where it does not say. */
  int maxThreads() {
    Matcher m = MAX_THREADS.matcher(text);
    return m.find() && m.group(1).length() <= 6 ? Math.max(1, Integer.parseInt(m.group(1))) : 1;
  }

  /** Why this build will not do, if it will not. */
  Optional<String> objection() {
    String version = version();
    if (version.isEmpty()) {
      return Optional.of(
          "does not name its version (\"%s\"); %s or newer is needed".formatted(text, OLDEST));
    }
    if (number(version) < number(OLDEST)) {
      return Optional.of("is OpenBLAS %s; %s or newer is needed".formatted(version, OLDEST));
    }
    if (text.contains("USE64BITINT")) {
      return Optional.of(
          "is built with 64-bit integers (USE64BITINT); a build with 32-bit integers is needed");
    }
    return Optional.empty();
  }

  private static long number(String version) {
    long number = 0;
    for (String part : version.split("\\.", -1)) {
      number =
          number * 100_000 + Math.min(99_999, part.length() > 5 ? 99_999 : Integer.parseInt(part));
    }
    return number;
  }
}
