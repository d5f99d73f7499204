package dev.harpia.nn.plan;

import dev.harpia.simd.Multiply;
import dev.harpia.simd.Recorder;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** What plans tell the JDK's flight recorder; nothing is done while it is not recording. */
final class PlanEvents {
  private PlanEvents() {}

  @Name("dev.harpia.PlanCompile")
  @Label("Plan compiled")
  @Category("Harpia")
  static final class Compile extends Event {
    @Label("Plan")
    String plan = "";

    @Label("Steps")
    int steps;

    @Label("Rewritings")
    @Description("Steps that were fused or replaced")
    int rewritings;

    @Label("Workspace")
    @DataAmount
    long workspace;

    @Label("Matrix products by")
    String gemm = "";
  }

  @Name("dev.harpia.PlanRun")
  @Label("Plan run")
  @Category("Harpia")
  @StackTrace(false)
  static final class Run extends Event {
    static final Run GATE = new Run();

    @Label("Plan")
    String plan = "";

    @Label("Steps")
    int steps;
  }

  /** Whether runs are being recorded. */
  static boolean runs() {
    return Recorder.on() && Run.GATE.isEnabled();
  }

  static void run(Runnable[] program, Plan plan) {
    Run event = new Run();
    event.begin();
    for (Runnable step : program) {
      step.run();
    }
    event.end();
    if (event.shouldCommit()) {
      event.plan = plan.toString();
      event.steps = program.length;
      event.commit();
    }
  }

  static @Nullable Compile compiling() {
    if (!Recorder.on()) {
      return null;
    }
    Compile event = new Compile();
    event.begin();
    return event;
  }

  static void compiled(
      @Nullable Compile event, Plan plan, int steps, int rewritings, long workspace) {
    if (event == null) {
      return;
    }
    event.end();
    if (event.shouldCommit()) {
      event.plan = plan.toString();
      event.steps = steps;
      event.rewritings = rewritings;
      event.workspace = workspace;
      event.gemm = Multiply.implementation();
      event.commit();
    }
  }
}
