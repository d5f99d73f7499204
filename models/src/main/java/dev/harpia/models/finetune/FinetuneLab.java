package dev.harpia.models.finetune;

import dev.harpia.models.rnn.TextJudge;
import dev.harpia.models.run.Cpu;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.GptConfig;
import dev.harpia.nn.LoRA;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Parameter;
import dev.harpia.nn.io.Peft;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.optim.Lion;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The fine-tuning lab of MIT 6.S191, scaled to a CPU: a small GPT learns to answer from one text,
 * then low-rank adapters teach it the style of another, while its own weights stay as they are. A
 * classifier that was trained on other sentences judges the answers before and after.
 */
public final class FinetuneLab {
  private static final int LAYERS = 3;
  private static final int HEADS = 4;
  private static final int WIDTH = 96;
  private static final double BASE_RATE = 2e-3;
  private static final int JUDGE_STEPS = 200;
  private static final int HELD = 256; // exchanges whose loss is measured
  private static final int REPORTS = 10;

  private final FinetuneSettings settings;
  private final Inputs inputs;
  private final RunDirectory run;
  private final PrintWriter log;
  private final List<double[]> points = new ArrayList<>(); // step, loss of the adapters

  /**
   * Where the lab's texts and weights come from, if the user gives them.
   *
   * @param base the text to pretrain on
   * @param style the text whose style is learnt
   * @param weights a base model of an earlier run with the same texts, instead of pretraining
   * @param adapters a folder of adapters to go on from
   */
  public record Inputs(
      Optional<Path> base, Optional<Path> style, Optional<Path> weights, Optional<Path> adapters) {}

  /** A lab with its settings, its texts, its directory, and where it says what it does. */
  public FinetuneLab(FinetuneSettings settings, Inputs inputs, RunDirectory run, PrintWriter log) {
    this.settings = settings;
    this.inputs = inputs;
    this.run = run;
    this.log = log;
  }

  /** Trains, judges, and leaves the results in the run's directory. */
  public FinetuneReport run() throws IOException {
    long start = System.nanoTime();
    long seed = settings.seed();
    Rng.seed(seed);
    StyleData data = StyleData.load(inputs.base(), inputs.style(), seed);
    Gpt model =
        new Gpt(GptConfig.gpt2(data.tokenizer().size(), Exchange.LENGTH, LAYERS, HEADS, WIDTH));
    if (inputs.weights().isPresent()) {
      SafeTensors.load(inputs.weights().get(), model);
    }
    // made now, so that adapters that do not fit are refused before anything is trained
    LoRA lora =
        inputs.adapters().isPresent()
            ? Peft.load(inputs.adapters().get(), model)
            : LoRA.attach(model, settings.lora());
    lora.detach();
    log.printf(
        Locale.ROOT,
        "%s: %,d exchanges; style %s: %,d; %,d parameters%n",
        data.baseName(),
        data.base().learn().size(),
        data.styleName(),
        data.style().learn().size(),
        model.parameterCount());
    TextJudge judge =
        TextJudge.learn(
            List.of(answers(data.base().judge()), answers(data.style().judge())),
            JUDGE_STEPS,
            new Rng(seed));
    if (inputs.weights().isEmpty()) {
      AdamW adam = new AdamW(model.parameters(), rate(BASE_RATE, settings.pretraining()));
      learn(model, adam, data, data.base().learn(), settings.pretraining(), false);
    }
    run.save("base.safetensors", file -> SafeTensors.save(model, file));
    float[][] weights = weights(model);
    Talker talker = new Talker(model, data, seed);
    List<Exchange> asked = first(data.style().held(), settings.answers());
    List<String> plain = talker.answers(asked);
    FinetuneReport.Figures before = figures(talker, data, judge, plain);
    lora.attach();
    log.printf(
        Locale.ROOT,
        "adapters of rank %d: %,d of %,d parameters are trained (%.2f %%)%n",
        lora.config().rank(),
        lora.trainable(),
        lora.trainable() + model.parameterCount(),
        100 * lora.share());
    learn(model, optimizer(lora.parameters()), data, data.style().learn(), settings.steps(), true);
    List<String> styled = talker.answers(asked);
    FinetuneReport.Figures after = figures(talker, data, judge, styled);
    FinetuneReport.Merging merged = merge(model, lora, data);
    lora.detach();
    FinetuneReport report =
        new FinetuneReport(
            data.baseName(),
            data.styleName(),
            before,
            after,
            model.parameterCount(),
            lora.trainable(),
            lora.share(),
            lora.config().rank(),
            lora.config().alpha(),
            settings.rule(),
            settings.pretraining(),
            settings.steps(),
            merged,
            Arrays.deepEquals(weights(model), weights),
            (judge.accuracy(answers(first(data.base().held(), HELD)), 0)
                    + judge.accuracy(answers(first(data.style().held(), HELD)), 1))
                / 2,
            (System.nanoTime() - start) / 1e9,
            seed,
            Parallel.threads(),
            Machine.gemm(),
            run.path().toString());
    Peft.save(lora, run.path().resolve("adapters"));
    leave(report, data, judge, asked, plain, styled);
    return report;
  }

