package dev.harpia.simd;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The native matrix multiplication of this JVM, searched for once and logged once.
 *
 * <p>{@code -Dharpia.blas} decides: {@code auto} (default) takes a library where there is one,
 * {@code off} never looks, {@code required} and the path of a library throw where none can be used.
 */
public final class Blas {
  /** The system property that decides. */
  public static final String PROPERTY = "harpia.blas";

  /** Whether the setting refuses to do without a library. */
  static final boolean INSISTED = !setting().equals("auto") && !setting().equals("off");

  /**
   * Read at first use and kept: a failure is a value here, so that every caller sees the same clear
   * exception.
   */
  private static final class Once {
    static final Choice CHOICE =
        log(choose(setting(), ServiceLoader.load(GemmProvider.class, loader())));

    private Once() {}
  }

  /**
   * The outcome.
   *
   * @param refused whether the setting insists on a library that is not there
   */
  record Choice(String setting, Optional<Gemm> gemm, String report, boolean refused) {
    Optional<Gemm> orThrow() {
      if (refused) {
        throw new UnsupportedOperationException(report);
      }
      return gemm;
    }
  }

  private Blas() {}

  /**
   * The native implementation, if there is one.
   *
   * @throws UnsupportedOperationException if {@code -Dharpia.blas} is {@code required} or a path
   *     and no library can be used; the message names every place tried and why it did not do
   */
  public static Optional<Gemm> external() {
    return Once.CHOICE.orThrow();
  }

  /**
   * One line: what was chosen and from where, or every place that was tried and why it did not do.
   * Never throws.
   */
  public static String report() {
    return Once.CHOICE.report();
  }

  /** The value of {@code -Dharpia.blas}: {@code auto} where it is not given. */
  public static String setting() {
    String value = System.getProperty(PROPERTY, "auto").strip();
    return value.isEmpty() ? "auto" : value;
  }

  private static ClassLoader loader() {
    ClassLoader own = Blas.class.getClassLoader();
    return own == null ? ClassLoader.getSystemClassLoader() : own;
  }

  static Choice choose(String setting, Iterable<GemmProvider> providers) {
    if (setting.equals("off")) {
      return new Choice(
          setting, Optional.empty(), "no BLAS: switched off by -Dharpia.blas=off", false);
    }
    List<String> tried = new ArrayList<>();
    try {
      for (GemmProvider provider : providers) {
        GemmProvider.Found found = provider.find(setting);
        if (found.gemm().isPresent()) {
          return new Choice(setting, found.gemm(), found.report(), false);
        }
        tried.add(found.report());
      }
      if (tried.isEmpty()) {
        tried.add(
            "no BLAS: no provider on the class or module path (add dev.harpia:harpia-ffi-blas)");
      }
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      // whatever a provider does, our own kernels are there
      tried.add("no BLAS: the provider is broken: " + e);
    }
    String report = String.join("; ", tried);
    boolean refused = !setting.equals("auto");
    if (refused) {
      report =
          "-Dharpia.blas=%s: %s. Remedy: make one of these loadable, or run with -Dharpia.blas=auto"
              .formatted(setting, report);
    }
    return new Choice(setting, Optional.empty(), report, refused);
  }

  /**
   * A missing library is worth a line; a library found or switched off is what the user expects.
   */
  private static Choice log(Choice choice) {
    boolean missing = choice.gemm().isEmpty() && !choice.setting().equals("off");
    Logger log = System.getLogger("dev.harpia.blas");
    if (missing && !choice.refused()) {
      log.log(Level.INFO, "{0}; multiplying with the Vector API instead", choice.report());
    } else {
      log.log(Level.DEBUG, "{0}", choice.report());
    }
    return choice;
  }
}
