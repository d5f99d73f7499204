package dev.harpia.nn.train;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Shows how training goes: on a terminal a bar with examples per second, time left, loss and
 * metrics; elsewhere a line for each epoch, and one a minute in long epochs. Writes to the standard
 * error stream, so that results can be piped.
 */
public final class Progress implements Callback {
  private static final int WIDTH = 24;
  private static final long BAR_NANOS = 100_000_000L; // ten times a second is smooth enough
  private static final long LINE_NANOS = 60_000_000_000L;

  private final PrintStream out;
  private final boolean bar;
  private final LongSupplier clock;
  private long epochs;
  private int batches;
  private int validationBatches;
  private long epochStart;
  private long shown;
  private long examples;
  private long runStart;
  private long runSteps;

  /** A bar on a terminal, plain lines elsewhere. */
  public Progress() {
    this(System.err, isTerminal());
  }

  /** Writes to {@code out}, a bar or plain lines. */
  public Progress(PrintStream out, boolean bar) {
    this(out, bar, System::nanoTime);
  }

  Progress(PrintStream out, boolean bar, LongSupplier clock) {
    this.out = out;
    this.bar = bar;
    this.clock = clock;
  }

  private static boolean isTerminal() {
    Console console = System.console();
    String term = System.getenv().getOrDefault("TERM", "");
    return console != null && console.isTerminal() && !term.equals("dumb");
  }

  @Override
  public void on(Event event, Training training) {
    switch (event) {
      case Event.Started s -> {
        epochs = s.epochs();
        batches = s.batches();
        runStart = clock.getAsLong();
        runSteps = 0;
        beginEpoch();
      }
      case Event.StepDone s -> step(s, training);
      case Event.ValidationStarted v -> validationBatches = v.batches();
      case Event.ValidationStep v -> validation(v);
      case Event.EpochDone(EpochResult r) -> {
        line(summary(r));
        beginEpoch();
      }
      case Event.Finished f -> {
        long done = f.history().epochs().size();
        if (done < epochs) {
          line("stopped after epoch %d of %d: %s".formatted(done, epochs, f.reason()));
        }
      }
    }
  }

  private void beginEpoch() {
    epochStart = clock.getAsLong();
    shown = epochStart;
    examples = 0;
  }

  private void step(Event.StepDone s, Training training) {
    examples += s.examples();
    runSteps++;
    long now = clock.getAsLong();
    if (now - shown < (bar ? BAR_NANOS : LINE_NANOS)) {
      return;
    }
    shown = now;
    double perStep = (now - runStart) / (double) runSteps;
    long left = (epochs - s.epoch()) * batches - s.batch();
    StringBuilder text = new StringBuilder(head(s.epoch() + 1));
    text.append(bar ? bar(s.batch(), batches) : "  batch ").append(s.batch()).append('/');
    text.append(batches).append("  ").append(rate(examples, (now - epochStart) * 1e-9));
    text.append("  ETA ").append(time(perStep * left * 1e-9));
    text.append("  loss ").append(number(training.running().loss()));
    training
        .running()
        .metrics()
        .forEach(m -> text.append("  ").append(m.name()).append(' ').append(number(m.value())));
    show(text.toString());
  }

  private void validation(Event.ValidationStep v) {
    long now = clock.getAsLong();
    if (bar && now - shown >= BAR_NANOS) {
      shown = now;
      show(
          head(v.epoch() + 1)
              + bar(v.batch(), validationBatches)
              + v.batch()
              + "/"
              + validationBatches
              + "  validating");
    }
  }

  private String summary(EpochResult r) {
    StringBuilder text = new StringBuilder(head(r.epoch()));
    text.append("  ").append(time(r.seconds())).append("  ");
    text.append(rate(r.examples(), r.trainSeconds()));
    for (Map.Entry<String, Double> e : r.figures().entrySet()) {
      text.append("  ")
          .append(e.getKey().replace('_', ' '))
          .append(' ')
          .append(number(e.getValue()));
    }
    return text.toString();
  }

  private String head(long epoch) {
    return "epoch " + epoch + "/" + epochs;
  }

  private static String bar(int done, int of) {
    int full = (int) ((long) WIDTH * done / of);
    return " [" + "=".repeat(full) + " ".repeat(WIDTH - full) + "] ";
  }

  static String number(double v) {
    double size = Math.abs(v);
    boolean plain = size == 0 || size >= 1e-3 && size < 1e6 || !Double.isFinite(v);
    return String.format(Locale.ROOT, plain ? "%.4f" : "%.3e", v);
  }

  static String rate(long examples, double seconds) {
    double r = seconds > 0 ? examples / seconds : 0;
    return String.format(Locale.ROOT, r < 100 ? "%.1f/s" : "%.0f/s", r);
  }

  static String time(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1fs", Math.max(0, seconds));
    }
    Duration d = Duration.ofMillis((long) (seconds * 1000) + 500);
    return d.toHours() > 0
        ? "%d:%02d:%02d".formatted(d.toHours(), d.toMinutesPart(), d.toSecondsPart())
        : "%d:%02d".formatted(d.toMinutes(), d.toSecondsPart());
  }

  private void show(String text) {
    if (bar) {
      out.print("\r" + text + "\u001b[K"); // and clear what was there before
      out.flush();
    } else {
      out.println(text);
    }
  }

  private void line(String text) {
    out.println(bar ? "\r" + text + "\u001b[K" : text);
    out.flush();
  }
}
