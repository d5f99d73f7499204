package dev.harpia.models.transformer;

import dev.harpia.nn.plan.Input;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several sequences that grow by a token at a time, each of a length of its own: a compiled plan
 * for one token of each over a cache of keys and values. A sequence is computed as it would be
 * alone, whatever the others are. When a sequence fills the context, its later half is read anew
 * and goes on as the beginning.
 */
final class Decoder {
  private final Gpt model;
  private final int context;
  private final int rows;
  private final Plan.Workspace workspace;
  private final Gpt.Cache cache;
  private final MemorySegment token;
  private final MemorySegment position;
  private final MemorySegment output;
  private final float[][] logits;
  private int[][] tokens; // those in the cache
  private int[][] spare; // for reordering
  private final int[] length;

  Decoder(Gpt model, int rows) {
    if (rows < 1 || rows > 4096) {
      throw new IllegalArgumentException(
          "generate: %d sequences at once: must be from 1 to 4096".formatted(rows));
    }
    GptConfig c = model.config();
    this.model = model;
    this.rows = rows;
    context = c.context();
    List<Input> inputs = new ArrayList<>();
    inputs.add(Input.i32("token", rows, 1));
    inputs.add(Input.i32("position", rows, 1));
    for (int i = 0; i < c.layers(); i++) {
      inputs.add(Input.f32("keys." + i, rows, context, c.keyWidth()));
      inputs.add(Input.f32("values." + i, rows, context, c.keyWidth()));
    }
    boolean training = model.training();
    model.eval();
    Plan plan = Plan.compile(this::trace, inputs.toArray(Input[]::new));
    model.train(training);
    workspace = plan.newWorkspace();
    Map<String, Tensor> named = new LinkedHashMap<>();
    inputs.forEach(i -> named.put(i.name(), workspace.input(i.name())));
    cache = cache(named);
    token = workspace.input("token").segment();
    position = workspace.input("position").segment();
    output = workspace.output().segment();
    logits = new float[rows][c.vocabulary()];
    tokens = new int[rows][context];
    spare = new int[rows][context];
    length = new int[rows];
  }

  private Map<String, Tensor> trace(Map<String, Tensor> in) {
    Tensor t = in.getOrDefault("token", Tensor.scalar(0));
    Tensor p = in.getOrDefault("position", Tensor.scalar(0));
    return Map.of("logits", model.forward(t, p, cache(in)));
  }

  private static Gpt.Cache cache(Map<String, Tensor> named) {
    List<Tensor> keys = new ArrayList<>();
    List<Tensor> values = new ArrayList<>();
    named.forEach(
        (name, t) -> {
          if (name.startsWith("keys.")) {
            keys.add(t);
          } else if (name.startsWith("values.")) {
            values.add(t);
          }
        });
    return new Gpt.Cache(keys, values);
  }

  int rows() {
    return rows;
  }

  int context() {
    return context;
  }

  /** Forgets a sequence and reads another one, of 1 to C tokens. */
  void start(int row, int... prompt) {
    if (prompt.length < 1 || prompt.length > context) {
      throw new IllegalArgumentException(
          "generate: a prompt of %d tokens: must be from 1 to the context's %d"
              .formatted(prompt.length, context));
    }
    for (int t : prompt) {
      check(t);
    }
    boolean training = model.training();
    try (var _ = Scope.inference()) {
      model.eval();
      Tensor x = Tensor.of(prompt).reshape(1, prompt.length);
      Gpt.Cache own =
          new Gpt.Cache(
              cache.keys().stream().map(t -> t.slice(0, row, row + 1)).toList(),
              cache.values().stream().map(t -> t.slice(0, row, row + 1)).toList());
      model.forward(x, Tensor.arange(prompt.length), own).copyTo(logits[row]);
    } finally {
      model.train(training);
    }
    System.arraycopy(prompt, 0, tokens[row], 0, prompt.length);
    length[row] = prompt.length;
  }

  void check(int t) {
    if (t < 0 || t >= logits[0].length) {
      throw new IndexOutOfBoundsException(
          "generate: token " + t + ": the model has " + logits[0].length);
    }
  }

  /** The logits [V] of a sequence's next token; the array is used again. */
  float[] logits(int row) {
    return logits[row];
  }

  /** A sequence's tokens, of which the first {@link #length} count; the array is used again. */
  int[] tokens(int row) {
    return tokens[row];
  }

  int length(int row) {
    return length[row];
  }

  /** Says which token a sequence is to go on with in the next {@link #run}. */
  void append(int row, int t) {
    check(t);
    if (length[row] == 0) {
      throw new IllegalStateException("generate: start with a prompt");
    }
    if (length[row] == context) {
      start(row, Arrays.copyOfRange(tokens[row], context - context / 2, context));
      if (length[row] == context) { // a context of one
        length[row] = 0;
      }
    }
    token.set(ValueLayout.JAVA_INT, 4L * row, t);
    position.set(ValueLayout.JAVA_INT, 4L * row, length[row]);
    tokens[row][length[row]++] = t;
  }

  /**
   * Goes on with one token in each sequence. Those that were not appended to compute their last
   * token again, to the same result.
   */
  void run() {
    workspace.run();
    for (int row = 0; row < rows; row++) {
      long from = 4L * row * logits[row].length;
      MemorySegment.copy(output, ValueLayout.JAVA_FLOAT, from, logits[row], 0, logits[row].length);
    }
  }

  /**
   * Makes sequence i go on from what {@code parents[i]} was. The logits stay as they are until the
   * next {@link #run}.
   */
  void reorder(int... parents) {
    int most = Arrays.stream(length).max().orElse(0);
    for (List<Tensor> all : List.of(cache.keys(), cache.values())) {
      for (Tensor t : all) {
        try (var _ = Scope.inference()) {
          Tensor old = t.slice(1, 0, most); // a copy, but for a single sequence
          for (int row = 0; rows > 1 && row < rows; row++) {
            if (parents[row] != row) {
              t.select(0, row).slice(0, 0, most).copyFrom(old.select(0, parents[row]));
            }
          }
        }
      }
    }
    int[] oldLength = length.clone();
    for (int row = 0; row < rows; row++) {
      int from = parents[row];
      System.arraycopy(tokens[from], 0, spare[row], 0, oldLength[from]);
      length[row] = oldLength[from];
    }
    int[][] old = tokens;
    tokens = spare;
    spare = old;
  }
}
