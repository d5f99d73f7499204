package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Saves the run in a directory: after each epoch, after every so many steps, and when a figure is
 * better than ever. {@link Trainer#resume} goes on from there.
 *
 * <p>The files are {@code step-0000000123.safetensors}, of which the newest are kept, and {@code
 * best.safetensors}. Each is written in one step and has a checksum: a run that is killed at any
 * moment leaves the checkpoints before it whole.
 */
public final class Checkpoints implements Callback {
  private static final System.Logger LOG = System.getLogger("dev.harpia.nn");
  private static final Pattern NAME = Pattern.compile("step-(\\d{1,18})\\.safetensors");
  private static final Pattern LEFTOVER =
      Pattern.compile("\\.(step-\\d+|best)\\.safetensors\\.\\d+\\.part");

  private final Path directory;
  private int everyEpochs = 1;
  private long everySteps;
  private int keep = 2;
  private Optional<Figure> figure = Optional.empty();
  private double best = Double.NaN;
  private boolean due;

  /** Saves to {@code directory}, which is made if need be, after each epoch; keeps the last two. */
  public Checkpoints(Path directory) {
    this.directory = directory;
  }

  /** Saves after each {@code n} epochs; 0: not after epochs. */
  public Checkpoints everyEpochs(int n) {
    everyEpochs = (int) atLeast("everyEpochs", n, 0);
    return this;
  }

  /** Saves after each {@code n} steps; 0: not after steps. */
  public Checkpoints everySteps(long n) {
    everySteps = atLeast("everySteps", n, 0);
    return this;
  }

  /** Keeps the last {@code n}. */
  public Checkpoints keep(int n) {
    keep = (int) atLeast("keep", n, 1);
    return this;
  }

  /** Saves {@code best.safetensors} after epochs in which a figure was better than ever. */
  public Checkpoints best(String figure) {
    this.figure = Optional.of(new Figure(figure));
    return this;
  }

  private static long atLeast(String what, long n, int least) {
    if (n < least) {
      throw new IllegalArgumentException(
          "checkpoints: " + what + " " + n + " must be at least " + least);
    }
    return n;
  }

  @Override
  public void on(Event event, Training training) {
    try {
      switch (event) {
        case Event.Started s -> {
          Files.createDirectories(directory);
          sweep();
          if (!s.resumed()) {
            best = Double.NaN;
          }
          due = false;
        }
        case Event.StepDone s -> {
          due |= everySteps > 0 && s.step() % everySteps == 0;
          if (due && s.moved()) {
            due = false;
            save(s.step(), training);
          }
        }
        case Event.EpochDone(EpochResult r) -> {
          boolean better = judge(r, training);
          if (everyEpochs > 0 && r.epoch() % everyEpochs == 0) {
            save(r.steps(), training);
          }
          if (better) {
            training.save(directory.resolve("best.safetensors"));
          }
        }
        default -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException("checkpoints: " + e.getMessage(), e);
    }
  }

  private boolean judge(EpochResult result, Training training) {
    if (figure.isEmpty()) {
      return false;
    }
    double value = figure.get().of(result);
    if (!Figure.better(value, best, 0, figure.get().higherIsBetter(training))) {
      return false;
    }
    best = value;
    return true;
  }

  private void save(long step, Training training) throws IOException {
    training.save(directory.resolve("step-%010d.safetensors".formatted(step)));
    List<Path> all = inOrder(directory);
    for (Path old : all.subList(Math.min(keep, all.size()), all.size())) {
      Files.deleteIfExists(old);
    }
  }

  /** Removes what a killed run was writing. */
  private void sweep() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path p : files.toList()) {
        if (LEFTOVER.matcher(p.getFileName().toString()).matches()) {
          Files.deleteIfExists(p);
        }
      }
    }
  }

  /** The checkpoints of a directory, the newest first. */
  private static List<Path> inOrder(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(p -> number(p) >= 0).forEach(found::add);
    }
    found.sort(Comparator.comparingLong(Checkpoints::number).reversed());
    return found;
  }

  private static long number(Path file) {
    Matcher m = NAME.matcher(file.getFileName().toString());
    return m.matches() ? Long.parseLong(m.group(1)) : -1;
  }

  /**
   * The newest checkpoint of a directory that is whole; damaged ones are logged and passed over.
   */
  public static Optional<Path> newest(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    for (Path file : inOrder(directory)) {
      try {
        Checkpoint.Content.read(file);
        return Optional.of(file);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "checkpoint passed over: {0}", e.getMessage());
      }
    }
    return Optional.empty();
  }

  @Override
  public Map<String, String> state() {
    return Map.of("best", Double.toString(best));
  }

  @Override
  public void restore(Map<String, String> state, Map<String, Tensor> tensors) {
    best = Double.parseDouble(state.getOrDefault("best", "NaN"));
  }
}
