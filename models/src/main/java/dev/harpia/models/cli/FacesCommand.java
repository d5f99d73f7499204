package dev.harpia.models.cli;

import dev.harpia.models.faces.FacesLab;
import dev.harpia.models.faces.FacesSettings;
import dev.harpia.models.generative.LabReport;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code harpia lab faces}: a face detector, whom it overlooks, and how to mend that. */
@Command(
    name = "faces",
    description =
        "A face detector learns from biased data, as it is and with a debiasing autoencoder.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class FacesCommand implements Callable<Integer> {
  private static final int COURSE = 100;
  private static final int DRAWN = 8;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A directory with faces/GROUP/… and non-faces/ANY/…, or with the collections faces-utk64,"
              + " faces-cbcl24 and cifar10-subset. Without it faces are drawn.")
  private Optional<Path> data = Optional.empty();

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data (default 5).")
  private int epochs = 5;

  @Option(names = "--batch", paramLabel = "N", description = "Pictures per step (default 32).")
  private int batch = 32;

  @Option(
      names = "--latent",
      paramLabel = "D",
      description =
          "Latent variables (default 100, as in the course; 8 for drawn faces, which vary less).")
  private Optional<Integer> latent = Optional.empty();

  @Option(names = "--lr", paramLabel = "X", description = "The learning rate (default 0.0005).")
  private float learningRate = 5e-4f;

  @Option(names = "--bins", paramLabel = "N", description = "Bins of histograms (default 10).")
  private int bins = 10;

  @Option(
      names = "--smoothing",
      paramLabel = "X",
      description = "Added to densities: the smaller, the stronger the debiasing (default 0.001).")
  private double smoothing = 0.001;

  @Option(
      names = "--ssvae",
      description = "Train the autoencoder without resampling too, for comparison.")
  private boolean semiSupervised;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Do everything so often, with other seeds (default 1).")
  private int runs = 1;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Draw N faces to learn from and N to be judged by (default 2000 and 1000).")
  private Optional<Integer> limit = Optional.empty();

  @Mixin private LabOptions options = new LabOptions();

  FacesCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    FacesSettings settings = settings();
    options.apply(spec);
    try (RunDirectory run = options.open(spec, "faces")) {
      LabReport report = options.limited(new FacesLab(settings, data, limit, run, err)::run);
      out.println(options.json() ? report.json() : report.text());
    }
    return 0;
  }

  private FacesSettings settings() {
    try {
      if (limit.isPresent() && data.isPresent()) {
        throw new IllegalArgumentException(
            "limit: it is for drawn faces; leave it out with --data");
      }
      if (limit.isPresent() && (limit.get() < 32 || limit.get() > 100_000)) {
        throw new IllegalArgumentException("limit: " + limit.get() + ": must be from 32 to 100000");
      }
      return new FacesSettings(
          latent.orElse(data.isPresent() ? COURSE : DRAWN),
          epochs,
          batch,
          learningRate,
          bins,
          smoothing,
          semiSupervised,
          runs,
          options.seed());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
