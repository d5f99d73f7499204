package dev.harpia.models.bert;

import dev.harpia.models.picture.AttentionGrid;
import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import dev.harpia.models.picture.Fonts;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.Loss;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.CrossEntropy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The attention lab: a small encoder learns to guess hidden words, and is then drawn as it looks at
 * sentences: which words attend to which, head by head.
 */
public final class AttentionLab {
  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final int WIDTH = 64;
  private static final int BATCH = 32;
  private static final double SHARE = 0.15;
  private static final int JUDGEMENTS = 10;
  private static final int DRAWN = 3;

  private final int steps;
  private final Optional<Path> file;
  private final long seed;
  private final RunDirectory run;
  private final PrintWriter log;
  private final List<double[]> points = new ArrayList<>(); // step, training loss, held-out loss

  /** A lab with its length, its text, its directory, and where it says what it does. */
  public AttentionLab(
      int steps, Optional<Path> file, long seed, RunDirectory run, PrintWriter log) {
    if (steps < 1 || steps > 1_000_000) {
      throw new IllegalArgumentException("steps: " + steps + ": must be from 1 to 1000000");
    }
    this.steps = steps;
    this.file = file;
    this.seed = seed;
    this.run = run;
    this.log = log;
  }

  /** Trains, judges, draws, and leaves the results in the run's directory. */
  public AttentionReport run() throws IOException {
    long start = System.nanoTime();
    Rng.seed(seed);
    Sentences text = Sentences.load(file, seed);
    MaskedLanguageModel model =
        new MaskedLanguageModel(
            new Bert(
                BertConfig.of(text.words().size(), Sentences.longest(), LAYERS, HEADS, WIDTH)));
    log.printf(
        Locale.ROOT,
        "%s: %,d sentences, %d words; %,d parameters%n",
        text.name(),
        text.train().size() + text.held().size(),
        text.words().size(),
        model.parameterCount());
    train(model, text);
    model.eval();
    double[] judged = judge(model, text);
    AttentionReport report =
        new AttentionReport(
            text.name(),
            judged[0],
            judged[1],
            text.chance(),
            steps,
            model.parameterCount(),
            (System.nanoTime() - start) / 1e9,
            seed,
            Parallel.threads(),
            Machine.gemm(),
            run.path().toString());
    leave(report, model, text);
    return report;
  }

  private void train(MaskedLanguageModel model, Sentences text) {
    Optimizer optimizer =
        new AdamW(model.parameters(), Schedule.cosine(2e-3, Math.min(100, steps / 10), steps))
            .decay(0.01)
            .clipNorm(1);
    Rng rng = new Rng(seed);
    double sum = 0;
    int count = 0;
    for (int step = 1; step <= steps; step++) {
      try (var _ = Scope.open("step")) {
        Sentences.Batch b = text.draw(BATCH, SHARE, rng);
        Tensor loss = Loss.crossEntropy(model.forward(b.tokens(), null, b.padding()), b.targets());
        optimizer.step(loss);
        sum += loss.item();
        count++;
      }
      if ((long) step * JUDGEMENTS / steps > (step - 1L) * JUDGEMENTS / steps) {
        model.eval();
        double[] judged = judge(model, text);
        model.train(true);
        points.add(new double[] {step, sum / count, judged[0]});
        log.printf(
            Locale.ROOT,
            "step %d of %d: training loss %.3f, held-out loss %.3f, guessed right %.1f %%%n",
            step,
            steps,
            sum / count,
            judged[0],
            100 * judged[1]);
        log.flush();
        sum = 0;
        count = 0;
      }
    }
  }

  /** The loss and the share of right guesses on held-out sentences, always with the same masks. */
  private static double[] judge(MaskedLanguageModel model, Sentences text) {
    Rng rng = new Rng(7);
    double loss = 0;
    long right = 0;
    long all = 0;
    int batches = 0;
    for (int from = 0; from < text.held().size() && batches < 12; from += BATCH) {
      try (var _ = Scope.inference()) {
        int to = Math.min(from + BATCH, text.held().size());
        Sentences.Batch b = text.batch(text.held().subList(from, to), SHARE, rng);
        Tensor logits = model.forward(b.tokens(), null, b.padding());
        loss += Loss.crossEntropy(logits, b.targets()).item();
        int[] guesses = logits.argmax(2).toIntArray();
        int[] targets = b.targets().toIntArray();
        for (int i = 0; i < targets.length; i++) {
          if (targets[i] != CrossEntropy.IGNORE) {
            all++;
            right += guesses[i] == targets[i] ? 1 : 0;
          }
        }
        batches++;
      }
    }
    return new double[] {loss / Math.max(1, batches), right / (double) Math.max(1, all)};
  }

