package dev.harpia.models.rl;

import dev.harpia.models.picture.Fonts;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Learns a task, says how well, and films it: a run directory with learning curves over the runs,
 * an animated GIF and the network of the first run, and the figures of all.
 */
public final class AgentLab {
  private final Task<?> task;
  private final RunDirectory run;
  private final PrintWriter log;
  private final boolean watch;

  /** A lab with its task, its directory, where it says what it does, and whether it shows it. */
  AgentLab(Task<?> task, RunDirectory run, PrintWriter log, boolean watch) {
    this.task = task;
    this.run = run;
    this.log = log;
    this.watch = watch;
  }

  /** The pole that must be balanced. */
  public static AgentLab cartpole(
      CartPoleSettings settings, RunDirectory run, PrintWriter log, boolean watch) {
    return new AgentLab(new CartPoleTask(settings), run, log, watch);
  }

  /** Learns a task. */
  public static AgentLab of(
      GameSettings settings, RunDirectory run, PrintWriter log, boolean watch) {
    return new AgentLab(settings.task(), run, log, watch);
  }

  /** Learns, judges, draws and films. */
  public AgentReport run() throws IOException {
    return run(task);
  }

  private <A> AgentReport run(Task<A> work) throws IOException {
    List<Learned<A>> learned = new ArrayList<>();
    StringBuilder metrics = new StringBuilder();
    for (int i = 0; i < work.runs(); i++) {
      long seed = work.seed() + i;
      Learned<A> one = work.learn(seed, this::progress);
      log.println(
          String.format(
              Locale.ROOT,
              "seed %d: mean return %.2f of %d consecutive test episodes (lowest %.4g) after %,d"
                  + " steps, %.1f s",
              seed,
              one.test().mean(),
              one.test().returns().length,
              one.test().min(),
              one.steps(),
              one.seconds()));
      metrics.append(line(work, seed, one)).append('\n');
      learned.add(one);
    }
    AgentReport report = report(work, learned);
    run.text("metrics.json", metrics.append(report.json()).append('\n').toString());
    Learned<A> first = learned.getFirst();
    run.save("model.safetensors", file -> SafeTensors.save(first.network(), file));
    Fonts.problem().ifPresent(log::println);
    page(work, report, learned);
    run.publish();
    return report;
  }

  private <A> void page(Task<A> work, AgentReport report, List<Learned<A>> learned)
      throws IOException {
    Learned<A> first = learned.getFirst();
    Optional<PrintWriter> terminal = watch ? Optional.of(log) : Optional.empty();
    Environment<A> stage = work.stage();
    List<BufferedImage> frames = work.film().take(stage, first.agent(), work.seed(), terminal);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < learned.size(); i++) {
      Learned<A> one = learned.get(i);
      rows.add(
          List.of(
              Long.toString(work.seed() + i),
              String.format(Locale.ROOT, "%.2f", one.test().mean()),
              String.format(Locale.ROOT, "%.4g", one.test().min()),
              String.format(Locale.ROOT, "%,d", one.steps()),
              String.format(Locale.ROOT, "%.1f", one.seconds())));
    }
    List<LearningCurve> curves = learned.stream().map(Learned::curve).toList();
    new Report(run, work.title(), report.text().lines().findFirst().orElse(""), work.seed())
        .fact("agent", work.agent())
        .fact("world", work.world())
        .section("How it learned")
        .chart("learning.png", LearningPicture.chart(work.lab() + ", " + work.agent(), curves))
        .section("How well it does")
        .film("agent.gif", "The trained agent.", () -> frames, work.film().hundredths())
        .table(
            first.test().returns().length
                + " consecutive test episodes for each seed, in worlds not seen in training; with"
                + " the weights of the best evaluation, or the last ones where learning was not"
                + " judged.",
            List.of("seed", "mean return", "lowest", "steps", "seconds"),
            rows)
        .code("The network", first.network().summary(Shape.of(1, stage.observationSize())))
        .write();
  }

  private void progress(long steps, LearningCurve curve) {
    double[] means = curve.evaluationMeans();
    log.println(
        String.format(
            Locale.ROOT,
            "%,9d steps: mean return of the last 20 episodes %.2f, without exploring %.2f",
            steps,
            curve.recent(20),
            means[means.length - 1]));
  }

  private static <A> JsonLine line(Task<A> work, long seed, Learned<A> one) {
    JsonLine line =
        new JsonLine()
            .put("seed", seed)
            .put("mean_return", one.test().mean())
            .put("std_return", one.test().std())
            .put("min_return", one.test().min())
            .put("test_episodes", one.test().returns().length)
            .put("train_episodes", one.curve().episodes())
            .put("steps", one.steps())
            .put("seconds", one.seconds());
    work.tell(one, line);
    return line;
  }

  private <A> AgentReport report(Task<A> work, List<Learned<A>> learned) {
    double[] means = learned.stream().mapToDouble(l -> l.test().mean()).toArray();
    double steps = learned.stream().mapToLong(Learned::steps).average().orElse(0);
    double seconds = learned.stream().mapToDouble(Learned::seconds).average().orElse(Double.NaN);
    double[] latency = learned.getFirst().latency(work.stage().reset(1));
    double mean = Arrays.stream(means).average().orElse(Double.NaN);
    JsonLine json =
        new JsonLine()
            .put("lab", work.lab())
            .put("agent", work.agent())
            .put("mean_return", mean)
            .put("worst_run", Arrays.stream(means).min().orElse(Double.NaN))
            .put("runs", work.runs())
            .put("test_episodes", learned.getFirst().test().returns().length);
    String verdict = work.judge(learned, json);
    json.put("steps", steps)
        .put("seconds", seconds)
        .put("steps_per_second", steps / seconds)
        .put("action_p50_us", latency[0])
        .put("action_p99_us", latency[1])
        .put("seed", work.seed())
        .put("out", run.path().toString());
    String costs =
        String.format(
            Locale.ROOT,
            "%,.0f steps, %.1f s, %,.0f steps/s; an action takes %.1f µs, 99 %% at most %.1f",
            steps,
            seconds,
            steps / seconds,
            latency[0],
            latency[1]);
    String text =
        verdict + " (" + costs + ")" + System.lineSeparator() + "results in " + run.path();
    return new AgentReport(mean, json, text);
  }
}
