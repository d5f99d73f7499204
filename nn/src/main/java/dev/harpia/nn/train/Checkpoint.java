package dev.harpia.nn.train;

import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.io.FormatException;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All of a run in one safetensors file: model, optimizer, what callbacks keep; and as texts the
 * counters, the random stream, the place in the data, the history; and a checksum over all of it.
 */
final class Checkpoint {
  private static final String FORMAT = "harpia-checkpoint-1";
  private static final String MODEL = "model.";
  private static final String OPTIMIZER = "optimizer.";
  private static final String CALLBACK = "callback.";

  private Checkpoint() {}

  // ---- saving

  static void save(Path file, Run run) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(targets(run));
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("format", FORMAT);
    texts.put("optimizer", run.optimizer().getClass().getSimpleName());
    texts.put("optimizer.steps", Long.toString(run.optimizer().steps()));
    texts.put("epoch", Long.toString(run.epoch));
    texts.put("batch", Integer.toString(run.batch));
    texts.put("step", Long.toString(run.step));
    texts.put("rate", Double.toString(run.rate));
    texts.put("accumulate", Integer.toString(run.trainer.accumulate));
    texts.put("rng", text(Rng.current().state()));
    texts.put("data", run.loader.toString());
    texts.put("data.position", text(run.batch == 0 ? run.loader.next() : run.loader.position()));
    DataLoader validation = run.trainer.validation;
    if (validation != null) {
      texts.put("validation.position", text(validation.next()));
    }
    texts.put("scores", run.scores.lossSum() + "," + run.scores.examples());
    for (Metric m : run.scores.metrics()) {
      texts.put(
          "scores." + m.name(),
          Arrays.stream(m.state()).mapToObj(Double::toString).collect(Collectors.joining(",")));
    }
    List<EpochResult> epochs = run.history().epochs();
    for (int i = 0; i < epochs.size(); i++) {
      texts.put("history." + i, EpochText.write(epochs.get(i)));
    }
    keys(run)
        .forEach(
            (key, callback) -> {
              callback.state().forEach((k, v) -> texts.put(CALLBACK + key + "." + k, v));
              callback.tensors().forEach((k, t) -> tensors.put(CALLBACK + key + "." + k, t));
            });
    texts.put(Checksum.KEY, Checksum.of(tensors, texts));
    SafeTensors.save(tensors, texts, file);
  }

  /** The tensors that a checkpoint must have, and in which it is restored. */
  private static Map<String, Tensor> targets(Run run) {
    Map<String, Tensor> targets = new LinkedHashMap<>();
    run.model().state().forEach((name, t) -> targets.put(MODEL + name, t));
    run.optimizer().state().forEach((name, t) -> targets.put(OPTIMIZER + name, t));
    return targets;
  }

  private static Map<String, Callback> keys(Run run) {
    Map<String, Callback> keys = new LinkedHashMap<>();
    for (Callback c : run.trainer.callbacks) {
      String key = c.key();
      for (int i = 2; keys.containsKey(key); i++) {
        key = c.key() + "-" + i;
      }
      keys.put(key, c);
    }
    return keys;
  }

  private static String text(long[] numbers) {
    return Arrays.stream(numbers).mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  private static String text(DataLoader.Position p) {
    return p.epoch() + "," + p.batch();
  }

  // ---- restoring

  /** A file's content, after its checksum was found right. */
  record Content(Path file, Map<String, Tensor> tensors, Map<String, String> texts) {
    static Content read(Path file) throws IOException {
      Map<String, String> texts = SafeTensors.metadata(file);
      String format = texts.getOrDefault("format", "none");
      if (!format.equals(FORMAT)) {
        throw new FormatException(
            file, 8, "expected a checkpoint of format " + FORMAT + ", found " + format);
      }
      Map<String, Tensor> tensors = SafeTensors.load(file);
      String expected = texts.getOrDefault(Checksum.KEY, "none");
      String found = Checksum.of(tensors, texts);
      if (!found.equals(expected)) {
        throw new FormatException(
            file, 8, "damaged: expected checksum " + expected + ", found " + found);
      }
      return new Content(file, tensors, texts);
    }

    String get(String key) throws FormatException {
      String value = texts.get(key);
      if (value == null) {
        throw new FormatException(file, 8, "expected a checkpoint with a text " + key);
      }
      return value;
    }

    long number(String key) throws FormatException {
      return numbers(key, 1)[0];
    }

    long[] numbers(String key, int count) throws FormatException {
      String text = get(key);
      try {
        long[] numbers = Arrays.stream(text.split(",", -1)).mapToLong(Long::parseLong).toArray();
        if (numbers.length == count) {
          return numbers;
        }
      } catch (NumberFormatException e) {
        // told below, as a wrong count is
      }
      throw new FormatException(file, 8, "expected " + count + " numbers as " + key + ": " + text);
    }

    Map<String, Tensor> tensors(String prefix, boolean starting) {
      Map<String, Tensor> result = new LinkedHashMap<>();
      tensors.forEach(
          (name, t) -> {
            if (name.startsWith(prefix) == starting) {
              result.put(starting ? name.substring(prefix.length()) : name, t);
            }
          });
      return result;
    }
  }

  static void restore(Path file, Run run) throws IOException {
    Content c = Content.read(file);
    require(c, "optimizer", run.optimizer().getClass().getSimpleName());
    require(c, "data", run.loader.toString());
    require(c, "accumulate", Integer.toString(run.trainer.accumulate));
    try {
      DataLoader.Position at = position(c, "data.position");
      long[] rng = c.numbers("rng", 2);
      String[] sums = c.get("scores").split(",", 2);
      for (Metric m : run.scores.metrics()) {
        String state = c.get("scores." + m.name());
        m.restore(Arrays.stream(state.split(",", -1)).mapToDouble(Double::parseDouble).toArray());
      }
      run.scores.restore(Double.parseDouble(sums[0]), Long.parseLong(sums[1]));
      run.loader.resumeAt(at);
      DataLoader validation = run.trainer.validation;
      if (validation != null && c.texts().containsKey("validation.position")) {
        validation.resumeAt(position(c, "validation.position"));
      }
      for (int i = 0; c.texts().containsKey("history." + i); i++) {
        run.addHistory(EpochText.read(c.get("history." + i)));
      }
      run.epoch = c.number("epoch");
      run.batch = (int) c.number("batch");
      run.step = c.number("step");
      run.rate = Double.parseDouble(c.get("rate"));
      run.resumed = true;
      SafeTensors.copy(file, c.tensors(CALLBACK, false), "this model and optimizer", targets(run));
      run.optimizer().resumeAt(c.number("optimizer.steps"));
      keys(run).forEach((key, callback) -> restore(c, CALLBACK + key + ".", callback));
      Rng.current().restore(rng);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new FormatException(
          file, 8, "expected the texts of a checkpoint: " + e.getMessage(), e);
    }
  }

  private static void restore(Content c, String prefix, Callback callback) {
    Map<String, String> state = new LinkedHashMap<>();
    c.texts()
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)) {
                state.put(key.substring(prefix.length()), value);
              }
            });
    Map<String, Tensor> tensors = c.tensors(prefix, true);
    if (!state.isEmpty() || !tensors.isEmpty()) {
      callback.restore(state, tensors);
    }
  }

  private static DataLoader.Position position(Content c, String key) throws FormatException {
    long[] p = c.numbers(key, 2);
    return new DataLoader.Position(p[0], Math.toIntExact(p[1]));
  }

  private static void require(Content c, String key, String mine) throws IOException {
    String theirs = c.get(key);
    if (!theirs.equals(mine)) {
      throw new IllegalArgumentException(
          "resume: %s: the checkpoint's %s is \"%s\", this run's is \"%s\"; a run goes on to the same"
                  .formatted(c.file(), key, theirs, mine)
              + " bits only as it was begun; to start anew from the weights, load the model alone");
    }
  }
}
