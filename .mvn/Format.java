import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks the format of every Java source below the working directory, or rewrites what differs:
 * {@code Format check|write STAMP}. Files older than the stamp, which every success renews, are not
 * read again.
 */
final class Format {
  private static final String GENERATED = "dev/harpia/blas/cblas";

  private Format() {}

  public static void main(String[] args) throws IOException {
    boolean write = args[0].equals("write");
    Path stamp = Path.of(args[1]);
    FileTime since =
        Files.exists(stamp) ? Files.getLastModifiedTime(stamp) : FileTime.fromMillis(0);
    FileTime start = FileTime.fromMillis(System.currentTimeMillis());
    List<Path> wrong =
        sources(since).parallelStream().filter(file -> differs(file, write)).toList();
    if (!wrong.isEmpty() && !write) {
      wrong.forEach(file -> System.err.println("not formatted: " + file));
      System.err.println("Remedy: mvn -N -Pformat");
      System.exit(1);
    }
    wrong.forEach(file -> System.err.println("formatted: " + file));
    Files.createDirectories(stamp.getParent());
    Files.write(stamp, new byte[0]);
    Files.setLastModifiedTime(stamp, start);
  }

  private static List<Path> sources(FileTime since) throws IOException {
    try (Stream<Path> files =
        Files.find(
            Path.of(""),
            30,
            (path, a) ->
                a.isRegularFile()
                    && isSource(path)
                    && a.lastModifiedTime().compareTo(since) >= 0)) {
      return files.toList();
    }
  }

  private static boolean isSource(Path path) {
    String name = path.toString().replace('\\', '/');
    return name.endsWith(".java") && !name.contains("target/") && !name.contains(GENERATED);
  }

  private static boolean differs(Path file, boolean write) {
    try {
      String source = Files.readString(file);
      String formatted = new Formatter().formatSourceAndFixImports(source);
      if (write && !formatted.equals(source)) {
        Files.writeString(file, formatted);
      }
      return !formatted.equals(source);
    } catch (FormatterException e) {
      throw new IllegalStateException(file + " does not parse: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }
}
