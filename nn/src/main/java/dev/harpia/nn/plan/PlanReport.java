package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a plan tells about itself. */
final class PlanReport {
  private PlanReport() {}

  /** The steps that run, without views. */
  static List<Step> running(Graph graph) {
    return graph.steps.stream().filter(s -> !s.constant() && !s.op.view()).toList();
  }

  static String describe(Graph graph, Placement placement, int rewritten, long constantBytes) {
    StringBuilder b = new StringBuilder();
    int n = 0;
    long flops = 0;
    for (Step s : graph.steps) {
      if (s.constant()) {
        continue;
      }
      List<String> in = new ArrayList<>();
      for (Value v : s.in) {
        in.add((v.constant ? "const" : "") + v.shape);
      }
      flops += StepCost.flops(s);
      String cost =
          s.op.view()
              ? "(view)"
              : String.format(
                  Locale.ROOT,
                  "@%d, %,d flops, %,d bytes",
                  placement.offset(s.out[0]),
                  StepCost.flops(s),
                  StepCost.bytes(s));
      b.append(
          String.format(
              Locale.ROOT,
              "%3d  %-28s %s -> %s %s%n",
              ++n,
              s.op.name(),
              String.join(" ", in),
              s.out[0].shape,
              cost));
    }
    b.append(
        String.format(
            Locale.ROOT,
            "%d steps, %d rewritings, %,d flops; workspace %,d bytes (%,d without sharing),"
                + " constants %,d bytes%n",
            n,
            rewritten,
            flops,
            placement.bytes(),
            placement.separateBytes(),
            constantBytes));
    return b.toString();
  }

  /** Times of each step over some runs of a workspace's program. */
  static List<StepTime> profile(Graph graph, Runnable[] program, int runs) {
    List<Step> steps = running(graph);
    long[][] times = new long[program.length][runs];
    for (int r = 0; r < runs; r++) {
      for (int i = 0; i < program.length; i++) {
        long start = System.nanoTime();
        program[i].run();
        times[i][r] = System.nanoTime() - start;
      }
    }
    double[] medians = new double[program.length];
    for (int i = 0; i < medians.length; i++) {
      Arrays.sort(times[i]);
      medians[i] = times[i][runs / 2] / 1e3;
    }
    double all = Arrays.stream(medians).sum();
    List<StepTime> result = new ArrayList<>();
    for (int i = 0; i < medians.length; i++) {
      Step s = steps.get(i);
      String name = s.op.name() + " -> " + s.out[0].shape;
      double share = all == 0 ? 0 : medians[i] / all;
      result.add(new StepTime(name, medians[i], share, StepCost.flops(s)));
    }
    return result;
  }
}
