package dev.harpia.nn.train;

import dev.harpia.nn.Layer;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.optim.Optimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The usual training loop: epochs of steps, validation after each, callbacks told of all of it.
 *
 * <pre>{@code
 * History history =
 *     new Trainer(model, Loss::crossEntropy, new Adam(model.parameters(), 1e-3))
 *         .validate(test, Metric.accuracy())
 *         .callbacks(new Progress(), new EarlyStopping(2))
 *         .fit(train, 5);
 * }</pre>
 *
 * <p>Every step runs in a {@code Scope} of its own. With one seed, training gives the same bits
 * each time.
 */
public final class Trainer {
  final Layer model;
  final Objective loss;
  final Optimizer optimizer;
  final List<Callback> callbacks = new ArrayList<>();
  List<Metric> metrics = List.of();
  @Nullable DataLoader validation;
  int accumulate = 1;
  @Nullable Path resume;

  /** Trains {@code model} to make {@code loss} small. */
  public Trainer(Layer model, Objective loss, Optimizer optimizer) {
    this.model = model;
    this.loss = loss;
    this.optimizer = optimizer;
  }

  /**
   * Validates after each epoch. The metrics are counted for training's outputs too, as they come.
   */
  public Trainer validate(DataLoader loader, Metric... metrics) {
    validation = loader;
    return metrics(metrics);
  }

  /** Counts these metrics. */
  public Trainer metrics(Metric... metrics) {
    this.metrics = List.of(metrics);
    long names = this.metrics.stream().map(Metric::name).distinct().count();
    if (names < metrics.length) {
      throw new IllegalArgumentException(
          "trainer: metrics " + this.metrics + ": two have the same name");
    }
    return this;
  }

  /** Adds callbacks, which are told in this order; {@link Checkpoints} last of all. */
  public Trainer callbacks(Callback... callbacks) {
    this.callbacks.addAll(List.of(callbacks));
    return this;
  }

  /**
   * Moves the parameters once in {@code batches} batches, by the mean of their gradients, and at
   * the end of an epoch.
   */
  public Trainer accumulate(int batches) {
    if (batches < 1) {
      throw new IllegalArgumentException(
          "trainer: accumulate " + batches + " batches: must be at least 1");
    }
    accumulate = batches;
    return this;
  }

  /**
   * Makes the next {@link #fit} go on from a checkpoint that {@link Checkpoints} or {@link
   * Training#save} wrote, to the same bits as if it had not been interrupted. Model, optimizer and
   * data must be built as before.
   *
   * @param checkpoint the file; of a directory, the newest that is whole
   */
  public Trainer resume(Path checkpoint) throws IOException {
    resume =
        Files.isDirectory(checkpoint)
            ? Checkpoints.newest(checkpoint)
                .orElseThrow(
                    () ->
                        new NoSuchFileException(
                            checkpoint.toString(), null, "no complete checkpoint in it"))
            : checkpoint;
    return this;
  }

  /**
   * Trains until {@code epochs} epochs are done, or until a callback stops it. The model is in
   * evaluation mode afterwards.
   */
  public History fit(DataLoader loader, int epochs) {
    if (epochs < 0) {
      throw new IllegalArgumentException("fit: epochs " + epochs + " must be at least 0");
    }
    if (loader.batches() == 0) {
      throw new IllegalArgumentException(
          "fit: the loader has no batches: the data set has "
              + loader.dataset().size()
              + " examples, a batch "
              + loader.batchSize());
    }
    Run run = new Run(this, loader, epochs);
    Path from = resume;
    resume = null;
    if (from != null) {
      try {
        Checkpoint.restore(from, run);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return run.run();
  }

  /**
   * The loss and metrics of all of a loader's examples, in evaluation mode; the mode is put back
   * afterwards.
   */
  public Scores evaluate(DataLoader loader, Metric... metrics) {
    boolean training = model.training();
    try {
      return Scores.of(model.eval(), loss, loader, List.of(metrics), batch -> {});
    } finally {
      model.train(training);
    }
  }
}
