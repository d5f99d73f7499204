package dev.harpia.blas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every value of {@code -Dharpia.blas}, each in a JVM of its own. */
class SwitchTest {
  private static final String FALLBACK = "multiplying with the Vector API instead";

  @TempDir Path folder;

  @Test
  void autoTakesThePackagedLibrary() throws Exception {
    ChildJvm.Result result = with(Packaged.cache()).run(PrintChoice.class);
    assertThat(result.out())
        .contains("gemm openblas-0.3.31")
        .contains("report openblas-0.3.31 (packaged, ")
        .contains("threads 1")
        .containsPattern("core \\w+");
    assertThat(result.err()).doesNotContain(FALLBACK);
    assertThat(result.exit()).isZero();
  }

  @Test
  void requiredTakesThePackagedLibrary() throws Exception {
    ChildJvm.Result result =
        with(Packaged.cache()).flag("-Dharpia.blas=required").run(PrintChoice.class);
    assertThat(result.out()).contains("gemm openblas-0.3.31");
  }

  @Test
  void offNeverLooksAndNeverLogs() throws Exception {
    ChildJvm.Result result =
        with(folder.resolve("cache")).flag("-Dharpia.blas=off").run(PrintChoice.class);
    assertThat(result.out())
        .contains("gemm none")
        .contains("report no BLAS: switched off by -Dharpia.blas=off")
        .contains("not found no OpenBLAS: switched off by -Dharpia.blas=off");
    assertThat(result.err()).doesNotContain("INFO");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void autoWithoutAnyLibraryLogsOneLine() throws Exception {
    assumeNoSystemLibrary();
    ChildJvm.Result result = new ChildJvm(folder).run(PrintChoice.class);
    assertThat(result.out()).contains("gemm none").contains("report no OpenBLAS: ");
    assertThat(result.err()).containsOnlyOnce(FALLBACK).containsOnlyOnce("INFO");
    assertThat(result.err())
        .contains("packaged library: org.bytedeco:openblas:0.3.31-1.5.13:")
        .contains(" is not on the class path; system library: no ");
    assertThat(result.exit()).isZero();
  }

  @Test
  void requiredWithoutAnyLibraryThrows() throws Exception {
    assumeNoSystemLibrary();
    ChildJvm.Result result =
        new ChildJvm(folder).flag("-Dharpia.blas=required").run(PrintChoice.class);
    assertThat(result.out())
        .contains("thrown -Dharpia.blas=required: no OpenBLAS: packaged library: ")
        .contains("system library: no ")
        .contains("or run with -Dharpia.blas=auto")
        .contains("not found no OpenBLAS: packaged library: ");
    assertThat(result.err()).doesNotContain(FALLBACK);
  }

  @Test
  void aPathIsTakenAlone() throws Exception {
    Path library = unpacked();
    ChildJvm.Result result =
        new ChildJvm(folder).flag("-Dharpia.blas=" + library).run(PrintChoice.class);
    assertThat(result.out())
        .contains("gemm openblas-0.3.31")
        .contains("(named by -Dharpia.blas, ")
        .contains(library.toString());
  }

  @Test
  void aPathThatDoesNotExistThrows() throws Exception {
    // the packaged library is there, and must not be taken instead
    ChildJvm.Result result =
        with(Packaged.cache()).flag("-Dharpia.blas=/nowhere/lib.so").run(PrintChoice.class);
    assertThat(result.out())
        .contains("thrown -Dharpia.blas=/nowhere/lib.so: no OpenBLAS: ")
        .contains("(named by -Dharpia.blas): no such file");
  }

  @Test
  void aMisspeltValueNamesTheValues() throws Exception {
    ChildJvm.Result result = new ChildJvm(folder).flag("-Dharpia.blas=none").run(PrintChoice.class);
    assertThat(result.out())
        .contains(
            "thrown -Dharpia.blas=none: no OpenBLAS: none: neither auto, off or required, nor a"
                + " file in ");
  }

  @Test
  void aPathOfAFolderThrows() throws Exception {
    ChildJvm.Result result =
        new ChildJvm(folder).flag("-Dharpia.blas=" + folder).run(PrintChoice.class);
    assertThat(result.out())
        .contains("not a file: name the library itself, such as libopenblas.so.0");
  }

  @Test
  void aTextFileThrows() throws Exception {
    assumeLinux();
    Path text = Files.writeString(folder.resolve("notes.so"), "no library at all");
    ChildJvm.Result result =
        new ChildJvm(folder).flag("-Dharpia.blas=" + text).run(PrintChoice.class);
    assertThat(result.out()).contains("not a 64-bit shared library (ELF)");
  }

  @Test
  void aTruncatedLibraryThrowsWhereTheLinkerWouldCrash() throws Exception {
    assumeLinux();
    Path cut = Files.copy(unpacked(), folder.resolve("cut.so"));
    try (var file = Files.newByteChannel(cut, StandardOpenOption.WRITE)) {
      file.truncate(Files.size(cut) / 2);
    }
    ChildJvm.Result result =
        new ChildJvm(folder).flag("-Dharpia.blas=" + cut).run(PrintChoice.class);
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains("thrown ")
        .containsPattern("truncated: [\\d,]+ bytes of [\\d,]+");
  }

  @Test
  void anotherLibraryThrows() throws Exception {
    assumeLinux();
    Path other = unpacked().resolveSibling("libgcc_s.so.1");
    ChildJvm.Result result =
        new ChildJvm(folder).flag("-Dharpia.blas=" + other).run(PrintChoice.class);
    assertThat(result.out()).contains("has no symbol openblas_get_config: not a complete OpenBLAS");
  }

  @Test
  void aSystemLibraryIsFoundOnTheLibraryPath() throws Exception {
    assumeLinux();
    ChildJvm.Result result =
        new ChildJvm(folder)
            .environment(Map.of("LD_LIBRARY_PATH", unpacked().getParent().toString()))
            .run(PrintChoice.class);
    assertThat(result.out()).contains("report openblas-0.3.31 (system, ");
  }

  @Test
  void anUnwritableCacheIsAReason() throws Exception {
    assumeNoSystemLibrary();
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    ChildJvm.Result result = with(file.resolve("cache")).run(PrintChoice.class);
    assertThat(result.out()).contains("gemm none");
    assertThat(result.err())
        .contains(": cannot be unpacked into " + file.resolve("cache"))
        .contains("(choose another directory with -Dharpia.cache)")
        .containsOnlyOnce("INFO");
    assertThat(result.exit()).isZero();
  }

  @Test
  void aBrokenCacheIsPassedOverForASystemLibraryAndSaysSo() throws Exception {
    assumeLinux();
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    ChildJvm.Result result =
        with(file.resolve("cache"))
            .environment(Map.of("LD_LIBRARY_PATH", unpacked().getParent().toString()))
            .run(PrintChoice.class);
    assertThat(result.out())
        .contains("report openblas-0.3.31 (system, ")
        .contains("; passed over: packaged library ");
    assertThat(result.err()).containsOnlyOnce("INFO").contains("; passed over: packaged library ");
  }

  @Test
  void deniedNativeAccessIsAReason() throws Exception {
    assumeNoSystemLibrary();
    ChildJvm.Result result =
        with(Packaged.cache()).denied().flag("-Dharpia.blas=required").run(PrintChoice.class);
    assertThat(result.out())
        .contains("thrown -Dharpia.blas=required: ")
        .contains("native access is denied: add --enable-native-access=ALL-UNNAMED");
  }

  @Test
  void jvmsThatUnpackAtOnceAllGetTheLibrary() throws Exception {
    Path cache = folder.resolve("shared");
    List<ChildJvm.Running> running = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      running.add(with(cache).start(PrintChoice.class));
    }
    for (ChildJvm.Running one : running) {
      assertThat(one.await().out()).contains("gemm openblas-0.3.31");
    }
    PackagedLibrary library = Packaged.library();
    Path directory = new LibraryCache(cache, getClass().getClassLoader()).directory(library);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              library.files().stream().map(PackagedLibrary.File::name).toList());
    }
  }

  @Test
  void aDamagedCacheIsUnpackedAgain() throws Exception {
    Path cache = folder.resolve("damaged");
    LibraryCache unpacker = new LibraryCache(cache, getClass().getClassLoader());
    Packaged.jar();
    PackagedLibrary library = Packaged.library();
    Path main = unpacker.unpack(library).getLast();
    try (var file = Files.newByteChannel(main, StandardOpenOption.WRITE)) {
      file.truncate(1000);
    }
    assertThat(with(cache).run(PrintChoice.class).out()).contains("gemm openblas-0.3.31");
    assertThat(main).hasSize(library.main().bytes());
  }

  private ChildJvm with(Path cache) {
    return new ChildJvm(folder).packaged().flag("-Dharpia.cache=" + cache);
  }

  /** The packaged library, unpacked. */
  private static Path unpacked() throws IOException {
    Packaged.jar();
    return new LibraryCache(Packaged.cache(), SwitchTest.class.getClassLoader())
        .unpack(Packaged.library())
        .getLast();
  }

  private static void assumeLinux() {
    assumeTrue(System.getProperty("os.name").startsWith("Linux"), "Linux only");
  }

  private static void assumeNoSystemLibrary() {
    SystemPlaces places =
        SystemPlaces.of(
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            System.getProperty("java.library.path", ""));
    assumeTrue(places.found().isEmpty(), "this system has an OpenBLAS of its own");
  }
}
