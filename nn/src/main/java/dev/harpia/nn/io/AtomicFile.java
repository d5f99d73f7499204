package dev.harpia.nn.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Writes files in one step: beside their place first, forced to the disk, then moved. Whatever
 * happens, a full disk or a killed process, the file is the old one or the new one, whole.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes a file's content. */
  @FunctionalInterface
  public interface Content {
    /** Writes to the channel, and does not close it. */
    void writeTo(FileChannel out) throws IOException;
  }

  /** Writes {@code file}, or leaves it as it is and throws. */
  public static void write(Path file, Content content) throws IOException {
    Path target = file.toAbsolutePath();
    // Not createTempFile, which would leave a file that only its owner may read.
    String name = "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part";
    Path part = target.resolveSibling(name);
    Path parent = target.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new NoSuchFileException(file.toString(), null, "no such directory: " + parent);
    }
    try {
      try (FileChannel out =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        content.writeTo(out);
        out.force(true);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException e) {
      throw e; // names its file
    } catch (IOException e) {
      throw new IOException(file + ": cannot be written: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(part);
    }
    force(parent);
  }

  /** Makes the new name outlive a power cut. Windows cannot open directories, and need not. */
  private static void force(Path directory) throws IOException {
    if (System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("win")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
