package dev.harpia.models.rl;

import dev.harpia.models.run.JsonLine;
import java.util.Locale;

/**
 * What a run of the CartPole lab amounts to; means over the runs, the worst of them, and times of
 * the first.
 *
 * @param mean the mean return of 100 test episodes, over all runs
 * @param worst the lowest of the runs' means
 * @param solved how many runs reach a mean of 475
 * @param trained the best mean of 100 consecutive training episodes, over all runs; NaN if fewer
 * @param stepsPerSecond steps with all learning and evaluations, per second
 */
public record CartPoleReport(
    CartPoleSettings settings,
    double mean,
    double worst,
    int solved,
    double trained,
    double steps,
    double seconds,
    double stepsPerSecond,
    double actionP50,
    double actionP99,
    String out) {
  /** The report on one line, for programs. */
  public JsonLine json() {
    return new JsonLine()
        .put("lab", "cartpole")
        .put("agent", settings.agent().toString())
        .put("mean_return", mean)
        .put("worst_run", worst)
        .put("solved_runs", solved)
        .put("runs", settings.runs())
        .put("best_train_mean_100", trained)
        .put("steps", steps)
        .put("seconds", seconds)
        .put("steps_per_second", stepsPerSecond)
        .put("action_p50_us", actionP50)
        .put("action_p99_us", actionP99)
        .put("seed", settings.seed())
        .put("out", out);
  }

  /** The report for people. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "mean return %.1f over 100 test episodes (%s, %d of %d runs at 475 or more; %,.0f steps,"
            + " %.1f s, %,.0f steps/s; an action takes %.1f µs, 99 %% at most %.1f)%nresults in %s",
        mean,
        settings.agent(),
        solved,
        settings.runs(),
        steps,
        seconds,
        stepsPerSecond,
        actionP50,
        actionP99,
        out);
  }
}
