package dev.harpia.nn.train;

import dev.harpia.nn.Activation;
import dev.harpia.nn.BatchNorm1d;
import dev.harpia.nn.Dropout;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.Dataset;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A training run with everything that a checkpoint must carry: dropout, batch statistics, momenta,
 * a schedule, shuffled and noisy data, early stopping. As a program, it goes on from the newest
 * checkpoint and can be killed at any moment.
 */
final class Job {
  static final int EPOCHS = 12;

  final Sequential model;
  final Optimizer optimizer;
  final DataLoader loader;
  final Trainer trainer;

  Job(long seed) {
    Rng.seed(seed);
    model =
        new Sequential(
            new Linear(2, 32),
            new BatchNorm1d(32),
            Activation.relu(),
            new Dropout(0.2f),
            new Linear(32, 2));
    optimizer = new Adam(model.parameters(), Schedule.cosine(0.01, 20, EPOCHS * 40)).clipNorm(1);
    Dataset noisy =
        TrainerTest.circle(200, 1)
            .map(e -> e.x().set(0, e.x().get(0) + 0.01f * e.rng(5).uniform()));
    loader = DataLoader.of(noisy, 5).shuffle(3);
    trainer =
        new Trainer(model, Loss::crossEntropy, optimizer)
            .validate(DataLoader.of(TrainerTest.circle(100, 2), 32), Metric.accuracy())
            .callbacks(new EarlyStopping(EPOCHS));
  }

  History run() {
    return trainer.fit(loader, EPOCHS);
  }

  /** Arguments: the directory, milliseconds to wait after each step. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Path.of(args[0]);
    long wait = Long.parseLong(args[1]);
    Job job = new Job(7);
    job.trainer.callbacks(
        new Checkpoints(directory).everySteps(3).best("accuracy"),
        (event, _) -> {
          if (event instanceof Event.StepDone s && wait > 0) {
            if (s.step() % 3 == 0) {
              System.out.println("step " + s.step());
            }
            try {
              Thread.sleep(wait);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        });
    if (Checkpoints.newest(directory).isPresent()) {
      job.trainer.resume(directory);
    }
    System.out.println("begun");
    job.run();
    SafeTensors.save(job.model, directory.resolve("final.safetensors"));
    Files.writeString(
        directory.resolve("rng.txt"), java.util.Arrays.toString(Rng.current().state()));
  }
}
