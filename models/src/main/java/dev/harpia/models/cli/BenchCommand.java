package dev.harpia.models.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code harpia bench}: the launcher starts the benchmarks' own jar, which this program does not
 * contain; here it is for the help text, and for those who start the jar without the launcher.
 */
@Command(name = "bench", description = "Runs benchmarks: ./harpia bench [NAMES] [JMH OPTIONS].")
final class BenchCommand implements Runnable {
  @Parameters(arity = "0..*", hidden = true)
  private List<String> words = List.of();

  BenchCommand() {}

  @Override
  public void run() {
    throw new IllegalStateException(
        "the benchmarks have a jar of their own: start them through the launcher, ./harpia bench "
            + String.join(" ", words));
  }
}
