package dev.harpia.bench.suite;

import java.nio.file.Path;
import java.util.Locale;

/** Folders in the user's cache directory. */
public final class Caches {
  private Caches() {}

  /** A folder of Harpia's cache; it need not be there yet. */
  public static Path folder(String name) {
    String set = System.getProperty("harpia.cache", "");
    if (!set.isEmpty()) {
      return Path.of(set).resolve(name);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("win");
    Path base =
        xdg != null && !xdg.isEmpty()
            ? Path.of(xdg)
            : windows
                ? Path.of(System.getProperty("java.io.tmpdir"))
                : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("harpia").resolve(name);
  }
}
