package dev.harpia.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallbacksTest {
  @TempDir Path dir;

  private static List<Double> rates(ReduceOnPlateau plateau, boolean higher, double... values) {
    List<Double> rates = new ArrayList<>();
    for (double v : values) {
      plateau.judge(v, higher);
      rates.add(plateau.at(0));
    }
    return rates;
  }

  /** Falls after more than `patience` bad epochs, as PyTorch does. */
  @Test
  void thePlateauCountsAsPyTorchDoes() {
    assertThat(rates(new ReduceOnPlateau(1, .5, 1), false, 3, 2, 2, 2, 2, 2, 1))
        .containsExactly(1., 1., 1., .5, .5, .25, .25);
    assertThat(rates(new ReduceOnPlateau(1, .5, 0).threshold(.1), false, 1, .95, .8))
        .containsExactly(1., .5, .5);
    assertThat(rates(new ReduceOnPlateau(1, .5, 0), true, .5, .6, .5)).containsExactly(1., 1., .5);
    assertThat(rates(new ReduceOnPlateau(1, .5, 0).cooldown(2), false, 1, 1, 1, 1, 1))
        .containsExactly(1., .5, .5, .5, .25);
    assertThat(rates(new ReduceOnPlateau(1, .5, 0).least(.4), false, 1, 1, 1, 1))
        .containsExactly(1., .5, .4, .4);
    assertThat(rates(new ReduceOnPlateau(1, .5, 0), false, Double.NaN, 1)).containsExactly(.5, .5);
    assertThatThrownBy(() -> new ReduceOnPlateau(1, 2, 0)).hasMessageContaining("factor 2.0");
  }

  @Test
  void thePlateauIsTheOptimizersRateAndSurvivesCheckpoints() {
    ReduceOnPlateau plateau = new ReduceOnPlateau(1, .5, 0);
    rates(plateau, false, 3, 3, 2, 2);
    ReduceOnPlateau copy = new ReduceOnPlateau(7, .5, 0);
    copy.restore(plateau.state(), plateau.tensors());
    assertThat(copy.at(0)).isEqualTo(plateau.at(0)).isEqualTo(.25);
    assertThat(copy.state()).isEqualTo(plateau.state());
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
