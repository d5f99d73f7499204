package dev.harpia.models.cli;

import dev.harpia.models.onnx.FileTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harpia inspect}: what is in a file. */
@Command(
    name = "inspect",
    description = "Lists what is in a .onnx, .safetensors, .npy or .npz file.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print one line of JSON.")
  private boolean json;

  @Parameters(paramLabel = "FILE", description = "The file.")
  private Path file = Path.of("");

  InspectCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    FileTable table = FileTable.of(file);
    out.print(json ? table.json() + System.lineSeparator() : table.text());
    out.flush();
    return 0;
  }
}
