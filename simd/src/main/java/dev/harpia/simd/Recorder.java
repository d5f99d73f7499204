package dev.harpia.simd;

import jdk.jfr.FlightRecorder;

/**
 * The JDK's flight recorder. Asked before any class of events is touched: loading one takes the JDK
 * a tenth of a second or more, which programs that record nothing should not pay.
 */
public final class Recorder {
  private Recorder() {}

  /** Whether it has been started in this JVM. */
  public static boolean on() {
    return FlightRecorder.isInitialized();
  }
}
