package dev.harpia.blas;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Unpacks a packaged library, once, into a directory named after its content, and hands out only
 * files whose SHA-256 is the pinned one.
 *
 * <p>A file is written beside its place, forced to disk and moved there in one step. So a reader
 * sees all of it or nothing, several processes may do this at once, and a process that dies leaves
 * nothing but a temporary file.
 */
final class LibraryCache {
  private static final int CHUNK = 1 << 16;
  private static final String TEMPORARY = ".tmp";
  private static final Duration STALE = Duration.ofDays(1);

  private final Path root;
  private final ClassLoader resources;

  LibraryCache(Path root, ClassLoader resources) {
    this.root = root;
    this.resources = resources;
  }

  /** Whether the jar of a library is on the class path. */
  static boolean packaged(ClassLoader resources, PackagedLibrary library) {
    return resources.getResource(library.resource(library.main())) != null;
  }

  /** Where a library's files are or will be: another content is another directory. */
  Path directory(PackagedLibrary library) {
    MessageDigest all = sha256();
    for (PackagedLibrary.File file : library.files()) {
      all.update(HexFormat.of().parseHex(file.sha256()));
    }
    String content = HexFormat.of().formatHex(all.digest(), 0, 8);
    return root.resolve("openblas").resolve(library.classifier() + "-" + content);
  }

  /**
   * Makes sure that every file is there and intact.
   *
   * @return the verified files, in the order in which they are to be loaded
   * @throws IOException if the class path lacks a file or has another content, or the directory
   *     cannot be written
   */
  List<Path> unpack(PackagedLibrary library) throws IOException {
    Path directory = directory(library);
    List<Path> paths = new ArrayList<>();
    for (PackagedLibrary.File file : library.files()) {
      Path path = directory.resolve(file.name());
      if (!intact(path, file)) {
        write(library, file, directory);
      }
      paths.add(path);
    }
    return paths;
  }

  private static boolean intact(Path path, PackagedLibrary.File file) throws IOException {
    if (!Files.isRegularFile(path) || Files.size(path) != file.bytes()) {
      return false;
    }
    MessageDigest digest = sha256();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(path)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest()).equals(file.sha256());
  }

  private void write(PackagedLibrary library, PackagedLibrary.File file, Path directory)
      throws IOException {
    CacheDirectory.create(directory);
    removeStale(directory);
    Path temporary = Files.createTempFile(directory, file.name() + ".", TEMPORARY);
    try {
      String found = copy(library, file, temporary);
      if (!found.equals(file.sha256())) {
        throw new IOException(
            "%s on the class path has SHA-256 %s, expected %s of %s"
                .formatted(library.resource(file), found, file.sha256(), library.artifact()));
      }
      move(temporary, directory.resolve(file.name()), file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Windows does not replace a library that a process has loaded; then another process has done
   * this work.
   */
  private static void move(Path temporary, Path path, PackagedLibrary.File file)
      throws IOException {
    try {
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (AccessDeniedException e) {
      if (!intact(path, file)) {
        throw e;
      }
    }
  }

  /** Copies a resource, forces it to disk and returns its SHA-256. */
  private String copy(PackagedLibrary library, PackagedLibrary.File file, Path to)
      throws IOException {
    URL url = resources.getResource(library.resource(file));
    if (url == null) {
      throw new IOException(library.resource(file) + " is not on the class path");
    }
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false); // else the jar stays open, and locked on Windows
    MessageDigest digest = sha256();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = connection.getInputStream();
        FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
        for (ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, n); bytes.hasRemaining(); ) {
          out.write(bytes);
        }
      }
      out.force(true);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Deletes what processes left that died while unpacking; a file that another process takes away
   * meanwhile is no matter.
   */
  private static void removeStale(Path directory) throws IOException {
    FileTime limit = FileTime.from(Instant.now().minus(STALE));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + TEMPORARY)) {
      for (Path file : files) {
        try {
          if (Files.getLastModifiedTime(file).compareTo(limit) < 0) {
            Files.deleteIfExists(file);
          }
        } catch (NoSuchFileException e) {
          continue;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
