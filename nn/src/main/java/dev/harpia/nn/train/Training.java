package dev.harpia.nn.train;

import dev.harpia.nn.Layer;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A run in progress, as its callbacks see it. */
public interface Training {
  /** What learns. */
  Layer model();

  /** What moves the parameters. */
  Optimizer optimizer();

  /** What is learned from. */
  DataLoader loader();

  /** The epochs done so far. */
  History history();

  /** What was counted of training's outputs in this epoch so far. */
  Scores running();

  /** The kinds of metrics that are counted. */
  List<Metric> metrics();

  /**
   * Saves all that the run needs to go on later, bit for bit: see {@link Trainer#resume}. Not while
   * gradients are being accumulated.
   */
  void save(Path file) throws IOException;

  /** Ends the run after the current step. */
  void stop(String reason);
}
