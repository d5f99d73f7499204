package dev.harpia.models.cli;

import dev.harpia.models.serve.SavedExport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harpia export}: a saved network as ONNX. */
@Command(
    name = "export",
    description = {
      "Writes a network that a lab saved as an ONNX model, operator set 17.",
      "Known are the networks that harpia run knows. The input is called x, the output y."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL.safetensors", description = "The network's weights.")
  private Path model = Path.of("");

  @Parameters(paramLabel = "OUT.onnx", description = "The file to write.")
  private Path out = Path.of("");

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Items that it takes at a time (default ${DEFAULT-VALUE}).")
  private int batch = 1;

  ExportCommand() {}

  @Override
  public Integer call() throws IOException {
    if (batch < 1) {
      throw new ParameterException(
          spec.commandLine(), "--batch: " + batch + ": must be at least 1");
    }
    if (!out.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      throw new ParameterException(
          spec.commandLine(), "OUT.onnx: " + out + ": the name must end in .onnx");
    }
    String what = SavedExport.write(model, batch, out);
    PrintWriter writer = spec.commandLine().getOut();
    writer.printf(Locale.ROOT, "%s: %s, %,d bytes%n", out, what, Files.size(out));
    writer.flush();
    return 0;
  }
}
