package dev.harpia.bench.suite;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that prints one MLP result and ends.
 *
 * @param name as the table calls it: the engine's, and what is special
 * @param main the class, in the package {@code dev.harpia.bench.start}
 * @param libraries what the names of the jars that it needs begin with
 * @param options of its JVM
 * @param file which model file it is given: {@code mlp.safetensors}, {@code mlp.onnx}, or none
 * @param unpacked folders with the native libraries that it takes out of its jars
 */
public record StartProgram(
    String name,
    String main,
    List<String> libraries,
    List<String> options,
    String file,
    List<Path> unpacked) {
  /** The same with more options. */
  public StartProgram with(String name, String... more) {
    List<String> all = Stream.concat(options.stream(), Stream.of(more)).toList();
    return new StartProgram(name, main, libraries, all, file, unpacked);
  }
}
