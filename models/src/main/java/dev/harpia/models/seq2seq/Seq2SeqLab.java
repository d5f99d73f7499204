package dev.harpia.models.seq2seq;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import dev.harpia.models.picture.Fonts;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.models.seq2seq.Seq2SeqTask.Pair;
import dev.harpia.nn.Loss;
import dev.harpia.nn.TransformerConfig;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Reduction;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The sequence-to-sequence lab: the original transformer learns to turn letters round, or numbers
 * in words into digits, and is judged on sequences that it never saw.
 */
public final class Seq2SeqLab {
  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final int WIDTH = 64;
  private static final int BATCH = 64;
  private static final int HELD = 256;
  private static final int JUDGEMENTS = 10;
  private static final int SHOWN = 8;

  private final Seq2SeqTask task;
  private final int steps;
  private final long seed;
  private final RunDirectory run;
  private final PrintWriter log;
  private final List<double[]> points = new ArrayList<>(); // step, losses, share without a fault

  /** A lab with its task, its length, its directory, and where it says what it does. */
  public Seq2SeqLab(Seq2SeqTask task, int steps, long seed, RunDirectory run, PrintWriter log) {
    if (steps < 1 || steps > 1_000_000) {
      throw new IllegalArgumentException("steps: " + steps + ": must be from 1 to 1000000");
    }
    this.task = task;
    this.steps = steps;
    this.seed = seed;
    this.run = run;
    this.log = log;
  }

  /** Trains, judges, and leaves the results in the run's directory. */
  public Seq2SeqReport run() throws IOException {
    long start = System.nanoTime();
    Rng.seed(seed);
    Seq2SeqData data = new Seq2SeqData(task, HELD, seed);
    Seq2Seq model =
        new Seq2Seq(
            data.sourceSize(),
            data.targetSize(),
            TransformerConfig.of(WIDTH, HEADS, 4 * WIDTH).withDropout(0).withNormFirst(),
            LAYERS,
            Seq2SeqTask.longest());
    log.printf(Locale.ROOT, "%s: %,d parameters%n", task.label(), model.parameterCount());
    train(model, data);
    List<List<String>> rows = samples(model, data);
    StringBuilder lines = new StringBuilder();
    rows.forEach(r -> lines.append(String.join("  →  ", r.subList(0, 2))).append('\n'));
    double[] last = points.getLast();
    Seq2SeqReport report =
        new Seq2SeqReport(
            task.label(),
            last[2],
            last[3],
            steps,
            model.parameterCount(),
            (System.nanoTime() - start) / 1e9,
            seed,
            Parallel.threads(),
            Machine.gemm(),
            lines.toString().stripTrailing(),
            run.path().toString());
    leave(report, rows, model);
    return report;
  }

  private void train(Seq2Seq model, Seq2SeqData data) {
    Optimizer optimizer =
        new AdamW(model.parameters(), Schedule.cosine(2e-3, Math.min(100, steps / 10), steps))
            .betas(0.9, 0.98)
            .decay(0.01)
            .clipNorm(1);
    Rng rng = new Rng(seed);
    double sum = 0;
    int count = 0;
    for (int step = 1; step <= steps; step++) {
      try (var _ = Scope.open("step")) {
        Tensor loss = loss(model, data.batch(data.draw(BATCH, rng)));
        optimizer.step(loss);
        sum += loss.item();
        count++;
      }
      if ((long) step * JUDGEMENTS / steps > (step - 1L) * JUDGEMENTS / steps) {
        double[] judged = judge(model, data);
        points.add(new double[] {step, sum / count, judged[0], judged[1]});
        log.printf(
            Locale.ROOT,
            "step %d of %d: training loss %.3f, held-out loss %.3f, without a fault %.1f %%%n",
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

  /** Padding counts for nothing. */
  private static Tensor loss(Seq2Seq model, Seq2SeqData.Batch b) {
    Tensor logits = model.forward(b.source(), b.seen());
    return Loss.crossEntropy(logits, b.target(), null, Reduction.MEAN, 0, Seq2Seq.PAD);
  }

  private static double[] judge(Seq2Seq model, Seq2SeqData data) {
    model.eval();
    double loss = 0;
    int exact = 0;
    List<Pair> held = data.held();
    for (int from = 0; from < held.size(); from += BATCH) {
      try (var _ = Scope.inference()) {
        List<Pair> some = held.subList(from, Math.min(from + BATCH, held.size()));
        Seq2SeqData.Batch b = data.batch(some);
        loss += loss(model, b).item() * some.size() / held.size();
        int[][] written = model.write(b.source(), Seq2SeqTask.longest());
        for (int i = 0; i < some.size(); i++) {
          exact += data.words(written[i]).equals(some.get(i).target()) ? 1 : 0;
        }
      }
    }
    model.train(true);
    return new double[] {loss, exact / (double) held.size()};
  }

  private List<List<String>> samples(Seq2Seq model, Seq2SeqData data) {
    List<Pair> some = data.held().subList(0, SHOWN);
    List<List<String>> rows = new ArrayList<>();
    try (var _ = Scope.inference()) {
      int[][] written = model.write(data.batch(some).source(), Seq2SeqTask.longest());
      for (int i = 0; i < SHOWN; i++) {
        String text = String.join("", data.words(written[i]));
        String wanted = String.join("", some.get(i).target());
        String between = task == Seq2SeqTask.REVERSE ? "" : " ";
        rows.add(
            List.of(
                String.join(between, some.get(i).source()),
                text,
                text.equals(wanted) ? "right" : "wrong: " + wanted));
      }
    }
    return rows;
  }

  private void leave(Seq2SeqReport report, List<List<String>> rows, Seq2Seq model)
      throws IOException {
    StringBuilder metrics = new StringBuilder();
    for (double[] p : points) {
      metrics
          .append(
              new JsonLine()
                  .put("step", p[0])
                  .put("train_loss", p[1])
                  .put("validation_loss", p[2])
                  .put("exact", p[3]))
          .append('\n');
    }
    run.text("metrics.json", metrics.append(report.json()).append('\n').toString());
    run.save("model.safetensors", path -> SafeTensors.save(model, path));
    Fonts.problem().ifPresent(log::println);
    new Report(
            run,
            "From one sequence to another",
            String.format(
                Locale.ROOT,
                "%.1f %% of sequences that were never seen are written without a fault.",
                100 * report.exact()),
            seed)
        .fact("task", task.label())
        .fact(
            "network",
            "encoder and decoder of %d layers, %d heads, width %d: %,d parameters"
                .formatted(LAYERS, HEADS, WIDTH, report.parameters()))
        .fact("training", "%d steps of %d pairs".formatted(steps, BATCH))
        .section("How it learned")
        .chart(
            "curves.png",
            Chart.lines(
                "Loss",
                "step",
                "nats per token",
                List.of(line("training", 1), line("held out", 2))))
        .table("Sequences that it never saw", List.of("source", "written", "judged"), rows)
        .write();
    run.publish();
  }

  private Curves.Line line(String name, int column) {
    return new Curves.Line(
        name,
        points.stream().mapToDouble(p -> p[0]).toArray(),
        points.stream().mapToDouble(p -> p[column]).toArray());
  }
}
