package dev.harpia.bench;

import java.io.IOException;

/** Runs the benchmarks whose names match the arguments, with JMH's own options. */
public final class Main {
  private Main() {}

  /** Hands the arguments to JMH. */
  public static void main(String[] args) throws IOException {
    org.openjdk.jmh.Main.main(args);
  }
}
