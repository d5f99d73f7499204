package dev.harpia.models.transformer;

import dev.harpia.nn.plan.Input;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Continues texts with a {@link Gpt}: the prompt is read at once, then each token costs one run of
 * a compiled plan over a cache of keys and values, with next to no allocation on the Java heap.
 * When the context is full, its later half is read anew and goes on as the beginning.
 *
 * <p>For one thread at a time. The model must not change while a generator is in use: the plan
 * holds a copy of its weights; make a new generator after training.
 */
public final class Generator {
  private final Gpt model;
  private final int context;
  private final Plan.Workspace workspace;
  private final Gpt.Cache cache;
  private final MemorySegment token;
  private final MemorySegment position;
  private final MemorySegment output;
  private final float[] logits;
  private final int[] tokens; // those in the cache
  private int length;

  /** Compiles the model for one token. */
  public Generator(Gpt model) {
    GptConfig c = model.config();
    this.model = model;
    context = c.context();
    List<Input> inputs = new ArrayList<>();
    inputs.add(Input.i32("token", 1, 1));
    inputs.add(Input.i32("position", 1));
    for (int i = 0; i < c.layers(); i++) {
      inputs.add(Input.f32("keys." + i, 1, context, c.keyWidth()));
      inputs.add(Input.f32("values." + i, 1, context, c.keyWidth()));
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
    logits = new float[c.vocabulary()];
    tokens = new int[context];
  }

  private Map<String, Tensor> trace(Map<String, Tensor> in) {
    Tensor t = in.getOrDefault("token", Tensor.scalar(0));
    Tensor p = in.getOrDefault("position", Tensor.scalar(0));
    return Map.of("logits", model.forward(t, p, cache(in)));
  }

  private Gpt.Cache cache(Map<String, Tensor> named) {
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

  /** Forgets everything and reads a prompt of 1 to C tokens. */
  public void start(int... prompt) {
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
      model.forward(x, Tensor.arange(prompt.length), cache).copyTo(logits);
    } finally {
      model.train(training);
    }
    System.arraycopy(prompt, 0, tokens, 0, prompt.length);
    length = prompt.length;
  }

  private void check(int t) {
    if (t < 0 || t >= logits.length) {
      throw new IndexOutOfBoundsException(
          "generate: token " + t + ": the model has " + logits.length);
    }
  }

  /** The logits [V] of the next token. */
  public float[] logits() {
    return logits.clone();
  }

  /** Appends a token. */
  public void append(int t) {
    check(t);
    if (length == 0) {
      throw new IllegalStateException("generate: start with a prompt");
    }
    if (length == context) {
      start(Arrays.copyOfRange(tokens, context - context / 2, context));
      if (length == context) { // a context of one
        length = 0;
      }
    }
    token.set(ValueLayout.JAVA_INT, 0, t);
    position.set(ValueLayout.JAVA_INT, 0, length);
    workspace.run();
    MemorySegment.copy(output, ValueLayout.JAVA_FLOAT, 0, logits, 0, logits.length);
    tokens[length++] = t;
  }

  /** Draws the next token and appends it. */
  public int next(Sampler sampler) {
    int t = sampler.draw(logits, tokens, length);
    append(t);
    return t;
  }

  /**
   * Continues a prompt.
   *
   * @param most how many tokens at most
   * @param onToken sees each new token as it comes, and says whether to go on
   * @return the new tokens
   */
  public int[] generate(int[] prompt, int most, Sampler sampler, IntPredicate onToken) {
    int[] out = new int[most];
    int n = 0;
    start(prompt);
    while (n < most) {
      out[n++] = next(sampler);
      if (!onToken.test(out[n - 1])) {
        break;
      }
    }
    return Arrays.copyOf(out, n);
  }

  /**
   * Continues a text, of which the model sees what fits its context.
   *
   * @param most how many tokens at most
   * @param onText sees the new text so far after each token, and says whether to go on
   * @param stops texts that end it; neither they nor what follows are returned
   * @return the new text
   */
  public String complete(
      Tokenizer tokenizer,
      String prompt,
      int most,
      Sampling sampling,
      Rng rng,
      Predicate<String> onText,
      String... stops) {
    int[] ids = tokenizer.encode(prompt);
    int[] seen = Arrays.copyOfRange(ids, Math.max(0, ids.length - context), ids.length);
    int[] out = new int[most];
    int[] n = {0};
    String[] text = {""};
    generate(
        seen,
        most,
        new Sampler(sampling, logits.length, rng),
        t -> {
          out[n[0]++] = t;
          text[0] = tokenizer.decode(Arrays.copyOf(out, n[0]));
          int stop =
              Arrays.stream(stops).mapToInt(text[0]::indexOf).filter(i -> i >= 0).min().orElse(-1);
          if (stop >= 0) {
            text[0] = text[0].substring(0, stop);
          }
          return onText.test(text[0]) && stop < 0;
        });
    return text[0];
  }
}
