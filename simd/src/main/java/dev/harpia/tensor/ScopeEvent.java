package dev.harpia.tensor;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** Tells the JDK's flight recorder how long a scope was open and how much memory it took. */
@Name("dev.harpia.Scope")
@Label("Scope")
@Category("Harpia")
@StackTrace(false)
final class ScopeEvent extends Event {
  private static final ScopeEvent GATE = new ScopeEvent();

  @Label("Scope")
  String scope = "";

  @Label("Peak")
  @Description("Most bytes that the scope and those inside it held at a time")
  @DataAmount
  long peak;

  private ScopeEvent() {}

  /** For a scope that opens, where scopes are being recorded; for when the recorder runs. */
  static @Nullable ScopeEvent opened() {
    if (!GATE.isEnabled()) {
      return null;
    }
    ScopeEvent e = new ScopeEvent();
    e.begin();
    return e;
  }

  void closed(String name, long bytes) {
    end();
    if (shouldCommit()) {
      scope = name;
      peak = bytes;
      commit();
    }
  }
}
