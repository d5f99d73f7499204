package dev.harpia.models.run;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * The directory of one run. Every file is written beside its place, forced to the disk, and moved
 * to its name by {@link #publish()} only when all of them are whole: a run that fails leaves the
 * results of an earlier run in the same directory untouched.
 */
public final class RunDirectory implements AutoCloseable {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Path path;
  private final Map<Path, Path> staged = new LinkedHashMap<>(); // final name → where it is written

  private final Thread onInterrupt = new Thread(this::sweep, "harpia-sweep");

  private final boolean mine;

  private final String command;

  private RunDirectory(Path path, boolean mine, String command) {
    this.path = path;
    this.command = command;
    this.mine = mine;
    Runtime.getRuntime().addShutdownHook(onInterrupt);
  }

  /** Writes the content of one file. */
  @FunctionalInterface
  public interface Content {
    /** Writes to the stream, and does not close it. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes one file by its name, as model savers do. */
  @FunctionalInterface
  public interface Saver {
    /** Writes the file. */
    void saveTo(Path file) throws IOException;
  }

  /**
   * Opens the directory {@code out}, which may exist, or makes a new one {@code
   * runs/<lab>-<timestamp>}; and checks that it can be written to, so that a run fails at its start
   * and not at its end.
   */
  public static RunDirectory open(Optional<Path> out, String lab) throws IOException {
    return open(out, lab, "./harpia lab " + lab);
  }

  /**
   * As {@link #open(Optional, String)}.
   *
   * @param command what repeats the run, for its report
   */
  public static RunDirectory open(Optional<Path> out, String lab, String command)
      throws IOException {
    Path path =
        out.isPresent()
            ? out.get()
            : fresh(Path.of("runs"), lab + "-" + LocalDateTime.now().format(STAMP));
    try {
      Files.createDirectories(path);
      Files.delete(Files.createTempFile(path, ".probe", ".tmp"));
    } catch (IOException e) {
      throw failure(path, "cannot be written to", e);
    }
    return new RunDirectory(path, out.isEmpty(), command);
  }

  private static Path fresh(Path parent, String name) throws IOException {
    try {
      Files.createDirectories(parent);
      for (int i = 1; ; i++) {
        Path path = parent.resolve(i == 1 ? name : name + "-" + i);
        try {
          return Files.createDirectory(
              path); // atomic: two runs that start together get two directories
        } catch (FileAlreadyExistsException e) {
          if (i == 1000) {
            throw e;
          }
        }
      }
    } catch (IOException e) {
      throw failure(parent.resolve(name), "cannot be created", e);
    }
  }

  /** Where the run's files go. */
  public Path path() {
    return path;
  }

  /** What repeats the run, for a shell. */
  public String command() {
    return command;
  }

  /** Writes a file, to appear with {@link #publish()}. */
  public void write(String name, Content content) throws IOException {
    save(
        name,
        file -> {
          try (FileChannel channel =
              FileChannel.open(
                  file,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.TRUNCATE_EXISTING)) {
            OutputStream out = Channels.newOutputStream(channel);
            content.writeTo(out);
            out.flush();
          }
        });
  }

  /** Has a file written by its name, to appear with {@link #publish()}. */
  public void save(String name, Saver saver) throws IOException {
    Path target = path.resolve(name);
    Path part = path.resolve("." + name + ".part");
    synchronized (this) {
      staged.put(target, part);
    }
    try {
      saver.saveTo(part);
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    } catch (IOException e) {
      throw failure(target, "cannot be written", e);
    }
  }

  /** Writes a text file. */
  public void text(String name, String text) throws IOException {
    write(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes a picture as PNG. */
  public void picture(String name, BufferedImage image) throws IOException {
    write(
        name,
        out -> {
          if (!ImageIO.write(image, "png", out)) {
            throw new IOException("this JDK has no PNG writer");
          }
        });
  }

  /** Gives every file written so far its name, each in one step. */
  public synchronized void publish() throws IOException {
    for (Map.Entry<Path, Path> entry : staged.entrySet()) {
      try {
        Files.move(
            entry.getValue(),
            entry.getKey(),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw failure(entry.getKey(), "cannot be put in place", e);
      }
    }
    staged.clear();
  }

  private static IOException failure(Path file, String what, IOException e) {
    String reason =
        e instanceof FileSystemException f ? reason(f, file) : String.valueOf(e.getMessage());
    return new IOException(file + ": " + what + ": " + reason, e);
  }

  /** The system's reason, with the file it names if that is another one. */
  private static String reason(FileSystemException e, Path file) {
    String why = e.getReason();
    if (why == null) {
      why =
          switch (e) {
            case FileAlreadyExistsException exists -> "there is a file of this name";
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            case java.nio.file.NoSuchFileException missing -> "no such file or directory";
            default -> e.getClass().getSimpleName();
          };
    }
    String other = e.getFile();
    boolean inside = other == null || Path.of(other).startsWith(file) || other.endsWith(".part");
    return inside ? why : other + ": " + why;
  }

  /** Removes what was written and not published. */
  @Override
  public void close() {
    sweep();
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException e) {
      // the JVM is ending: the hook runs, and finds nothing
    }
  }

  private synchronized void sweep() {
    for (Path part : staged.values()) {
      try {
        Files.deleteIfExists(part);
      } catch (IOException e) {
        System.getLogger("dev.harpia.models")
            .log(System.Logger.Level.WARNING, "{0}: cannot be removed: {1}", part, e.getMessage());
      }
    }
    staged.clear();
    try {
      if (mine && isEmpty()) {
        Files.delete(path); // a run that failed before it had a result
      }
    } catch (IOException e) {
      System.getLogger("dev.harpia.models")
          .log(System.Logger.Level.DEBUG, "{0}: cannot be removed: {1}", path, e.getMessage());
    }
  }

  private boolean isEmpty() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      return !files.iterator().hasNext();
    }
  }
}
