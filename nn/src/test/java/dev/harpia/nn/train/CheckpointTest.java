package dev.harpia.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.io.FormatException;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.SGD;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  @TempDir Path dir;

  /** Saves at one step, and there only. */
  private Path saveAt(Job job, long step) {
    Path file = dir.resolve("at-" + step + ".safetensors");
    job.trainer.callbacks(
        (event, training) -> {
          boolean now =
              event instanceof Event.StepDone s
                  ? s.step() == step
                  : step == 0 && event instanceof Event.Started;
          if (now) {
            try {
              training.save(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    return file;
  }

  /** In the first epoch, its last batch, and in the middle; and before the first step. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 39, 40, 41, 200, 480})
  void aResumedRunEndsWithTheSameBits(long step) throws IOException {
    Job unbroken = new Job(7);
    Path file = saveAt(unbroken, step);
    History whole = unbroken.run();
    long[] rng = Rng.current().state();

    Job resumed = new Job(99); // other weights, another random stream: all must come from the file
    resumed.trainer.resume(file);
    History second = resumed.run();
    assertSame(unbroken.model.state(), resumed.model.state());
    assertSame(unbroken.optimizer.state(), resumed.optimizer.state());
    assertThat(Rng.current().state()).isEqualTo(rng);
    assertThat(second.epochs()).hasSameSizeAs(whole.epochs());
    for (int i = 0; i < Job.EPOCHS; i++) {
      assertThat(second.epochs().get(i).figures()).isEqualTo(whole.epochs().get(i).figures());
      assertThat(second.epochs().get(i).rate()).isEqualTo(whole.epochs().get(i).rate());
      assertThat(second.epochs().get(i).examples()).isEqualTo(200);
    }
    assertThat(resumed.optimizer.steps()).isEqualTo(480);
  }

  private static void assertSame(Map<String, Tensor> a, Map<String, Tensor> b) {
    assertThat(b.keySet()).isEqualTo(a.keySet());
    a.forEach(
        (name, t) ->
            assertThat(t.segment().mismatch(b.getOrDefault(name, t).segment()))
                .as(name)
                .isEqualTo(-1));
  }

  private String[] names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(p -> p.getFileName().toString()).sorted().toArray(String[]::new);
    }
  }

  @Test
  void theNewestAreKeptAndTheBest() throws IOException {
    Files.writeString(dir.resolve(".step-0000000001.safetensors.77.part"), "left by a killed run");
    Job job = new Job(7);
    job.trainer.callbacks(new Checkpoints(dir).everySteps(50).keep(3).best("accuracy"));
    History history = job.run();
    assertThat(names())
        .containsExactly(
            "best.safetensors",
            "step-0000000440.safetensors",
            "step-0000000450.safetensors",
            "step-0000000480.safetensors");
    Job best = new Job(1);
    best.trainer.resume(dir.resolve("best.safetensors"));
    History again = best.run();
    assertThat(again.best("accuracy", true).epoch())
        .isEqualTo(history.best("accuracy", true).epoch());
    assertSame(job.model.state(), best.model.state());
  }

  @Test
  void aDamagedCheckpointIsPassedOver() throws IOException {
    Job job = new Job(7);
    job.trainer.callbacks(new Checkpoints(dir).keep(3));
    job.run();
    Path newest = dir.resolve("step-0000000480.safetensors");
    assertThat(Checkpoints.newest(dir)).contains(newest);
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length - 5] ^= 1;
    Files.write(newest, bytes);
    assertThatThrownBy(() -> Checkpoint.Content.read(newest))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("damaged: expected checksum");
    Path second = dir.resolve("step-0000000440.safetensors");
    assertThat(Checkpoints.newest(dir)).contains(second);
    Files.write(second, new byte[100]);
    assertThat(Checkpoints.newest(dir)).contains(dir.resolve("step-0000000400.safetensors"));
    assertThat(Checkpoints.newest(dir.resolve("none"))).isEmpty();
  }

  /** No single changed bit goes unseen, wherever it is. */
  @Test
  void everyDamageIsSeen() throws IOException {
    Rng.seed(1);
    Sequential model = new Sequential(new Linear(2, 2));
    Path file = dir.resolve("c.safetensors");
    Trainer trainer = new Trainer(model, Loss::crossEntropy, new SGD(model.parameters(), 0.1));
    trainer.callbacks(
        (event, training) -> {
          if (event instanceof Event.EpochDone) {
            try {
              training.save(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    trainer.fit(DataLoader.of(TrainerTest.circle(8, 1), 4), 1);
    byte[] good = Files.readAllBytes(file);
    Path bad = dir.resolve("bad.safetensors");
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = good.clone();
      int at = random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(bad, bytes);
      try {
        // What still passes must say the same: white space between tokens, 'e' for 'E'.
        Checkpoint.Content c = Checkpoint.Content.read(bad);
        assertThat(c.texts()).isEqualTo(Checkpoint.Content.read(file).texts());
      } catch (FormatException e) {
        assertThat(e).hasMessageContaining("bad.safetensors: byte ");
      }
    }
    for (int n = 0; n < good.length; n++) {
      Files.write(bad, java.util.Arrays.copyOf(good, n));
      assertThatThrownBy(() -> Checkpoint.Content.read(bad)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void anotherRunIsRefused() throws IOException {
    Job job = new Job(7);
    Path file = saveAt(job, 3);
    job.run();
    Sequential other = new Sequential(new Linear(3, 2));
    DataLoader same = DataLoader.of(TrainerTest.circle(200, 1), 5).shuffle(3);
    assertThatThrownBy(
            () ->
                new Trainer(other, Loss::crossEntropy, new SGD(other.parameters(), 1))
                    .resume(file)
                    .fit(same, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the checkpoint's optimizer is \"Adam\", this run's is \"SGD\"");
    Job mine = new Job(1);
    assertThatThrownBy(
            () ->
                mine.trainer
                    .resume(file)
                    .fit(DataLoader.of(TrainerTest.circle(200, 1), 6).shuffle(3), 1))
        .hasMessageContaining("\"200 examples, batch 5, shuffled by 3\"")
        .hasMessageContaining("\"200 examples, batch 6, shuffled by 3\"");
    Trainer wrong =
        new Trainer(
            other, Loss::crossEntropy, new dev.harpia.nn.optim.Adam(other.parameters(), 0.1));
    wrong.validate(DataLoader.of(TrainerTest.circle(10, 1), 5), Metric.accuracy());
    assertThatThrownBy(() -> wrong.resume(file).fit(same, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not fit this model and optimizer:\n")
        .hasMessageContaining("model.0.weight: the file has F32 [32, 2], wanted is F32 [2, 3]")
        .hasMessageContaining("unknown: optimizer.4.bias.exp_avg F32 [2]");
    SafeTensors.save(other, file);
    assertThatThrownBy(() -> new Job(1).trainer.resume(file).fit(mine.loader, 1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("expected a checkpoint of format harpia-checkpoint-1, found pt");
    assertThatThrownBy(() -> mine.trainer.resume(Files.createDirectory(dir.resolve("empty"))))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("no complete checkpoint in it");
  }

  @Test
  void notWhileGradientsAccumulate() {
    Sequential model = new Sequential(new Linear(2, 2));
    Trainer trainer = new Trainer(model, Loss::crossEntropy, new SGD(model.parameters(), 0.1));
    trainer.accumulate(4);
    Path file = saveFrom(trainer);
    assertThatThrownBy(() -> trainer.fit(DataLoader.of(TrainerTest.circle(8, 1), 2), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gradients of 1 batches are being accumulated");
    assertThat(file).doesNotExist();
  }

  private Path saveFrom(Trainer trainer) {
    Path file = dir.resolve("x");
    trainer.callbacks(
        (event, training) -> {
          if (event instanceof Event.StepDone) {
            try {
              training.save(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    return file;
  }

  @Test
  void aDirectoryThatCannotBeWrittenEndsTheRunWithItsName() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    Job job = new Job(1);
    job.trainer.callbacks(new Checkpoints(file.resolve("below")));
    assertThatThrownBy(job::run)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("checkpoints: ")
        .hasMessageContaining("file");
    assertThatThrownBy(() -> new Checkpoints(dir).keep(0)).hasMessageContaining("keep 0");
  }
}
