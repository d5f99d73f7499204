package dev.harpia.models.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code harpia doctor}: 0 if the library can work here, 1 if not. */
@Command(
    name = "doctor",
    description = "Shows what this machine and JVM offer, and what is wrong with them.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print one line of JSON.")
  private boolean json;

  @Option(
      names = "--kernels",
      description = "List the elementwise kernels with their operation counts.")
  private boolean kernels;

  DoctorCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (kernels) {
      out.print(KernelListing.text());
      out.flush();
      return 0;
    }
    Doctor doctor = Doctor.examine();
    out.print(json ? doctor.json() + System.lineSeparator() : doctor.text());
    out.flush();
    return doctor.failures().isEmpty() ? 0 : 1;
  }
}
