package dev.harpia.models.transformer;

import dev.harpia.nn.Loss;
import dev.harpia.nn.Parameter;
import dev.harpia.nn.io.FormatException;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The training of a character model: windows at random places, AdamW with warm-up and half a
 * cosine, judged on held-out text from time to time. It can be saved at any step and goes on from
 * there to the same bits.
 */
final class GptTraining {
  private static final String FORMAT = "harpia-gpt-training-1";
  private static final String OPTIMIZER = "optimizer.";
  private static final int JUDGEMENTS = 20;
  private static final int JUDGED_BATCHES = 8;

  /**
   * A point of the curves: losses in nats per character, and the seconds that all steps took so
   * far. The training loss is the mean since the point before.
   */
  record Point(int step, double train, double validation, double seconds) {}

  private final GptSettings settings;
  private final TextData text;
  private final Gpt model;
  private final Optimizer optimizer;
  private final Rng windows;
  private final List<Point> points = new ArrayList<>();
  private int step;
  private double seconds;
  private double sum;
  private int count;

  GptTraining(GptSettings settings, TextData text, Gpt model) {
    this.settings = settings;
    this.text = text;
    this.model = model;
    windows = new Rng(settings.seed());
    Map<Boolean, List<Parameter>> byRank =
        model.parameters().stream().collect(Collectors.partitioningBy(p -> p.value().rank() >= 2));
    Schedule rate = Schedule.cosine(settings.rate(), settings.warmup(), settings.steps());
    optimizer =
        new AdamW(byRank.getOrDefault(true, List.of()), rate)
            .betas(0.9, 0.99)
            .decay(settings.decay())
            .group(byRank.getOrDefault(false, List.of()), rate, 0)
            .clipNorm(1);
  }

  List<Point> points() {
    return points;
  }

  int step() {
    return step;
  }

  /** Takes one step; returns whether the model was judged after it. */
  boolean advance() {
    long start = System.nanoTime();
    try (var _ = Scope.open("step")) {
      TextData.Windows w = text.draw(windows, settings.batch(), model.config().context());
      Tensor loss = Loss.crossEntropy(model.forward(w.x()), w.y());
      optimizer.step(loss);
      sum += loss.item();
      count++;
    }
    step++;
    seconds += (System.nanoTime() - start) / 1e9;
    boolean due =
        (long) step * JUDGEMENTS / settings.steps() > (step - 1L) * JUDGEMENTS / settings.steps();
    if (due) {
      if (!Double.isFinite(sum)) {
        throw new IllegalStateException(
            "gpt: the loss is no number by step %d: a lower learning rate may help"
                .formatted(step));
      }
      points.add(new Point(step, sum / count, judge(), seconds));
      sum = 0;
      count = 0;
    }
    return due;
  }

  private double judge() {
    model.eval();
    double total = 0;
    for (int i = 0; i < JUDGED_BATCHES; i++) {
      try (var _ = Scope.inference()) {
        TextData.Windows w =
            text.held(i, JUDGED_BATCHES, settings.batch(), model.config().context());
        total += Loss.crossEntropy(model.forward(w.x()), w.y()).item();
      }
    }
    model.train(true);
    return total / JUDGED_BATCHES;
  }

  // ---- checkpoints

  /** What must be the same for a run to go on to the same bits. */
  private Map<String, String> identity() {
    Map<String, String> same = new LinkedHashMap<>();
    same.put("format", FORMAT);
    same.put("preset", settings.name());
    same.put("steps", Integer.toString(settings.steps()));
    same.put("batch", Integer.toString(settings.batch()));
    same.put("seed", Long.toString(settings.seed()));
    same.put(
        "text",
        "%d/%d".formatted(Arrays.hashCode(text.train()), Arrays.hashCode(text.validation())));
    return same;
  }

  /** The tensors themselves, which {@link #restore} fills. */
  private Map<String, Tensor> tensors() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    model.state().forEach((name, t) -> all.put(GptFile.INNER + name, t));
    optimizer.state().forEach((name, t) -> all.put(OPTIMIZER + name, t));
    return all;
  }

  /** Saves everything in one file, in one step: a run that is killed leaves the one before it. */
  void save(Path file) throws IOException {
    Map<String, String> texts = identity();
    texts.putAll(GptFile.describe(model.config(), text.tokenizer()));
    texts.put("step", Integer.toString(step));
    texts.put("optimizer.steps", Long.toString(optimizer.steps()));
    texts.put("windows", join(windows.state()));
    texts.put("rng", join(Rng.current().state()));
    texts.put("seconds", Double.toString(seconds));
    texts.put("sum", sum + "," + count);
    texts.put(
        "points",
        points.stream()
            .map(p -> p.step + "," + p.train + "," + p.validation + "," + p.seconds)
            .collect(Collectors.joining(";")));
    SafeTensors.save(tensors(), texts, file);
  }

  private static String join(long[] numbers) {
    return numbers[0] + "," + numbers[1];
  }

  /** Goes on from a file that a training with the same settings and text saved. */
  void restore(Path file) throws IOException {
    Map<String, String> texts = SafeTensors.metadata(file);
    List<String> faults = new ArrayList<>();
    identity()
        .forEach(
            (key, mine) -> {
              String theirs = texts.getOrDefault(key, "none");
              if (!theirs.equals(mine)) {
                faults.add("%s %s, this run has %s".formatted(key, theirs, mine));
              }
            });
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          file
              + ": a checkpoint of another run: it has "
              + String.join("; ", faults)
              + "; a run goes on only as it was begun");
    }
    try {
      step = Integer.parseInt(texts.getOrDefault("step", ""));
      seconds = Double.parseDouble(texts.getOrDefault("seconds", ""));
      String[] sums = texts.getOrDefault("sum", "").split(",", 2);
      sum = Double.parseDouble(sums[0]);
      count = Integer.parseInt(sums[1]);
      points.clear();
      for (String p : texts.getOrDefault("points", "").split(";")) {
        if (!p.isEmpty()) {
          String[] v = p.split(",", 4);
          points.add(
              new Point(
                  Integer.parseInt(v[0]),
                  Double.parseDouble(v[1]),
                  Double.parseDouble(v[2]),
                  Double.parseDouble(v[3])));
        }
      }
      SafeTensors.copy(file, SafeTensors.load(file), "this model and optimizer", tensors());
      optimizer.resumeAt(Long.parseLong(texts.getOrDefault("optimizer.steps", "")));
      windows.restore(numbers(texts.getOrDefault("windows", "")));
      Rng.current().restore(numbers(texts.getOrDefault("rng", "")));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new FormatException(
          file, 8, "expected the texts of a checkpoint: " + e.getMessage(), e);
    }
  }

  private static long[] numbers(String text) {
    return Arrays.stream(text.split(",", -1)).mapToLong(Long::parseLong).toArray();
  }
}
