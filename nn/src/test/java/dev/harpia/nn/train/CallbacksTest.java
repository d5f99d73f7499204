package dev.harpia.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.optim.Plateau;
import dev.harpia.nn.optim.SGD;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallbacksTest {
  @TempDir Path dir;

  /** The rates of a run's epochs, which fall when the watched figure does not improve. */
  @Test
  void thePlateauIsToldTheFiguresAndSurvivesCheckpoints() throws IOException {
    History whole = plateauRun(1e-2, new Checkpoints(dir).keep(20), Optional.empty());
    List<Double> rates = whole.epochs().stream().map(EpochResult::rate).toList();
    assertThat(rates.getFirst()).isEqualTo(1e-2);
    assertThat(rates.getLast()).isLessThan(1e-2);
    Plateau by = new Plateau(1e-2).factor(0.5).patience(0).higherIsBetter();
    for (int i = 0; i < rates.size(); i++) {
      assertThat(rates.get(i)).as("epoch %d", i).isEqualTo(by.at(0));
      by.report(whole.epochs().get(i).figure("accuracy"));
    }
    for (int step : new int[] {40, 280}) {
      Path file = dir.resolve("step-%010d.safetensors".formatted(step));
      History resumed = plateauRun(7, new Checkpoints(dir.resolve("more")), Optional.of(file));
      assertThat(resumed.epochs().stream().map(EpochResult::rate).toList()).isEqualTo(rates);
    }
  }

  private static History plateauRun(double rate, Checkpoints checkpoints, Optional<Path> from)
      throws IOException {
    Rng.seed(3);
    Sequential model = new Sequential(new Linear(2, 8), Activation.relu(), new Linear(8, 2));
    Plateau plateau = new Plateau(rate).factor(0.5).patience(0);
    Trainer trainer =
        new Trainer(model, Loss::crossEntropy, new SGD(model.parameters(), plateau))
            .validate(DataLoader.of(TrainerTest.circle(50, 2), 50), Metric.accuracy())
            .callbacks(new ReduceOnPlateau(plateau, "accuracy"), checkpoints);
    if (from.isPresent()) {
      trainer.resume(from.get());
    }
    return trainer.fit(DataLoader.of(TrainerTest.circle(200, 1), 5).shuffle(3), 10);
  }

  @Test
  void logsHaveEachEpochOnceAlsoAfterResuming() throws IOException {
    Path csv = dir.resolve("log.csv");
    Path json = dir.resolve("log.jsonl");
    Job job = new Job(7);
    job.trainer.callbacks(RunLog.csv(csv), RunLog.jsonLines(json), new Checkpoints(dir).keep(20));
    job.run();
    List<String> first = Files.readAllLines(csv);
    assertThat(first).hasSize(1 + Job.EPOCHS);
    assertThat(first.getFirst())
        .isEqualTo(
            "epoch,steps,train_loss,train_accuracy,valid_loss,valid_accuracy,rate,examples,"
                + "examples_per_second,train_seconds,seconds");
    assertThat(first.get(3)).startsWith("3,120,0.");
    List<String> lines = Files.readAllLines(json);
    assertThat(lines).hasSize(Job.EPOCHS);
    assertThat(lines.get(2))
        .startsWith("{\"epoch\":3,\"steps\":120,\"train_loss\":0.")
        .endsWith("}");

    Job resumed = new Job(1);
    resumed.trainer.resume(dir.resolve("step-0000000160.safetensors")).callbacks(RunLog.csv(csv));
    resumed.run();
    List<String> second = Files.readAllLines(csv);
    assertThat(second).hasSize(1 + Job.EPOCHS);
    assertThat(second.subList(0, 5)).isEqualTo(first.subList(0, 5));
    assertThat(second.getLast()).startsWith("12,480,");
  }

  @Test
  void aLogThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "").resolve("below");
    Job job = new Job(1);
    job.trainer.callbacks(RunLog.csv(file));
    assertThatThrownBy(job::run)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("log " + file);
  }
}
