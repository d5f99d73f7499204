package dev.harpia.bench.suite;

import dev.harpia.bench.start.HarpiaStart;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.io.onnx.OnnxExport;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The model's files, a jar of the programs alone, and the jars that they need. */
final class StartFiles {
  private static final String PACKAGE = "dev/harpia/bench/start/";

  private final Path folder;
  private final Path programs;
  private final List<Path> jars;

  StartFiles(Path folder) throws IOException {
    this.folder = folder;
    Rng.seed(1);
    HarpiaStart.Mlp model = new HarpiaStart.Mlp();
    SafeTensors.save(model, folder.resolve("mlp.safetensors"));
    OnnxExport.save(model, Shape.of(1, 784), folder.resolve("mlp.onnx"));
    List<Path> all = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      all.add(Path.of(entry).toAbsolutePath());
    }
    programs = folder.resolve("start.jar");
    pack(all.getFirst());
    Path lib = all.getFirst().resolveSibling("lib"); // where the build puts what its jar names
    if (Files.isDirectory(lib)) {
      try (Stream<Path> files = Files.list(lib)) {
        files.sorted().forEach(all::add);
      }
    }
    jars = all;
  }

  /** The programs' classes, out of the benchmarks' jar or folder. */
  private void pack(Path from) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(programs))) {
      if (Files.isDirectory(from)) {
        try (Stream<Path> classes = Files.list(from.resolve(PACKAGE))) {
          for (Path c : classes.toList()) {
            add(out, PACKAGE + c.getFileName(), Files.readAllBytes(c));
          }
        }
        return;
      }
      try (JarFile in = new JarFile(from.toFile())) {
        for (JarEntry e : in.stream().filter(e -> e.getName().startsWith(PACKAGE)).toList()) {
          if (!e.isDirectory()) {
            add(out, e.getName(), in.getInputStream(e).readAllBytes());
          }
        }
      }
    }
  }

  private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(bytes);
    out.closeEntry();
  }

  /** The jars of a program, its own left out. */
  List<Path> libraries(StartProgram p) {
    List<Path> result = new ArrayList<>();
    for (String wanted : p.libraries()) {
      jars.stream()
          .filter(j -> String.valueOf(j.getFileName()).startsWith(wanted))
          .forEach(result::add);
    }
    return result;
  }

  /** The command line. */
  List<String> command(StartProgram p) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(p.options());
    command.add("-cp");
    StringBuilder path = new StringBuilder(programs.toString());
    libraries(p).forEach(j -> path.append(File.pathSeparator).append(j));
    command.add(path.toString());
    command.add("dev.harpia.bench.start." + p.main());
    command.add(folder.resolve(p.file()).toString());
    return command;
  }

  Path cache(StartProgram p) {
    return folder.resolve(p.main() + ".aot");
  }

  static long bytes(List<Path> paths) throws IOException {
    long bytes = 0;
    for (Path p : paths) {
      if (Files.exists(p)) {
        try (Stream<Path> files = Files.walk(p)) {
          bytes += files.filter(f -> Files.isRegularFile(f)).mapToLong(StartFiles::size).sum();
        }
      }
    }
    return bytes;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
