package dev.harpia.nn.io;

import dev.harpia.tensor.Tensor;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's archives of named arrays, npz: a zip file of {@link Npy} files.
 *
 * <p>Against zip bombs there is a limit on the bytes of all arrays, and none may be larger than its
 * packed bytes can hold, whatever the archive says: both are checked before memory is taken.
 */
public final class Npz {
  private static final long LIMIT = 1L << 32;
  private static final int MAX_ENTRIES = 100_000;
  private static final long DEFLATE = 1040; // no byte of deflated data becomes more bytes
  private static final LocalDateTime TIME =
      LocalDateTime.of(1980, 1, 1, 0, 0); // same file, same bytes

  private Npz() {}

  /** Reads all arrays, up to 4 GiB, in the order of the archive. */
  public static Map<String, Tensor> load(Path file) throws IOException {
    return load(file, LIMIT);
  }

  /** Reads all arrays, up to {@code limit} bytes together, in the order of the archive. */
  public static Map<String, Tensor> load(Path file, long limit) throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    long left = limit;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.size() > MAX_ENTRIES) {
        throw new FormatException(file, 0, zip.size() + " entries; at most " + MAX_ENTRIES);
      }
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (!entry.getName().endsWith(".npy")) {
          throw new FormatException(
              file, 0, "expected entries .npy, found \"" + entry.getName() + "\"");
        }
        String name = entry.getName().substring(0, entry.getName().length() - 4);
        Tensor t = read(file, zip, entry, left);
        left -= 4 * t.size();
        if (arrays.put(name, t) != null) {
          throw new FormatException(file, 0, "two arrays \"" + name + "\"");
        }
      }
    } catch (ZipException | EOFException e) {
      throw new FormatException(file, 0, "damaged zip file: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, 0, "damaged zip file: " + e.getMessage(), e);
    }
    return arrays;
  }

  private static Tensor read(Path file, ZipFile zip, ZipEntry entry, long left) throws IOException {
    long most = 64 + DEFLATE * entry.getCompressedSize();
    if (entry.getSize() > left) {
      throw new FormatException(
          file,
          0,
          "entry \"%s\" of %d bytes: the limit leaves %d"
              .formatted(entry.getName(), entry.getSize(), left));
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return Npy.read(Path.of(file + "/" + entry.getName()), in, Math.min(most, left));
    }
  }

  /** Saves tensors, packed, in the order of the map. Atomic. */
  public static void save(Map<String, Tensor> tensors, Path file) throws IOException {
    AtomicFile.write(
        file,
        channel -> {
          // Not closed: closing ends the channel, which is still to be forced to the disk.
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
          ZipOutputStream zip = new ZipOutputStream(out);
          for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
            ZipEntry entry = new ZipEntry(e.getKey() + ".npy");
            entry.setTimeLocal(TIME);
            zip.putNextEntry(entry);
            Npy.write(e.getValue(), zip);
            zip.closeEntry();
          }
          zip.finish();
          out.flush();
        });
  }
}
