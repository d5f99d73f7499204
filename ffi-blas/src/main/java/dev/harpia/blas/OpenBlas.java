package dev.harpia.blas;

import dev.harpia.blas.cblas.Cblas;
import dev.harpia.simd.Blas;
import dev.harpia.simd.Gemm;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The OpenBLAS library of this process. It is searched for once: {@code -Dharpia.blas} may name it,
 * else it is the packaged one of the class path (unpacked into the user's cache directory), else
 * the system's.
 *
 * <p>It is set to one thread when it is loaded, and must stay so: we split work over our own
 * threads, and OpenBLAS's own threads end the process when many threads call at once.
 */
public final class OpenBlas {
  /**
   * Set by the first search of this process; a second library would answer with the first one's
   * symbols.
   */
  private static Optional<Search.Outcome> outcome = Optional.empty();

  private final Path path;
  private final String origin;
  private final Config config;
  private final String coreName;
  private final boolean parallel;

  private OpenBlas(Path path, String origin, Config config, String coreName, boolean parallel) {
    this.path = path;
    this.origin = origin;
    this.config = config;
    this.coreName = coreName;
    this.parallel = parallel;
  }

  /** Describes a library that has just been loaded. */
  static OpenBlas of(Path path, String origin, Config config) {
    String core = Cblas.openblas_get_corename().getString(0).strip();
    return new OpenBlas(path, origin, config, core, Cblas.openblas_get_parallel() != 0);
  }

  /** The library, if there is one; never with {@code -Dharpia.blas=off}. */
  public static Optional<OpenBlas> find() {
    return Blas.setting().equals("off") ? Optional.empty() : search(Blas.setting()).library();
  }

  /**
   * The library.
   *
   * @throws BlasNotFoundException if there is none
   */
  public static OpenBlas require() {
    if (Blas.setting().equals("off")) {
      throw new BlasNotFoundException("no OpenBLAS: switched off by -Dharpia.blas=off");
    }
    Search.Outcome found = search(Blas.setting());
    return found.library().orElseThrow(() -> new BlasNotFoundException(found.report()));
  }

  static synchronized Search.Outcome search(String setting) {
    if (outcome.isEmpty()) {
      Search.Outcome found = Search.of(setting).run();
      if (found.library().isPresent() && found.broken()) {
        System.getLogger("dev.harpia.blas").log(Level.INFO, "{0}", found.report());
      }
      outcome = Optional.of(found);
    }
    return outcome.get();
  }

  /** Its matrix multiplication. */
  Gemm gemm() {
    return new OpenBlasGemm(this);
  }

  /** The version, such as {@code 0.3.31}. */
  public String version() {
    return config.version();
  }

  /**
   * What the build says of itself, such as {@code OpenBLAS 0.3.31 DYNAMIC_ARCH NO_AFFINITY SkylakeX
   * MAX_THREADS=64}.
   */
  public String config() {
    return config.text();
  }

  /** The processor family whose kernels it runs, such as {@code SkylakeX}. */
  public String coreName() {
    return coreName;
  }

  /** The file that was loaded. */
  public Path path() {
    return path;
  }

  /** How many threads of its own it uses: 1. */
  public int threads() {
    return Cblas.openblas_get_num_threads();
  }

  /**
   * How many threads may be inside it at once: the processors, but fewer than the callers that it
   * has buffers for, and one where it is a build without locks.
   */
  int callers() {
    int buffers = Math.min(64, config.maxThreads());
    int processors = Runtime.getRuntime().availableProcessors();
    return parallel ? Math.max(1, Math.min(processors, buffers - 1)) : 1;
  }

  /** One line for reports. */
  @Override
  public String toString() {
    return "openblas-%s (%s, %s kernels, %d %s) from %s"
        .formatted(
            version(), origin, coreName, threads(), threads() == 1 ? "thread" : "threads", path);
  }
}