  /** Held-out sentences to draw, of the usual length and not alike. */
  private static List<int[]> drawn(Sentences text) {
    List<int[]> some = new ArrayList<>();
    for (int[] s : text.held()) {
      boolean fits = s.length >= 6 && s.length <= 14;
      if (fits && some.size() < DRAWN && some.stream().noneMatch(o -> o.length == s.length)) {
        some.add(s);
      }
    }
    return some.isEmpty() ? List.of(text.held().getFirst()) : some;
  }

  private void leave(AttentionReport report, MaskedLanguageModel model, Sentences text)
      throws IOException {
    StringBuilder metrics = new StringBuilder();
    for (double[] p : points) {
      metrics
          .append(
              new JsonLine().put("step", p[0]).put("train_loss", p[1]).put("validation_loss", p[2]))
          .append('\n');
    }
    run.text("metrics.json", metrics.append(report.json()).append('\n').toString());
    run.save("model.safetensors", path -> SafeTensors.save(model, path));
    run.text("words.txt", String.join("\n", text.words().words()) + "\n");
    Fonts.problem().ifPresent(log::println);
    Report page =
        new Report(
                run,
                "Which words attend to which",
                String.format(
                    Locale.ROOT,
                    "%.1f %% of hidden words are guessed right; always the most frequent word would"
                        + " be right in %.1f %%.",
                    100 * report.guessed(),
                    100 * report.chance()),
                seed)
            .fact("data", "%s: %,d sentences".formatted(text.name(), text.train().size()))
            .fact("network", "%d layers of %d heads, width %d".formatted(LAYERS, HEADS, WIDTH))
            .section("How it learned")
            .chart(
                "curves.png",
                Chart.lines(
                    "Loss on hidden words",
                    "step",
                    "nats",
                    List.of(line("training", 1), line("held out", 2))))
            .section("Where the heads look")
            .text(
                "Each row is a word that looks, each column a word that is looked at; a row's"
                    + " shades add up to one. One word is hidden behind the mask, and the heads"
                    + " fetch what is needed to guess it.");
    int number = 1;
    for (int[] sentence : drawn(text)) {
      draw(page, "attention-" + number++ + ".png", sentence, model, text);
    }
    page.write();
    run.publish();
  }

  private void draw(
      Report page, String name, int[] sentence, MaskedLanguageModel model, Sentences text)
      throws IOException {
    int hidden = hidden(sentence, text);
    int[] seen = sentence.clone();
    seen[hidden] = text.mask();
    List<String> words = new ArrayList<>();
    List<float[][]> heads = new ArrayList<>();
    List<String> titles = new ArrayList<>();
    String guess;
    try (var _ = Scope.inference()) {
      Tensor x = Tensor.of(seen).reshape(1, seen.length);
      guess = text.words().words().get(model.forward(x).argmax(2).toIntArray()[hidden]);
      List<Tensor> layers = model.bert().encode(x, null, null, true).attention();
      for (int l = 0; l < layers.size(); l++) {
        float[] all = layers.get(l).toArray(); // [1, heads, T, T]
        for (int h = 0; h < HEADS; h++) {
          heads.add(square(all, h, seen.length));
          titles.add("layer %d, head %d".formatted(l + 1, h + 1));
        }
      }
    }
    Arrays.stream(seen).forEach(t -> words.add(text.words().words().get(t)));
    String truth = text.words().words().get(sentence[hidden]);
    String title = "hidden: \"%s\", guessed: \"%s\"".formatted(truth, guess);
    page.picture(name, title, () -> AttentionGrid.draw(title, words, titles, heads, HEADS));
  }

  /** The word to hide: where the grammar is known the one that follows from others, else any. */
  private static int hidden(int[] sentence, Sentences text) {
    List<String> last =
        List.of("sing", "sings", "wait", "waits", "sleep", "sleeps", "listen", "listens");
    for (int i = sentence.length - 1; i > 0; i--) {
      if (last.contains(text.words().words().get(sentence[i]))) {
        return i;
      }
    }
    return Math.max(0, sentence.length - 2);
  }

  private static float[][] square(float[] all, int head, int n) {
    float[][] m = new float[n][n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(all, (head * n + i) * n, m[i], 0, n);
    }
    return m;
  }

  private Curves.Line line(String name, int column) {
    return new Curves.Line(
        name,
        points.stream().mapToDouble(p -> p[0]).toArray(),
        points.stream().mapToDouble(p -> p[column]).toArray());
  }
}
