package dev.harpia.models.rnn;

import dev.harpia.nn.Loss;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.TokenWindows;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.nn.train.Checkpoints;
import dev.harpia.nn.train.EarlyStopping;
import dev.harpia.nn.train.EpochResult;
import dev.harpia.nn.train.Event;
import dev.harpia.nn.train.History;
import dev.harpia.nn.train.Progress;
import dev.harpia.nn.train.Trainer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The training of the music lab. An epoch is a hundred steps, after which the model is validated
 * and saved, as the lab saves it. All steps are taken; what is left in the end are the weights of
 * the epoch with the lowest validation loss, since a long training learns its tunes by heart.
 */
final class MusicTraining {
  private static final int EPOCH = 100; // steps
  private static final int JUDGED = 50; // windows

  private final MusicSettings settings;
  private final MusicData data;
  private final CharRnn model;
  private final Path folder;
  private double trainLoss = Double.NaN;
  private double validationLoss = Double.NaN;
  private double finalValidationLoss = Double.NaN;
  private long bestStep;
  private double charactersPerSecond = Double.NaN;

  MusicTraining(MusicSettings settings, MusicData data, CharRnn model, Path out) {
    this.settings = settings;
    this.data = data;
    this.model = model;
    folder = out.resolve("checkpoints");
  }

  /** The mean loss of the last full epoch. */
  double trainLoss() {
    return trainLoss;
  }

  /** Of the weights that are left. */
  double validationLoss() {
    return validationLoss;
  }

  /** Of the last full epoch's weights. */
  double finalValidationLoss() {
    return finalValidationLoss;
  }

  /** After which step the weights that are left were learnt. */
  long bestStep() {
    return bestStep;
  }

  double charactersPerSecond() {
    return charactersPerSecond;
  }

  History run(boolean resume) throws IOException {
    int epoch = Math.min(EPOCH, settings.steps());
    int length = settings.length();
    DataLoader windows =
        DataLoader.of(
            new RandomWindows(data.train(), length, epoch * settings.batch(), settings.seed()),
            settings.batch());
    DataLoader held =
        DataLoader.of(new TokenWindows(data.validation(), length, length).first(JUDGED), JUDGED);
    Optimizer adam =
        new Adam(
                model.parameters(),
                Schedule.cosine(settings.rate(), settings.warmup(), settings.steps()))
            .clipNorm(1);
    EarlyStopping best = new EarlyStopping(Integer.MAX_VALUE); // which keeps, and never stops
    Trainer trainer =
        new Trainer(model, Loss::crossEntropy, adam)
            .validate(held)
            .callbacks(
                (event, training) -> {
                  if (event instanceof Event.StepDone s && s.step() == settings.steps()) {
                    training.stop("all steps are done");
                  }
                },
                new Progress(),
                best,
                new Checkpoints(folder));
    if (resume) {
      trainer.resume(folder);
    }
    History history = trainer.fit(windows, Math.ceilDiv(settings.steps(), epoch));
    double seconds = history.epochs().stream().mapToDouble(EpochResult::trainSeconds).sum();
    double examples = history.epochs().stream().mapToDouble(EpochResult::examples).sum();
    charactersPerSecond = examples * length / seconds;
    trainLoss = history.last().trainLoss();
    finalValidationLoss = history.last().loss();
    bestStep = history.epochs().get((int) best.bestEpoch() - 1).steps();
    validationLoss = trainer.evaluate(held).loss();
    return history;
  }

  /** Whether there is what a resumed run needs; or, for a new run, nothing that is in its way. */
  void check(boolean resume) throws IOException {
    if (resume && Checkpoints.newest(folder).isEmpty()) {
      throw new NoSuchFileException(folder.toString(), null, "no complete checkpoint in it");
    }
    if (!resume && Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "step-*")) {
        if (files.iterator().hasNext()) { // which would be taken for this run's
          throw new FileAlreadyExistsException(
              folder.toString(),
              null,
              "has the checkpoints of an earlier run: go on from them with --resume, or choose"
                  + " another --out");
        }
      }
    }
  }
}
