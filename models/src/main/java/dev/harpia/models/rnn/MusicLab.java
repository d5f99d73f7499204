package dev.harpia.models.rnn;

import dev.harpia.models.music.Abc2Midi;
import dev.harpia.models.music.BarCopies;
import dev.harpia.models.music.Verdicts;
import dev.harpia.models.music.WavFile;
import dev.harpia.models.picture.Fonts;
import dev.harpia.models.run.Cpu;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.train.EpochResult;
import dev.harpia.nn.train.History;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The music lab of MIT 6.S191: learns to write tunes in ABC notation character by character, has
 * the tunes that it composes judged, and leaves them as text, MIDI, sound and picture, with
 * metrics, weights and the loss curves.
 */
public final class MusicLab {
  private final MusicSettings settings;
  private final Optional<Path> file;
  private final boolean resume;
  private final RunDirectory run;
  private final PrintWriter log;

  /** A lab with its settings, its tunes, its directory, and where it says what it does. */
  public MusicLab(
      MusicSettings settings,
      Optional<Path> file,
      boolean resume,
      RunDirectory run,
      PrintWriter log) {
    this.settings = settings;
    this.file = file;
    this.resume = resume;
    this.run = run;
    this.log = log;
  }

  /** Trains, composes, judges, and leaves the results in the run's directory. */
  public MusicReport run() throws IOException {
    long start = System.nanoTime();
    Rng.seed(settings.seed());
    MusicData data = MusicData.load(file, settings.length(), settings.seed());
    Composer.prompt(data.tokenizer(), settings.start()); // fails now rather than after training
    CharRnn model =
        new CharRnn(settings.cell(), data.tokenizer().size(), settings.width(), settings.hidden());
    MusicTraining training = new MusicTraining(settings, data, model, run.path());
    training.check(resume);
    introduce(data, model);
    History history = training.run(resume);
    long before = System.nanoTime();
    Composer composer =
        new Composer(
            model,
            data.tokenizer(),
            settings.sampling(),
            settings.start(),
            new Rng(settings.seed()));
    List<String> complete = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < settings.tunes(); i++) {
      Composer.Written tune = composer.tune();
      all.add(tune.text());
      if (tune.complete()) {
        complete.add(tune.text());
      }
    }
    double composing = (System.nanoTime() - before) / 1e9;
    Optional<Abc2Midi> judge = Abc2Midi.find();
    BarCopies copies = new BarCopies(data.tunes());
    List<BarCopies.Copy> copied = complete.stream().map(copies::of).toList();
    MusicReport report =
        new MusicReport(
            settings.name(),
            settings.cell().label(),
            data.name(),
            training.trainLoss(),
            training.validationLoss(),
            training.finalValidationLoss(),
            training.bestStep(),
            settings.steps(),
            model.parameterCount(),
            training.charactersPerSecond(),
            composer.drawn() / composing,
            settings.tunes(),
            Verdicts.of(complete, judge),
            Verdicts.of(data.tunes(), judge),
            copied.stream().mapToInt(BarCopies.Copy::longest).max().orElse(0),
            copied.stream().mapToDouble(BarCopies.Copy::share).average().orElse(0),
            WavFile.soundbank().isPresent(),
            (System.nanoTime() - start) / 1e9,
            settings.seed(),
            Parallel.threads(),
            Machine.gemm(),
            run.path().toString());
    leave(report, history, model, data, all);
    Optional<String> first = TuneFiles.leave(complete, settings.sounds(), run);
    if (first.isEmpty()) {
      log.println("no valid tune was composed: train longer, or lower the temperature");
    }
    MusicPage.write(run, settings, report, history, model, first);
    run.publish();
    return report;
  }

  private void introduce(MusicData data, CharRnn model) {
    log.printf(
        Locale.ROOT,
        "%s, %s: embedding %d, hidden %d: %,d parameters%n%s: %,d tunes, %,d characters to learn"
            + " from, %,d to be judged by, %d different%n",
        settings.name(),
        settings.cell().label(),
        settings.width(),
        settings.hidden(),
        model.parameterCount(),
        data.name(),
        data.tunes().size(),
        data.train().length,
        data.validation().length,
        data.tokenizer().size());
    log.flush();
  }

  private void leave(
      MusicReport report, History history, CharRnn model, MusicData data, List<String> tunes)
      throws IOException {
    StringBuilder metrics = new StringBuilder();
    for (EpochResult e : history.epochs()) {
      metrics
          .append(
              new JsonLine()
                  .put("step", e.steps())
                  .put("train_loss", e.trainLoss())
                  .put("validation_loss", e.figure("valid_loss"))
                  .put("seconds", e.seconds()))
          .append('\n');
    }
    JsonLine details =
        report
            .json()
            .put("embedding", settings.width())
            .put("hidden", settings.hidden())
            .put("batch", settings.batch())
            .put("length", settings.length())
            .put("learning_rate", settings.rate())
            .put("temperature", settings.sampling().temperature())
            .put("top_k", settings.sampling().topK())
            .put("top_p", settings.sampling().topP())
            .put("start", settings.start())
            .put("characters", data.tokenizer().characters())
            .put("harpia", Machine.version())
            .put("java", Runtime.version().toString())
            .put("cpu", Cpu.detect().model());
    run.text("metrics.json", metrics.append(details).append('\n').toString());
    run.text("tunes.abc", String.join("\n\n", tunes) + "\n\n");
    run.save("model.safetensors", path -> SafeTensors.save(model, path));
    Fonts.problem().ifPresent(log::println);
  }
}
