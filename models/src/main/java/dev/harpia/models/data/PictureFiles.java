package dev.harpia.models.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Pictures for a classifier as files {@code train/CLASS/…} and {@code test/CLASS/…}, in a directory
 * or in a zip file.
 *
 * @param train to learn from
 * @param test to be judged by; of the same classes
 */
public record PictureFiles(PictureSet train, PictureSet test) {
  /** The most that a packed picture may hold, and the most pictures: far above any sound use. */
  private static final long LARGEST = 1 << 25;

  private static final int MOST = 1_000_000;

  /** A file: where it is, and how its bytes are had. */
  private record Entry(String part, String name, String path, Source source) {}

  private interface Source {
    byte[] read() throws IOException;
  }

  /**
   * Reads PNG or JPEG pictures that must all have one shape.
   *
   * @param path a directory with {@code train} and {@code test}, a zip file of such a directory, or
   *     a directory that holds such a zip file
   * @throws IOException that names the file, and says what is wrong with it
   */
  public static PictureFiles read(Path path, int channels, int height, int width)
      throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString(), null, "no such file or directory");
    }
    if (Files.isDirectory(path)) {
      if (Files.isDirectory(path.resolve("train"))) {
        return of(path, directory(path), channels, height, width);
      }
      try (Stream<Path> files = Files.list(path)) {
        List<Path> zips =
            files.filter(f -> f.toString().toLowerCase(Locale.ROOT).endsWith(".zip")).toList();
        if (zips.size() != 1) {
          throw new NoSuchFileException(
              path.toString(),
              null,
              "expected directories train and test, or one zip file; found neither"
                  + (zips.isEmpty() ? "" : ", but " + zips.size() + " zip files"));
        }
        return read(zips.getFirst(), channels, height, width);
      }
    }
    try (ZipFile zip = new ZipFile(path.toFile())) {
      return of(path, entries(path, zip), channels, height, width);
    } catch (ZipException e) {
      throw new IOException(path + ": not a sound zip file: " + e.getMessage(), e);
    }
  }

  private static List<Entry> directory(Path root) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String part : List.of("train", "test")) {
      Path folder = root.resolve(part);
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder, 2)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            Path relative = folder.relativize(file);
            if (relative.getNameCount() == 2 && isPicture(file.toString())) {
              String name = relative.getName(0).toString();
              entries.add(new Entry(part, name, file.toString(), () -> Files.readAllBytes(file)));
            }
          }
        }
      }
    }
    return entries;
  }

  private static List<Entry> entries(Path path, ZipFile zip) throws IOException {
    List<Entry> entries = new ArrayList<>();
    Enumeration<? extends ZipEntry> all = zip.entries();
    while (all.hasMoreElements()) {
      ZipEntry entry = all.nextElement();
      String[] names = entry.getName().split("/");
      int n = names.length;
      if (!entry.isDirectory() && n >= 3 && isPicture(entry.getName())) {
        String part = names[n - 3];
        if (part.equals("train") || part.equals("test")) {
          entries.add(
              new Entry(
                  part,
                  names[n - 2],
                  path + "!" + entry.getName(),
                  () -> unpacked(path, zip, entry)));
          if (entries.size() > MOST) {
            throw new IOException(path + ": more than " + MOST + " pictures");
          }
        }
      }
    }
    entries.sort(Comparator.comparing(Entry::path));
    return entries;
  }

  private static byte[] unpacked(Path path, ZipFile zip, ZipEntry entry) throws IOException {
    try (var in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) LARGEST + 1); // sizes in the directory may lie
      if (bytes.length > LARGEST) {
        throw new IOException(
            "%s!%s: more than %,d bytes".formatted(path, entry.getName(), LARGEST));
      }
      return bytes;
    }
  }

  private static boolean isPicture(String name) {
    return name.toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g)");
  }

  private static PictureFiles of(
      Path path, List<Entry> entries, int channels, int height, int width) throws IOException {
    TreeMap<String, Integer> classes = new TreeMap<>();
    entries.stream().filter(e -> e.part().equals("train")).forEach(e -> classes.put(e.name(), 0));
    if (classes.isEmpty()) {
      throw new IOException(path + ": no pictures (png, jpg) in train/CLASS/");
    }
    if (classes.size() == 1) {
      throw new IOException(
          path + ": one class only, " + classes.firstKey() + ": there must be 2 to tell apart");
    }
    int number = 0;
    for (String name : classes.keySet()) {
      classes.put(name, number++);
    }
    List<String> names = List.copyOf(classes.keySet());
    PictureSet[] sets = new PictureSet[2];
    for (int p = 0; p < 2; p++) {
      String part = p == 0 ? "train" : "test";
      List<Entry> own = entries.stream().filter(e -> e.part().equals(part)).toList();
      if (own.isEmpty()) {
        throw new IOException(path + ": no pictures (png, jpg) in " + part + "/CLASS/");
      }
      int size = channels * height * width;
      byte[] pixels = new byte[Math.multiplyExact(own.size(), size)];
      int[] labels = new int[own.size()];
      for (int i = 0; i < labels.length; i++) {
        Entry entry = own.get(i);
        Integer label = classes.get(entry.name());
        if (label == null) {
          throw new IOException(
              entry.path() + ": class " + entry.name() + " has no pictures to learn from");
        }
        labels[i] = label;
        byte[] picture =
            PictureBytes.decode(entry.path(), entry.source().read(), channels, height, width);
        System.arraycopy(picture, 0, pixels, i * size, size);
      }
      sets[p] = new PictureSet(channels, height, width, pixels, labels, names);
    }
    return new PictureFiles(sets[0], sets[1]);
  }
}
