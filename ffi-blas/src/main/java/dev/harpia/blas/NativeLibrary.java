package dev.harpia.blas;

import dev.harpia.blas.cblas.Cblas;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Loads a library in two steps: first where only this class sees it, to ask what it is; then, if it
 * will do, for the whole class loader, where the generated bindings look symbols up. So a library
 * that is turned down never serves a symbol.
 */
final class NativeLibrary {
  /** Every function that this module calls. */
  static final List<String> SYMBOLS =
      List.of(
          "openblas_get_config",
          "openblas_get_corename",
          "openblas_get_parallel",
          "openblas_get_num_threads",
          "openblas_set_num_threads",
          "cblas_sgemm");

  private NativeLibrary() {}

  /** A library will not do; the message is the reason. */
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableException(String reason) {
      super(reason);
    }
  }

  /** Why no library can be called on this system, if that is so. */
  static Optional<String> unsupported() {
    try {
      MemoryLayout cLong = Linker.nativeLinker().canonicalLayouts().get("long");
      return cLong != null && cLong.byteSize() == 8
          ? Optional.empty()
          : Optional.of(
              "the bindings are generated for systems whose C long has 64 bits, unlike Windows");
    } catch (UnsupportedOperationException e) {
      return Optional.of("this JVM cannot call native functions: " + e.getMessage());
    }
  }

  /**
   * Loads a library and sets it to one thread, because the work is split above it.
   *
   * @return what the library says of itself
   */
  static Config load(Path path) throws UnusableException {
    if (!Files.exists(path)) {
      throw new UnusableException("no such file");
    }
    if (!Files.isRegularFile(path)) {
      throw new UnusableException("not a file: name the library itself, such as libopenblas.so.0");
    }
    Path absolute = path.toAbsolutePath();
    Optional<String> broken = whole(absolute);
    if (broken.isPresent()) {
      throw new UnusableException(broken.get());
    }
    try {
      Config config = examine(absolute);
      System.load(absolute.toString());
      Cblas.openblas_set_num_threads(1);
      return config;
    } catch (UnsatisfiedLinkError e) {
      throw new UnusableException(Reasons.of(e, absolute) + hint(e));
    } catch (IllegalCallerException e) {
      throw new UnusableException(
          "native access is denied: add --enable-native-access=ALL-UNNAMED ("
              + e.getMessage()
              + ")");
    } catch (ExceptionInInitializerError e) {
      throw new UnusableException("the bindings cannot be linked: " + e.getCause());
    }
  }

  /**
   * Loads a library that others need; {@link #load} says what is wrong if that fails and is needed.
   */
  static Optional<String> preload(Path path) {
    Optional<String> broken = whole(path);
    if (broken.isPresent()) {
      return broken.map(reason -> path.getFileName() + ": " + reason);
    }
    try {
      System.load(path.toAbsolutePath().toString());
      return Optional.empty();
    } catch (UnsatisfiedLinkError e) {
      return Optional.of(
          path.getFileName() + ": " + Reasons.of(e, path.toAbsolutePath()) + hint(e));
    } catch (IllegalCallerException e) {
      return Optional.of(
          "native access is denied: add --enable-native-access=ALL-UNNAMED ("
              + e.getMessage()
              + ")");
    }
  }

  private static Optional<String> whole(Path path) {
    boolean linux = System.getProperty("os.name").startsWith("Linux");
    return linux ? Elf.objection(path, System.getProperty("os.arch")) : Optional.empty();
  }

  private static Config examine(Path path) throws UnusableException {
    SymbolLookup library = open(path);
    for (String symbol : SYMBOLS) {
      if (library.find(symbol).isEmpty()) {
        throw new UnusableException("has no symbol " + symbol + ": not a complete OpenBLAS");
      }
    }
    MemorySegment address = library.findOrThrow("openblas_get_config");
    MethodHandle get =
        Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(Cblas.C_POINTER));
    Config config = new Config(text(get));
    Optional<String> objection = config.objection();
    if (objection.isPresent()) {
      throw new UnusableException(objection.get());
    }
    return config;
  }

  /** Never closed: unloading a library that has threads of its own is not safe. */
  private static SymbolLookup open(Path path) {
    try {
      return SymbolLookup.libraryLookup(path, Arena.global());
    } catch (IllegalArgumentException e) {
      System.load(path.toString()); // fails in the same way, but says why
      throw new UnsatisfiedLinkError(e.getMessage());
    }
  }

  private static String text(MethodHandle get) {
    try {
      return ((MemorySegment) get.invokeExact()).getString(0).strip();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a native function threw", e);
    }
  }

  private static String hint(UnsatisfiedLinkError e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("failed to map segment") || message.contains("Operation not permitted")
        ? " (the directory may not hold executable code: choose another with -Dharpia.cache)"
        : "";
  }
}
