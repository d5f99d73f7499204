package dev.harpia.bench.peers;

import dev.harpia.bench.suite.Caches;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bytedeco.javacpp.Loader;

/** Native libraries of peers, unpacked once from their jars into the user's cache directory. */
final class PeerLibraries {
  private static final String[] TORCH = {
    "libc10.so", "libtorch_cpu.so", "libtorch.so", "libgomp-98b21ff3.so.1"
  };

  private PeerLibraries() {}

  /** The official LibTorch. */
  static Path torch() throws IOException {
    String platform = Loader.getPlatform();
    return unpacked("libtorch-2.7.1-" + platform, "pytorch/cpu/" + platform, TORCH);
  }

  /** ONNX Runtime and its binding. */
  static Path onnxRuntime() throws IOException {
    String platform =
        switch (Loader.getPlatform()) {
          case "linux-x86_64" -> "linux-x64";
          case "linux-arm64" -> "linux-aarch64";
          case "macosx-arm64" -> "osx-aarch64";
          case "windows-x86_64" -> "win-x64";
          default -> throw new IOException("onnxruntime: no libraries for this platform");
        };
    return unpacked(
        "onnxruntime-" + platform,
        "ai/onnxruntime/native/" + platform,
        System.mapLibraryName("onnxruntime"),
        System.mapLibraryName("onnxruntime4j_jni"));
  }

  private static Path unpacked(String name, String resources, String... files) throws IOException {
    Path folder = Caches.folder("peers").resolve(name);
    Files.createDirectories(folder);
    for (String f : files) {
      Path file = folder.resolve(f);
      if (Files.exists(file)) {
        continue;
      }
      String resource = resources + "/" + f;
      try (InputStream in = PeerLibraries.class.getClassLoader().getResourceAsStream(resource)) {
        if (in == null) {
          throw new IOException("peers: " + resource + " is not on the class path");
        }
        Path part = Files.createTempFile(folder, f, ".part");
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return folder;
  }
}
