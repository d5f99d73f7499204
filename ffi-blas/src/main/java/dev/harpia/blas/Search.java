package dev.harpia.blas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The search for a library: a named path alone, else a packaged library, else a system library.
 *
 * @param setting {@code auto}, {@code required} or a path
 * @param packaged the packaged library of this machine, if there is one
 * @param resources where its jar is looked for
 * @param cache where it is unpacked
 * @param places where the system has its libraries
 */
record Search(
    String setting,
    Optional<PackagedLibrary> packaged,
    ClassLoader resources,
    Optional<Path> cache,
    SystemPlaces places) {

  /**
   * What a search came to.
   *
   * @param library the library, loaded
   * @param tried the places that did not do, each with its reason
   * @param broken whether one of them was there, and failed
   */
  record Outcome(Optional<OpenBlas> library, List<String> tried, boolean broken) {
    String report() {
      String places = String.join("; ", tried);
      return library
          .map(found -> found + (broken ? "; passed over: " + places : ""))
          .orElse("no OpenBLAS: " + places);
    }
  }

  /** The search of this process. */
  static Search of(String setting) {
    String os = System.getProperty("os.name");
    String arch = System.getProperty("os.arch");
    return new Search(
        setting,
        PackagedLibrary.of(os, arch),
        loader(),
        CacheDirectory.of(System.getProperties(), System.getenv()),
        SystemPlaces.of(os, arch, System.getProperty("java.library.path", "")));
  }

  Outcome run() {
    List<String> tried = new ArrayList<>();
    Optional<String> unsupported = NativeLibrary.unsupported();
    if (unsupported.isPresent()) {
      return new Outcome(Optional.empty(), List.of(unsupported.get()), true);
    }
    if (!setting.equals("auto") && !setting.equals("required")) {
      Optional<OpenBlas> named = named(tried);
      return new Outcome(named, List.copyOf(tried), named.isEmpty());
    }
    boolean broken = false;
    if (packaged.isEmpty()) {
      tried.add("packaged library: there is none for " + machine());
    } else {
      PackagedLibrary library = packaged.get();
      if (!LibraryCache.packaged(resources, library)) {
        tried.add("packaged library: " + library.artifact() + " is not on the class path");
      } else {
        Optional<OpenBlas> found = unpacked(library, tried);
        if (found.isPresent()) {
          return new Outcome(found, List.of(), false);
        }
        broken = true;
      }
    }
    List<Path> installed = places.found();
    for (Path path : installed) {
      Optional<OpenBlas> found = open(path, "system", tried);
      if (found.isPresent()) {
        return new Outcome(found, List.copyOf(tried), broken);
      }
      broken = true;
    }
    if (installed.isEmpty()) {
      tried.add(
          "system library: no "
              + String.join(" or ", places.names())
              + " in "
              + listed(places.directories()));
    }
    return new Outcome(Optional.empty(), List.copyOf(tried), broken);
  }

  private Optional<OpenBlas> named(List<String> tried) {
    Path path;
    try {
      path = Path.of(setting).toAbsolutePath();
    } catch (InvalidPathException e) {
      tried.add(
          setting
              + ": not a path ("
              + e.getReason()
              + "); the other values are auto, off and required");
      return Optional.empty();
    }
    if (path.getNameCount() > 0
        && setting.equals(String.valueOf(path.getFileName()))
        && !Files.exists(path)) {
      tried.add(setting + ": neither auto, off or required, nor a file in " + path.getParent());
      return Optional.empty();
    }
    // a copy of the packaged library has its companions beside it, and does not find them by itself
    for (PackagedLibrary.File file : packaged.map(PackagedLibrary::files).orElse(List.of())) {
      Path companion = path.resolveSibling(file.name());
      if (!companion.equals(path) && companion.toFile().isFile()) {
        NativeLibrary.preload(companion);
      }
    }
    return open(path, "named by -Dharpia.blas", tried);
  }

  private Optional<OpenBlas> unpacked(PackagedLibrary library, List<String> tried) {
    String place = "packaged library " + library.artifact() + ": ";
    if (cache.isEmpty()) {
      tried.add(
          place
              + "no cache directory, because this user has no home: name one with -Dharpia.cache");
      return Optional.empty();
    }
    LibraryCache unpacker = new LibraryCache(cache.get(), resources);
    List<Path> files;
    try {
      files = unpacker.unpack(library);
    } catch (IOException e) {
      tried.add(
          "%scannot be unpacked into %s: %s (choose another directory with -Dharpia.cache)"
              .formatted(place, unpacker.directory(library), Reasons.of(e)));
      return Optional.empty();
    }
    for (Path companion : files.subList(0, files.size() - 1)) {
      Optional<String> reason = NativeLibrary.preload(companion);
      if (reason.isPresent()) {
        tried.add(place + reason.get());
        return Optional.empty();
      }
    }
    return open(files.getLast(), "packaged", tried);
  }

  private static Optional<OpenBlas> open(Path path, String origin, List<String> tried) {
    try {
      return Optional.of(OpenBlas.of(path, origin, NativeLibrary.load(path)));
    } catch (NativeLibrary.UnusableException e) {
      tried.add(path + " (" + origin + "): " + e.getMessage());
      return Optional.empty();
    }
  }

  private static ClassLoader loader() {
    ClassLoader own = Search.class.getClassLoader();
    return own == null ? ClassLoader.getSystemClassLoader() : own;
  }

  private static String machine() {
    return System.getProperty("os.name") + " on " + System.getProperty("os.arch");
  }

  private static String listed(List<Path> directories) {
    return String.join(", ", directories.stream().map(Path::toString).toList());
  }
}
