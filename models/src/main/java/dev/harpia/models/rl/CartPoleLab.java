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
import java.util.List;
import java.util.Locale;

/** Learns to balance a pole, says how well, and films it. */
public final class CartPoleLab {
  private static final int FILM_WIDTH = 320;
  private static final int EVERY = 2; // frames of 20 ms: two of them are 4 hundredths

  private final CartPoleSettings settings;
  private final RunDirectory run;
  private final PrintWriter log;
  private final boolean watch;

  /**
   * A lab with its settings, its directory, where it says what it does, and whether it shows it.
   */
  public CartPoleLab(CartPoleSettings settings, RunDirectory run, PrintWriter log, boolean watch) {
    this.settings = settings;
    this.run = run;
    this.log = log;
    this.watch = watch;
  }

  /** Learns, judges, draws and films. */
  public CartPoleReport run() throws IOException {
    List<CartPoleLearner> learners = new ArrayList<>();
    StringBuilder metrics = new StringBuilder();
    for (int i = 0; i < settings.runs(); i++) {
      long seed = settings.seed() + i;
      CartPoleLearner learner = CartPoleLearner.learn(settings, seed, this::tell);
      log.println(
          String.format(
              Locale.ROOT,
              "seed %d: mean return %.1f of 100 test episodes (lowest %.0f) after %,d steps, %.1f"
                  + " s",
              seed,
              learner.test().mean(),
              learner.test().min(),
              learner.steps(),
              learner.seconds()));
      metrics.append(line(seed, learner)).append('\n');
      learners.add(learner);
    }
    CartPoleLearner first = learners.getFirst();
    CartPoleReport report = report(learners, first.latency());
    run.text("metrics.json", metrics.append(report.json()).append('\n').toString());
    run.save("model.safetensors", file -> SafeTensors.save(first.network(), file));
    Fonts.problem().ifPresent(log::println);
    page(report, learners);
    run.publish();
    return report;
  }

  private void page(CartPoleReport report, List<CartPoleLearner> learners) throws IOException {
    CartPoleLearner first = learners.getFirst();
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < learners.size(); i++) {
      CartPoleLearner l = learners.get(i);
      rows.add(
          List.of(
              Long.toString(settings.seed() + i),
              String.format(Locale.ROOT, "%.1f", l.test().mean()),
              String.format(Locale.ROOT, "%.0f", l.test().min()),
              String.format(Locale.ROOT, "%,d", l.steps()),
              String.format(Locale.ROOT, "%.1f", l.seconds())));
    }
    new Report(
            run,
            "Balancing a pole by trial and error",
            report.text().lines().findFirst().orElse(""),
            settings.seed())
        .fact("agent", settings.agent())
        .fact("world", "CartPole-v1: 4 numbers seen, 2 actions, at most 500 steps, 1 for each")
        .section("How it learned")
        .chart("learning.png", LearningPicture.chart(settings.agent().toString(), curves(learners)))
        .section("How well it balances")
        .film("agent.gif", "An episode of the trained agent.", film(first.agent()), 2 * EVERY)
        .table(
            "100 test episodes for each seed.",
            List.of("seed", "mean return", "lowest", "steps", "seconds"),
            rows)
        .code("The network", first.network().summary(Shape.of(1, 4)))
        .write();
  }

  private void tell(long steps, LearningCurve curve) {
    double[] means = curve.evaluationMeans();
    log.println(
        String.format(
            Locale.ROOT,
            "%,7d steps: mean return of the last 20 episodes %.1f, without exploring %.1f",
            steps,
            curve.recent(20),
            means[means.length - 1]));
  }

  private static List<LearningCurve> curves(List<CartPoleLearner> learners) {
    return learners.stream().map(CartPoleLearner::curve).toList();
  }

  private CartPoleReport report(List<CartPoleLearner> learners, double[] latency) {
    double[] means = learners.stream().mapToDouble(l -> l.test().mean()).toArray();
    double steps = learners.stream().mapToLong(CartPoleLearner::steps).average().orElse(0);
    double seconds =
        learners.stream().mapToDouble(CartPoleLearner::seconds).average().orElse(Double.NaN);
    return new CartPoleReport(
        settings,
        java.util.Arrays.stream(means).average().orElse(Double.NaN),
        java.util.Arrays.stream(means).min().orElse(Double.NaN),
        (int) java.util.Arrays.stream(means).filter(m -> m >= 475).count(),
        learners.stream().mapToDouble(l -> l.curve().best(100)).average().orElse(Double.NaN),
        steps,
        seconds,
        steps / seconds,
        latency[0],
        latency[1],
        run.path().toString());
  }

  private static JsonLine line(long seed, CartPoleLearner l) {
    return new JsonLine()
        .put("seed", seed)
        .put("mean_return", l.test().mean())
        .put("std_return", l.test().std())
        .put("min_return", l.test().min())
        .put("best_train_mean_100", l.curve().best(100))
        .put("episodes", l.curve().episodes())
        .put("steps", l.steps())
        .put("seconds", l.seconds());
  }

  /** An episode of the trained agent. */
  private List<BufferedImage> film(Agent<Integer> agent) {
    Environment<Integer> world = CartPole.v1();
    float[] observation = world.reset(settings.seed());
    List<BufferedImage> frames = new ArrayList<>();
    boolean done = false;
    for (int t = 0; !done; t++) {
      if (t % EVERY == 0) {
        frames.add(SceneImage.draw(world.scene(), FILM_WIDTH));
      }
      if (watch) {
        show(world.scene());
      }
      Step step = world.step(agent.act(observation));
      observation = step.observation();
      done = step.done();
    }
    return frames;
  }

  /** Draws over the picture before, at the pace of the world. */
  private void show(Scene scene) {
    log.print("\u001b[H\u001b[2J" + SceneImage.text(scene, 72));
    log.flush();
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
