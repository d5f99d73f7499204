package dev.harpia.models.run;

/** Checks of settings. The messages begin with the option's name, as the command line has it. */
public final class Ranges {
  private Ranges() {}

  /** Checks a whole number. */
  public static void check(String name, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          name + ": " + value + ": must be from " + from + " to " + to);
    }
  }

  /** Checks a learning rate. */
  public static void rate(float rate, int most) {
    rate(rate, Float.toString(rate), most);
  }

  /** Checks a learning rate. */
  public static void rate(double rate, int most) {
    rate(rate, Double.toString(rate), most);
  }

  private static void rate(double rate, String text, int most) {
    if (!(rate > 0) || rate > most) {
      throw new IllegalArgumentException("lr: " + text + ": must be above 0 and at most " + most);
    }
  }
}
