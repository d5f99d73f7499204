package dev.harpia.models.cli;

import dev.harpia.models.serve.InputFiles;
import dev.harpia.models.serve.ModelFile;
import dev.harpia.models.serve.RunReport;
import dev.harpia.nn.io.Npz;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harpia run}: a model's outputs for inputs from files. */
@Command(
    name = "run",
    description = {
      "Runs a model once on inputs from files, and prints its outputs.",
      "MODEL is .onnx, or the .safetensors that a lab saved. Inputs are .npy, .csv or a picture,"
          + " or .npz or .safetensors with a tensor for each input (its name, or in.<name>)."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL", description = "The model.")
  private Path model = Path.of("");

  @Option(
      names = {"-i", "--input"},
      paramLabel = "[NAME=]FILE",
      description = "Values for an input, or for all.")
  private List<String> inputs = List.of();

  @Option(
      names = "--mean",
      paramLabel = "X",
      description = "Taken from the values of pictures, which are from 0 to 1 (default 0).")
  private float mean;

  @Option(
      names = "--std",
      paramLabel = "X",
      description = "What pictures' values are then divided by (default 1).")
  private float deviation = 1;

  @Option(names = "--top", paramLabel = "K", description = "Show the K largest (default 5).")
  private int top = 5;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Save the outputs as .npz or .safetensors.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--json", description = "Print one line of JSON with every element.")
  private boolean json;

  RunCommand() {}

  @Override
  public Integer call() throws IOException {
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top: " + top + ": must be at least 1");
    }
    if (!(deviation != 0 && Float.isFinite(deviation) && Float.isFinite(mean))) {
      throw new ParameterException(spec.commandLine(), "--mean, --std: must be finite, std not 0");
    }
    String saved = out.map(p -> p.toString().toLowerCase(Locale.ROOT)).orElse(".npz");
    if (!saved.endsWith(".npz") && !saved.endsWith(".safetensors")) {
      throw new ParameterException(
          spec.commandLine(), "--out: " + saved + ": must end in .npz or .safetensors");
    }
    ModelFile file = ModelFile.load(model);
    Map<String, Tensor> values = new InputFiles(file.inputs(), mean, deviation).read(inputs);
    RunReport report = RunReport.of(file.compileFor(values), values);
    if (out.isPresent()) {
      if (saved.endsWith(".npz")) {
        Npz.save(report.outputs(), out.get());
      } else {
        SafeTensors.save(report.outputs(), Map.of(), out.get());
      }
    }
    PrintWriter writer = spec.commandLine().getOut();
    writer.print(json ? report.json(top) + System.lineSeparator() : report.text(top));
    writer.flush();
    return 0;
  }
}
