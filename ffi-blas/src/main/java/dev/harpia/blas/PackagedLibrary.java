package dev.harpia.blas;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The plain OpenBLAS inside the classifier jar of one platform. Nothing else of that jar is used.
 *
 * @param classifier the Maven classifier, also the name of the folder in the jar
 * @param files the libraries in the order in which they must be loaded: OpenBLAS last, its
 *     companions first, because they have no run path of their own and find each other only when
 *     already loaded
 */
record PackagedLibrary(String classifier, List<File> files) {
  /** The Maven artifact whose files are pinned here. */
  static final String ARTIFACT = "org.bytedeco:openblas:0.3.31-1.5.13";

  /**
   * A library and what it must contain: only these very bytes are ever loaded from a jar or a
   * cache.
   *
   * @param name its file name
   * @param bytes its size
   * @param sha256 its SHA-256 in lower-case hexadecimal
   */
  record File(String name, long bytes, String sha256) {}

  static final PackagedLibrary LINUX_X86_64 =
      new PackagedLibrary(
          "linux-x86_64",
          List.of(
              new File(
                  "libgcc_s.so.1",
                  125_488,
                  "a93ec41b336a895a7f0d7b789d66f6fc816de1a5ad0da37e8cfc428d7e9f8dd4"),
              new File(
                  "libquadmath.so.0",
                  289_592,
                  "67d3147512460e56dc805582ed5d32b66a7a199247ba5a27b7cb3054d2b2fef2"),
              new File(
                  "libgfortran.so.5",
                  2_989_432,
                  "3ec471016fbfea6ccda4736fbbf2d0098e6386d2c34fb7ae9b15d91fa1b38874"),
              new File(
                  "libopenblas.so.0",
                  37_539_016,
                  "e3a80f7696735e6bcd374fbe6c91e42f83dc8bfb09c5b92a5f73d67c76b55ec1")));

  static final PackagedLibrary LINUX_ARM64 =
      new PackagedLibrary(
          "linux-arm64",
          List.of(
              new File(
                  "libgcc_s.so.1",
                  84_168,
                  "92a2404506e149005a3da5e2e848e4ca291d84c06eb957bc5f1cea4d25f4f365"),
              new File(
                  "libgfortran.so.5",
                  1_493_528,
                  "b44afbaa08d3f793697561ff51f6b8848e9b7e812feefc126199d15a192f050d"),
              new File(
                  "libopenblas.so.0",
                  11_318_496,
                  "d71a5eb85ac08c38505c66c0e4d478079270b63bf0be95a401843cb48351816e")));

  /** Depends on the system's own library only. */
  static final PackagedLibrary MACOSX_ARM64 =
      new PackagedLibrary(
          "macosx-arm64",
          List.of(
              new File(
                  "libopenblas.0.dylib",
                  9_971_264,
                  "fa5bfb083d42c7ef5796e2dbfec56307fb28defdac752f5c2d95918ab6fe3b7b")));

  /** Depends on the system's own libraries only. */
  static final PackagedLibrary WINDOWS_X86_64 =
      new PackagedLibrary(
          "windows-x86_64",
          List.of(
              new File(
                  "libopenblas.dll",
                  32_987_181,
                  "0076c324ee006de7b51b7d9f95611b5574dd9369fa07c789c4fedae0810a2142")));

  /** The one for this machine, by the system properties {@code os.name} and {@code os.arch}. */
  static Optional<PackagedLibrary> of(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    boolean arm = osArch.equals("aarch64") || osArch.equals("arm64");
    boolean x86 = osArch.equals("amd64") || osArch.equals("x86_64");
    if (os.startsWith("linux")) {
      return x86 ? Optional.of(LINUX_X86_64) : arm ? Optional.of(LINUX_ARM64) : Optional.empty();
    }
    if (os.startsWith("mac")) {
      return arm ? Optional.of(MACOSX_ARM64) : Optional.empty();
    }
    return os.startsWith("windows") && x86 ? Optional.of(WINDOWS_X86_64) : Optional.empty();
  }

  /** OpenBLAS itself. */
  File main() {
    return files.getLast();
  }

  /** Where the class path has a file. */
  String resource(File file) {
    return "org/bytedeco/openblas/" + classifier + "/" + file.name();
  }

  /** How messages name the jar. */
  String artifact() {
    return ARTIFACT + ":" + classifier;
  }
}
