package dev.harpia.blas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On two small files, because nothing here depends on what they hold. */
class LibraryCacheTest {
  private static final byte[] FIRST = "the first".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SECOND = "the second one".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;
  private URLClassLoader loader;
  private PackagedLibrary library;
  private LibraryCache cache;

  @BeforeEach
  void classPath() throws Exception {
    library =
        new PackagedLibrary(
            "test-machine", List.of(pin("libfirst.so", FIRST), pin("libsecond.so", SECOND)));
    Path resources = folder.resolve("jar/org/bytedeco/openblas/test-machine");
    Files.createDirectories(resources);
    Files.write(resources.resolve("libfirst.so"), FIRST);
    Files.write(resources.resolve("libsecond.so"), SECOND);
    loader = new URLClassLoader(new URL[] {folder.resolve("jar").toUri().toURL()}, null);
    cache = new LibraryCache(folder.resolve("cache"), loader);
  }

  @AfterEach
  void close() throws IOException {
    loader.close();
  }

  @Test
  void unpacksInOrderIntoADirectoryNamedAfterTheContent() throws Exception {
    List<Path> files = cache.unpack(library);
    assertThat(files)
        .extracting(f -> f.getFileName().toString())
        .containsExactly("libfirst.so", "libsecond.so");
    assertThat(files.get(0)).hasBinaryContent(FIRST);
    assertThat(files.get(1)).hasBinaryContent(SECOND);
    assertThat(files.get(0).getParent()).isEqualTo(cache.directory(library));
    PackagedLibrary other =
        new PackagedLibrary("test-machine", List.of(pin("libfirst.so", SECOND)));
    assertThat(cache.directory(other)).isNotEqualTo(cache.directory(library));
  }

  @Test
  void theDirectoryIsTheUsersAlone() throws Exception {
    Path directory = cache.unpack(library).getFirst().getParent();
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void anIntactFileIsNotWrittenAgain() throws Exception {
    Path file = cache.unpack(library).getFirst();
    FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(file, old);
    cache.unpack(library);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
  }

  @Test
  void aTruncatedFileIsWrittenAgain() throws Exception {
    Path file = cache.unpack(library).getLast();
    Files.write(file, new byte[] {SECOND[0]});
    assertThat(cache.unpack(library).getLast()).hasBinaryContent(SECOND);
  }

  @Test
  void aCorruptedFileOfTheSameSizeIsWrittenAgain() throws Exception {
    Path file = cache.unpack(library).getLast();
    byte[] changed = SECOND.clone();
    changed[3] ^= 1;
    Files.write(file, changed);
    assertThat(cache.unpack(library).getLast()).hasBinaryContent(SECOND);
  }

  @Test
  void anotherContentOnTheClassPathIsRefusedAndLeavesNothing() throws Exception {
    byte[] changed = SECOND.clone();
    changed[0] ^= 1;
    Files.write(folder.resolve("jar/org/bytedeco/openblas/test-machine/libsecond.so"), changed);
    assertThatThrownBy(() -> cache.unpack(library))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "org/bytedeco/openblas/test-machine/libsecond.so on the class path has SHA-256 "
                + sha256(changed)
                + ", expected "
                + sha256(SECOND)
                + " of org.bytedeco:openblas:0.3.31-1.5.13:test-machine");
    assertThat(names(cache.directory(library))).containsExactly("libfirst.so");
  }

  @Test
  void aMissingCompanionIsNamed() throws Exception {
    Files.delete(folder.resolve("jar/org/bytedeco/openblas/test-machine/libfirst.so"));
    assertThatThrownBy(() -> cache.unpack(library))
        .isInstanceOf(IOException.class)
        .hasMessage("org/bytedeco/openblas/test-machine/libfirst.so is not on the class path");
  }

  @Test
  void aFileInTheWayIsAnIoException() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertThatThrownBy(() -> new LibraryCache(file.resolve("below"), loader).unpack(library))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aSearchTurnsEveryFailureIntoAReason() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    SystemPlaces nowhere =
        new SystemPlaces(List.of(folder.resolve("none")), List.of("libopenblas.so.0"));
    PackagedLibrary absent = new PackagedLibrary("absent", library.files());
    String system = "; system library: no libopenblas.so.0 in " + folder.resolve("none");
    assertThat(report("auto", Optional.of(absent), folder, nowhere))
        .isEqualTo(
            "no OpenBLAS: packaged library: org.bytedeco:openblas:0.3.31-1.5.13:absent is not on"
                + " the class path"
                + system);
    assertThat(report("auto", Optional.of(library), file.resolve("x"), nowhere))
        .startsWith(
            "no OpenBLAS: packaged library org.bytedeco:openblas:0.3.31-1.5.13:test-machine: cannot"
                + " be unpacked into "
                + file.resolve("x"))
        .endsWith("(choose another directory with -Dharpia.cache)" + system);
    assertThat(report("auto", Optional.empty(), folder, nowhere))
        .startsWith("no OpenBLAS: packaged library: there is none for ")
        .endsWith(system);
    Search homeless = new Search("auto", Optional.of(library), loader, Optional.empty(), nowhere);
    assertThat(homeless.run().report())
        .contains(
            "no cache directory, because this user has no home: name one with -Dharpia.cache");
    // what lies in the cache is intact, but no library
    assertThat(report("auto", Optional.of(library), folder.resolve("cache"), nowhere))
        .startsWith(
            "no OpenBLAS: packaged library org.bytedeco:openblas:0.3.31-1.5.13:test-machine:"
                + " libfirst.so: ");
  }

  private String report(
      String setting, Optional<PackagedLibrary> packaged, Path cacheRoot, SystemPlaces places) {
    Search.Outcome outcome =
        new Search(setting, packaged, loader, Optional.of(cacheRoot), places).run();
    assertThat(outcome.library()).isEmpty();
    return outcome.report();
  }

  @Test
  void leftoversOfDeadProcessesAreRemovedAfterADay() throws Exception {
    Path directory = Files.createDirectories(cache.directory(library));
    Path old = Files.writeString(directory.resolve("libfirst.so.1.tmp"), "half");
    Path fresh = Files.writeString(directory.resolve("libfirst.so.2.tmp"), "half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    cache.unpack(library);
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }

  @Test
  void manyMayUnpackAtOnce() throws Exception {
    List<Callable<List<Path>>> tasks = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      tasks.add(() -> cache.unpack(library));
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      for (Future<List<Path>> done : pool.invokeAll(tasks)) {
        assertThat(done.get().getLast()).hasBinaryContent(SECOND);
      }
    }
    assertThat(names(cache.directory(library)))
        .containsExactlyInAnyOrder("libfirst.so", "libsecond.so");
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  private static PackagedLibrary.File pin(String name, byte[] content) throws Exception {
    return new PackagedLibrary.File(name, content.length, sha256(content));
  }

  private static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
