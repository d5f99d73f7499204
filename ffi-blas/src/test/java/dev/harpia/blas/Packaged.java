package dev.harpia.blas;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The packaged library on the test's class path; tests that need it skip where this platform has
 * none.
 */
final class Packaged {
  private Packaged() {}

  static PackagedLibrary library() {
    Optional<PackagedLibrary> library =
        PackagedLibrary.of(System.getProperty("os.name"), System.getProperty("os.arch"));
    assumeTrue(library.isPresent(), "no packaged OpenBLAS for this platform");
    return library.orElseThrow();
  }

  static Path jar() {
    PackagedLibrary library = library();
    URL url = Packaged.class.getClassLoader().getResource(library.resource(library.main()));
    assumeTrue(url != null, library.artifact() + " is not on the class path of the tests");
    try {
      URL file = ((JarURLConnection) url.openConnection()).getJarFileURL();
      return Path.of(URI.create(file.toString()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A folder of the build: unpacked once, and used by all tests that only want to compute. */
  static Path cache() {
    return Path.of("target", "openblas-cache").toAbsolutePath();
  }

  /** The library loaded into the JVM of the tests, whatever {@code -Dharpia.blas} says. */
  static OpenBlas loaded() {
    jar();
    return Loaded.OUTCOME.library().orElseThrow(() -> new AssertionError(Loaded.OUTCOME.report()));
  }

  private static final class Loaded {
    static final Search.Outcome OUTCOME =
        new Search(
                "required",
                Optional.of(library()),
                Packaged.class.getClassLoader(),
                Optional.of(cache()),
                new SystemPlaces(List.of(), List.of("none")))
            .run();
  }
}