  private static List<String> answers(List<Exchange> exchanges) {
    return exchanges.stream().map(Exchange::answer).toList();
  }

  private static <T> List<T> first(List<T> all, int count) {
    return all.subList(0, Math.min(count, all.size()));
  }

  private static float[][] weights(Gpt model) {
    return model.state().values().stream().map(Tensor::toArray).toArray(float[][]::new);
  }

  private static Schedule rate(double rate, int steps) {
    return Schedule.cosine(rate, Math.min(50, steps / 10), Math.max(1, steps));
  }

  private Optimizer optimizer(List<Parameter> adapters) {
    Schedule rate = rate(settings.rate(), settings.steps());
    return switch (settings.optimizer()) {
      case LION -> new Lion(adapters, rate);
      case ADAMW -> new AdamW(adapters, rate);
    };
  }

  private void learn(
      Gpt model,
      Optimizer optimizer,
      StyleData data,
      List<Exchange> exchanges,
      int steps,
      boolean adapting) {
    optimizer.clipNorm(1);
    Batches batches = new Batches(data.tokenizer());
    Rng rng = new Rng(settings.seed());
    double sum = 0;
    int count = 0;
    model.train(true);
    for (int step = 1; step <= steps; step++) {
      try (var _ = Scope.open("step")) {
        Batches.Batch b = batches.draw(exchanges, settings.batch(), adapting, rng);
        Tensor loss = Loss.crossEntropy(model.forward(b.x()), b.y());
        optimizer.step(loss);
        sum += loss.item();
        count++;
      }
      if ((long) step * REPORTS / steps > (long) (step - 1) * REPORTS / steps) {
        String what = adapting ? "adapting" : "pretraining";
        log.printf(Locale.ROOT, "%s, step %d: loss %.3f%n", what, step, sum / count);
        log.flush();
        points.add(new double[] {adapting ? 1 : 0, step, sum / count});
        sum = 0;
        count = 0;
      }
    }
    model.eval();
  }

  private FinetuneReport.Figures figures(
      Talker talker, StyleData data, TextJudge judge, List<String> answers) {
    return new FinetuneReport.Figures(
        talker.loss(first(data.style().held(), HELD)),
        talker.loss(first(data.base().held(), HELD)),
        Arrays.stream(scores(judge, answers)).average().orElse(Double.NaN));
  }

  private static double[] scores(TextJudge judge, List<String> answers) {
    return answers.stream().mapToDouble(a -> judge.probabilities(a)[1]).toArray();
  }

  /**
   * The largest differences between the merged model's logits and those with the adapters beside
   * the weights, in evaluation and as in training; and the largest logit.
   */
  private FinetuneReport.Merging merge(Gpt model, LoRA lora, StyleData data) throws IOException {
    try (var _ = Scope.inference()) {
      Tensor x = new Batches(data.tokenizer()).of(first(data.style().held(), 8), true).x();
      float[] beside = model.forward(x).toArray();
      model.train(true); // without dropout only the adapters' products differ
      float[] learning = model.forward(x).toArray();
      model.eval();
      lora.merge();
      float[] within = model.forward(x).toArray();
      run.save("merged.safetensors", file -> SafeTensors.save(model, file));
      lora.unmerge();
      return new FinetuneReport.Merging(
          distance(beside, within),
          distance(learning, within),
          distance(within, new float[within.length]));
    }
  }

  private static double distance(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      double d = Math.abs((double) a[i] - b[i]);
      most = d <= most ? most : d; // what is no number stays
    }
    return most;
  }

  private void leave(
      FinetuneReport report,
      StyleData data,
      TextJudge judge,
      List<Exchange> asked,
      List<String> plain,
      List<String> styled)
      throws IOException {
    StringBuilder metrics = new StringBuilder();
    for (double[] p : points) {
      metrics
          .append(
              new JsonLine()
                  .put("phase", p[0] == 0 ? "pretraining" : "adapting")
                  .put("step", p[1])
                  .put("loss", p[2]))
          .append('\n');
    }
    metrics
        .append(
            report
                .json()
                .put("batch", settings.batch())
                .put("learning_rate", settings.rate())
                .put("harpia", Machine.version())
                .put("java", Runtime.version().toString())
                .put("cpu", Cpu.detect().model()))
        .append('\n');
    run.text("metrics.json", metrics.toString());
    StringBuilder samples = new StringBuilder();
    for (int i = 0; i < asked.size(); i++) {
      samples.append("Q: ").append(asked.get(i).question());
      samples.append("\nbefore: ").append(plain.get(i));
      samples.append("\nafter:  ").append(styled.get(i)).append("\n\n");
    }
    run.text("samples.txt", samples.toString());
    FinetunePage.write(
        run,
        settings,
        report,
        points,
        samples.substring(0, Math.min(samples.length(), 1500)),
        List.of(
            scores(judge, plain),
            scores(judge, styled),
            scores(judge, answers(first(data.style().learn(), asked.size())))));
    run.publish();
  }
}
