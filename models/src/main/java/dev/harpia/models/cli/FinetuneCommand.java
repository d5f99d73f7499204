package dev.harpia.models.cli;

import dev.harpia.models.finetune.FinetuneLab;
import dev.harpia.models.finetune.FinetuneReport;
import dev.harpia.models.finetune.FinetuneSettings;
import dev.harpia.models.finetune.FinetuneSettings.Rule;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.LoRA;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code harpia lab finetune}: teaches a small language model a style. */
@Command(
    name = "finetune",
    description = "Teaches a small language model a style through low-rank adapters (LoRA).",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class FinetuneCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "The text to pretrain on. Without it sentences are composed by a grammar.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--style",
      paramLabel = "FILE",
      description = "The text whose style is learnt. Without it sentences are composed.")
  private Optional<Path> style = Optional.empty();

  @Option(
      names = "--base",
      paramLabel = "FILE",
      description = "base.safetensors of an earlier run with the same texts: no pretraining.")
  private Optional<Path> base = Optional.empty();

  @Option(
      names = "--adapters",
      paramLabel = "DIR",
      description = "Go on from adapters, the folder adapters of an earlier run with --base.")
  private Optional<Path> adapters = Optional.empty();

  @Option(
      names = "--pretrain",
      paramLabel = "N",
      description = "Optimizer steps of the base model (default 800).")
  private int pretraining = 800;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Optimizer steps of the adapters (default 400).")
  private int steps = 400;

  @Option(names = "--batch", paramLabel = "N", description = "Sentences per step (default 16).")
  private int batch = 16;

  @Option(names = "--rank", paramLabel = "R", description = "Rank of the adapters (default 8).")
  private int rank = 8;

  @Option(
      names = "--alpha",
      paramLabel = "A",
      description = "The adapters count A/R times (default 16).")
  private float alpha = 16;

  @Option(
      names = "--targets",
      split = ",",
      paramLabel = "NAME",
      description = "The linear layers to adapt, of qkv, proj, fc, out (default all).")
  private List<String> targets = FinetuneSettings.TARGETS;

  @Option(names = "--optimizer", description = "lion (default) or adamw.")
  private Rule optimizer = Rule.LION;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "The adapters' highest learning rate (default 1e-3 for lion, 5e-3 for adamw).")
  private Optional<Double> rate = Optional.empty();

  @Option(
      names = "--answers",
      paramLabel = "N",
      description = "How many answers are judged before and after (default 40).")
  private int answers = 40;

  @Mixin private LabOptions options = new LabOptions();

  FinetuneCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    FinetuneSettings settings = settings();
    if (adapters.isPresent() && base.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--adapters: needs --base, the model that they were made for");
    }
    options.apply(spec);
    try (RunDirectory run = options.open(spec, "finetune")) {
      FinetuneLab.Inputs inputs = new FinetuneLab.Inputs(data, style, base, adapters);
      FinetuneReport report = options.limited(new FinetuneLab(settings, inputs, run, err)::run);
      out.println(options.json() ? report.json() : report.text());
    }
    return 0;
  }

  private FinetuneSettings settings() {
    LoRA.Config lora;
    try {
      lora = FinetuneSettings.lora(rank, alpha, targets);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    try {
      return new FinetuneSettings(
          pretraining,
          steps,
          batch,
          lora,
          optimizer,
          rate.orElse(optimizer.usual()),
          answers,
          options.seed());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
