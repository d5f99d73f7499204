package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each environment follows Gymnasium's recorded trajectories: every single step from the recorded
 * state within 1e-9, and the whole way from the recorded first state within 1e-6.
 *
 * <p>That takes {@link Trigonometry}: with {@link Math#sin} and {@link Math#cos}, right to the last
 * bit or not, a pole balanced for 500 steps ends up elsewhere.
 */
final class GymGoldenTest {
  private static final Pattern FILE = Pattern.compile("\"file\"\\s*:\\s*\"([^\"]+)\"");
  private static final double STEP = 1e-9;
  private static final double WAY = 1e-6;

  @TestFactory
  Stream<DynamicTest> trajectories() throws IOException {
    Optional<Path> folder = folder();
    assumeTrue(folder.isPresent(), "no folder goldens/gym: trajectories not compared");
    Path gym = folder.orElseThrow();
    return FILE
        .matcher(Files.readString(gym.resolve("manifest.json")))
        .results()
        .map(m -> m.group(1))
        .toList()
        .stream()
        .map(file -> dynamicTest(file, () -> follow(file, Trajectory.read(gym.resolve(file)))));
  }

  private static void follow(String file, Trajectory golden) {
    switch (file.substring(0, file.indexOf('_')).toLowerCase(Locale.ROOT)) {
      case "cartpole-v1" -> {
        CartPole e = file.contains("sutton") ? CartPole.suttonBarto() : CartPole.bare();
        compare(e, 500, a -> (int) a, golden);
      }
      case "mountaincar-v0" -> compare(MountainCar.bare(), 200, a -> (int) a, golden);
      case "acrobot-v1" -> compare(Acrobot.bare(), 500, a -> (int) a, golden);
      case "pendulum-v1" -> compare(Pendulum.bare(), 200, GymGoldenTest::vector, golden);
      case "mountaincarcontinuous-v0" ->
          compare(MountainCarContinuous.bare(), 999, GymGoldenTest::vector, golden);
      default -> throw new AssertionError("an environment that we do not have: " + file);
    }
  }

  private static float[] vector(double action) {
    return new float[] {(float) action};
  }

  private static <A> void compare(
      Physics<A> environment, int limit, DoubleFunction<A> action, Trajectory golden) {
    Environment<A> limited = new TimeLimit<>(environment, limit);
    limited.reset(1);
    float[] seen = environment.resetTo(golden.row("state", 0));
    near("first observation", floats(seen), golden.row("obs", 0), WAY);
    for (int t = 0; t < golden.steps(); t++) {
      Step step = limited.step(action.apply(golden.row("action", t)[0]));
      same(environment, step, t, golden, WAY);
      assertThat(step.truncated()).as("cut %d", t).isEqualTo(golden.flag("truncated", t));
    }
    for (int t = 0; t < golden.steps(); t++) {
      environment.resetTo(golden.row("state", t));
      Step step = environment.step(action.apply(golden.row("action", t)[0]));
      same(environment, step, t, golden, STEP);
    }
    assertThat(golden.steps()).isPositive();
  }

  private static void same(
      Physics<?> environment, Step step, int t, Trajectory golden, double tolerance) {
    near("state " + (t + 1), environment.state, golden.row("state", t + 1), tolerance);
    double one = Math.max(tolerance, 1e-6); // observations are in single precision
    near("obs " + (t + 1), floats(step.observation()), golden.row("obs", t + 1), one);
    near("reward " + t, new double[] {step.reward()}, golden.row("reward", t), tolerance);
    assertThat(step.terminated()).as("end %d", t).isEqualTo(golden.flag("terminated", t));
  }

  private static void near(String what, double[] ours, double[] theirs, double tolerance) {
    assertThat(ours.length).as("size of %s", what).isEqualTo(theirs.length);
    for (int i = 0; i < ours.length; i++) {
      double rule = tolerance * Math.max(1, Math.abs(theirs[i]));
      assertThat(Math.abs(ours[i] - theirs[i])).as("%s[%d]", what, i).isLessThan(rule);
    }
  }

  private static double[] floats(float[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i];
    }
    return y;
  }

  private static Optional<Path> folder() {
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      for (String place : new String[] {"tests/src/test/resources/goldens", "shared/goldens"}) {
        Path gym = p.resolve(place).resolve("gym");
        if (Files.exists(gym.resolve("manifest.json"))) {
          return Optional.of(gym);
        }
      }
    }
    return Optional.empty();
  }
}
