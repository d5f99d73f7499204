package dev.harpia.models.cli;

import dev.harpia.models.onnx.Difference;
import dev.harpia.models.onnx.ReferenceCheck;
import dev.harpia.models.onnx.TestCase;
import dev.harpia.models.onnx.TestCase.Outcome;
import dev.harpia.models.run.JsonLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harpia verify}: 0 if the outputs are those of the reference, 1 if not. */
@Command(
    name = "verify",
    description = {
      "Runs an ONNX model and compares its outputs with those of another program.",
      "MODEL.onnx REFERENCE.safetensors: tensors in.<input> and out.<output>; passes when |a-b| is"
          + " at most 1e-5 + 1e-4 max|b|.",
      "--onnx-test DIR...: directories of model.onnx and test_data_set_*/{input,output}_*.pb, at"
          + " any depth; passes when |a-b| is at most 1e-5 + 1e-3 |b| for every element."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--onnx-test", description = "The files are directories of tests.")
  private boolean tests;

  @Option(names = "--json", description = "Print one line of JSON.")
  private boolean json;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Model and reference, or tests.")
  private List<Path> files = List.of();

  VerifyCommand() {}

  @Override
  public Integer call() throws IOException {
    for (Path file : files) {
      if (!Files.exists(file)) {
        throw new NoSuchFileException(file.toString());
      }
    }
    if (tests) {
      return tests();
    }
    if (files.size() != 2) {
      throw new ParameterException(
          spec.commandLine(), "two files are wanted: MODEL.onnx REFERENCE.safetensors");
    }
    return reference();
  }

  private int reference() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Difference> differences = ReferenceCheck.run(files.get(0), files.get(1));
    boolean passed = differences.values().stream().allMatch(Difference::passed);
    if (json) {
      JsonLine outputs = new JsonLine();
      differences.forEach(
          (name, d) ->
              outputs.put(
                  name,
                  new JsonLine()
                      .put("difference", d.largest())
                      .put("allowed", d.allowed())
                      .put("passed", d.passed())));
      out.println(new JsonLine().put("passed", passed).put("outputs", outputs));
    } else {
      differences.forEach((name, d) -> out.println(name + ": " + d));
    }
    out.flush();
    return passed ? 0 : 1;
  }

  private int tests() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    List<Path> directories = TestCase.find(files);
    if (directories.isEmpty()) {
      throw new IOException(files + ": no directory with a model.onnx");
    }
    List<TestCase> cases = new ArrayList<>();
    for (Path directory : directories) {
      TestCase c = TestCase.run(directory);
      cases.add(c);
      counts.merge(c.outcome(), 1, Integer::sum);
      if (!json) {
        String detail =
            c.detail().isEmpty() ? "" : "  " + c.detail().replaceAll("\\s*\\R\\s*", " ");
        out.printf(
            Locale.ROOT,
            "%-12s %s%s%n",
            c.outcome().name().toLowerCase(Locale.ROOT),
            c.directory().getFileName(),
            detail);
        out.flush();
      }
    }
    int failed = counts.getOrDefault(Outcome.FAILED, 0);
    int passed = counts.getOrDefault(Outcome.PASSED, 0);
    int unsupported = counts.getOrDefault(Outcome.UNSUPPORTED, 0);
    if (json) {
      out.println(
          new JsonLine()
              .put("cases", cases.size())
              .put("passed", passed)
              .put("failed", failed)
              .put("unsupported", unsupported));
    } else {
      out.printf(
          Locale.ROOT,
          "%d cases: %d passed, %d failed, %d unsupported%n",
          cases.size(),
          passed,
          failed,
          unsupported);
    }
    out.flush();
    return failed == 0 ? 0 : 1;
  }
}
