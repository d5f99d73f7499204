package dev.harpia.models.cli;

import dev.harpia.models.run.RunDirectory;
import dev.harpia.simd.Parallel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that every lab has. */
final class LabOptions {
  /** A lab's work. */
  @FunctionalInterface
  interface Work<R> {
    R run() throws IOException;
  }

  @Option(names = "--seed", paramLabel = "N", description = "Fixes everything random (default 1).")
  private long seed = 1;

  @Option(names = "--threads", paramLabel = "N", description = "At most so many threads.")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the results go (default runs/LAB-TIMESTAMP).")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--json",
      description = "Print the summary as one line of JSON; all else goes to the error stream.")
  private boolean json;

  LabOptions() {}

  long seed() {
    return seed;
  }

  Optional<Path> out() {
    return out;
  }

  boolean json() {
    return json;
  }

  /** The directory of a lab's run, which knows the command that repeats it. */
  RunDirectory open(CommandSpec spec, String lab) throws IOException {
    List<String> words = spec.root().commandLine().getParseResult().originalArgs();
    StringBuilder command = new StringBuilder("./harpia");
    words.forEach(word -> command.append(' ').append(quoted(word)));
    if (words.stream().noneMatch(word -> word.equals("--seed") || word.startsWith("--seed="))) {
      command.append(" --seed ").append(seed);
    }
    return RunDirectory.open(out, lab, command.toString());
  }

  /** As a shell takes it for one word. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./=:,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Checks the number of threads, and has the pool made as large if it is not made yet. */
  void apply(CommandSpec spec) {
    if (threads.isPresent()) {
      int n = threads.get();
      if (n < 1 || n > 1024) {
        throw new ParameterException(
            spec.commandLine(), "--threads: " + n + ": must be from 1 to 1024");
      }
      System.setProperty("harpia.threads", Integer.toString(n));
    }
  }

  /** Does the work with at most the threads asked for. */
  <R> R limited(Work<R> work) throws IOException {
    OptionalInt limit = threads.map(OptionalInt::of).orElse(OptionalInt.empty());
    return limit.isEmpty()
        ? work.run()
        : Parallel.<R, IOException>limit(limit.getAsInt(), work::run);
  }
}
