package dev.harpia.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.bytedeco.javacpp.Loader;

/**
 * The official LibTorch libraries, unpacked once from their jar into the user's cache directory.
 */
final class TorchLibraries {
  private static final String[] NAMES = {
    "libc10.so", "libtorch_cpu.so", "libtorch.so", "libgomp-98b21ff3.so.1"
  };

  private TorchLibraries() {}

  static Path unpacked() throws IOException {
    String platform = Loader.getPlatform();
    Path folder = cache().resolve("libtorch-2.7.1-" + platform);
    Files.createDirectories(folder);
    for (String name : NAMES) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        continue;
      }
      String resource = "pytorch/cpu/" + platform + "/" + name;
      try (InputStream in = TorchLibraries.class.getClassLoader().getResourceAsStream(resource)) {
        if (in == null) {
          throw new IOException("pytorch: " + resource + " is not on the class path");
        }
        Path part = Files.createTempFile(folder, name, ".part");
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return folder;
  }

  private static Path cache() {
    String set = System.getProperty("harpia.cache", "");
    if (!set.isEmpty()) {
      return Path.of(set).resolve("peers");
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("win");
    Path base =
        xdg != null && !xdg.isEmpty()
            ? Path.of(xdg)
            : windows
                ? Path.of(System.getProperty("java.io.tmpdir"))
                : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("harpia").resolve("peers");
  }
}
