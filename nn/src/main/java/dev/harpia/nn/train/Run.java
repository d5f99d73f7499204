package dev.harpia.nn.train;

import dev.harpia.nn.Layer;
import dev.harpia.nn.data.Batch;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One call of {@link Trainer#fit}. */
final class Run implements Training {
  final Trainer trainer;
  final DataLoader loader;
  private final long epochs;
  private final History history = new History();
  Scores scores;
  long epoch;
  int batch;
  long step;
  boolean resumed;
  private int pending; // batches whose gradients wait for the step
  double rate;
  private @Nullable String stopped;

  Run(Trainer trainer, DataLoader loader, long epochs) {
    this.trainer = trainer;
    this.loader = loader;
    this.epochs = epochs;
    scores = new Scores(trainer.metrics);
  }

  History run() {
    tell(new Event.Started(epoch, epochs, loader.batches(), resumed));
    while (epoch < epochs && stopped == null) {
      epoch();
    }
    trainer.model.eval();
    tell(new Event.Finished(history, stopped == null ? "all epochs are done" : stopped));
    return history;
  }

  void addHistory(EpochResult result) {
    history.add(result);
  }

  private void epoch() {
    long start = System.nanoTime();
    trainer.model.train(true);
    for (Batch b : loader) {
      learn(b);
      if (stopped != null && batch < loader.batches()) {
        return;
      }
    }
    double trainSeconds = (System.nanoTime() - start) * 1e-9;
    OptionalDouble validLoss = OptionalDouble.empty();
    Map<String, Double> valid = Map.of();
    DataLoader validation = trainer.validation;
    if (validation != null) {
      tell(new Event.ValidationStarted(epoch, validation.batches()));
      long e = epoch;
      Scores s =
          Scores.of(
              trainer.model.eval(),
              trainer.loss,
              validation,
              trainer.metrics,
              i -> tell(new Event.ValidationStep(e, i)));
      validLoss = OptionalDouble.of(s.loss());
      valid = values(s);
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    EpochResult result =
        new EpochResult(
            epoch + 1,
            step,
            scores.loss(),
            values(scores),
            validLoss,
            valid,
            rate,
            scores.examples(),
            trainSeconds,
            seconds);
    history.add(result);
    epoch++;
    batch = 0;
    scores = new Scores(trainer.metrics);
    tell(new Event.EpochDone(result));
  }

  private void learn(Batch b) {
    float value;
    boolean moves = pending + 1 == trainer.accumulate || batch + 1 == loader.batches();
    try (var _ = Scope.open("training step")) {
      Tensor output = trainer.model.forward(b.x());
      Tensor loss = trainer.loss.of(output, b.y());
      value = loss.item();
      if (!Float.isFinite(value)) {
        throw new IllegalStateException(
            "fit: the loss is %s in epoch %d, batch %d: a lower learning rate, gradient clipping or"
                    .formatted(value, epoch + 1, batch + 1)
                + " scaled inputs may help; -Dharpia.check=nan names the operation");
      }
      scores.add(value, output, b);
      rate = optimizer().rate();
      if (trainer.accumulate == 1) {
        optimizer().step(loss);
      } else {
        optimizer().accumulate(loss.mul(1f / trainer.accumulate));
        pending++;
        if (moves) {
          optimizer().step();
          pending = 0;
        }
      }
    }
    batch++;
    step++;
    tell(new Event.StepDone(epoch, batch, step, b.size(), value, moves));
  }

  private static Map<String, Double> values(Scores scores) {
    Map<String, Double> values = new LinkedHashMap<>();
    scores.metrics().forEach(m -> values.put(m.name(), m.value()));
    return values;
  }

  /** Checkpoints come last: what the other callbacks remember of this event belongs in them. */
  private void tell(Event event) {
    tell(event, false);
    tell(event, true);
  }

  private void tell(Event event, boolean checkpoints) {
    for (int i = 0; i < trainer.callbacks.size(); i++) {
      Callback c = trainer.callbacks.get(i);
      if (c instanceof Checkpoints == checkpoints) {
        c.on(event, this);
      }
    }
  }

  @Override
  public Layer model() {
    return trainer.model;
  }

  @Override
  public Optimizer optimizer() {
    return trainer.optimizer;
  }

  @Override
  public DataLoader loader() {
    return loader;
  }

  @Override
  public History history() {
    return history;
  }

  @Override
  public Scores running() {
    return scores;
  }

  @Override
  public List<Metric> metrics() {
    return trainer.metrics;
  }

  @Override
  public void save(Path file) throws IOException {
    if (pending > 0) {
      throw new IllegalStateException(
          "checkpoint: gradients of "
              + pending
              + " batches are being accumulated; save after a step that moved the parameters");
    }
    Checkpoint.save(file, this);
  }

  @Override
  public void stop(String reason) {
    stopped = reason;
  }
}
