package dev.harpia.simd;

import java.util.ArrayList;
import java.util.List;

/**
 * All layouts of every kernel against the definition. Tolerance: 1e-5 of the largest result (at
 * least of 1), far above what float sums of some thousand terms lose and far below any wrong index.
 */
final class ConvChecks {
  private static final boolean[] LAYOUTS = {false, true};

  private ConvChecks() {}

  static void forward(ConvShape s) {
    ConvData d = new ConvData(s);
    double[] want = ConvReference.forward(s, d.x, d.w, d.b);
    float[] before = ConvMemory.random(want.length, 9);
    List<ForwardPlan> plans = new ArrayList<>();
    plans.add(TapPlan.forward(s, false));
    plans.add(TapPlan.forward(s, true));
    plans.add(new ChannelPlan(s, false));
    if (WinogradPlan.computes(s)) {
      plans.add(new WinogradPlan(s));
    }
    for (ForwardPlan plan : plans) {
      ConvMemory y = ConvMemory.empty(want.length);
      taps(plan, d.nx, d.nw, d.nb.address(), false, false, y);
      ConvData.close(want, y);
      ConvMemory relu = ConvMemory.empty(want.length);
      taps(plan, d.nx, d.nw, d.nb.address(), true, false, relu);
      double[] positive = want.clone();
      for (int i = 0; i < want.length; i++) {
        positive[i] = Math.max(0, want[i]);
      }
      ConvData.close(positive, relu);
      ConvMemory sum = ConvMemory.of(before);
      taps(plan, d.nx, d.nw, d.nb.address(), false, true, sum);
      ConvData.close(plus(want, before), sum);
    }
    if (s.oh() > 1 && s.ow() > 1) {
      double[] largest = pairs(want, s);
      ConvMemory y = ConvMemory.empty(largest.length);
      taps(new ChannelPlan(s, true), d.nx, d.nw, d.nb.address(), true, false, y);
      ConvData.close(largest, y);
    }
  }

  /** The largest of 2×2 positive pixels, or 0. */
  private static double[] pairs(double[] y, ConvShape s) {
    int h = s.oh() / 2;
    int w = s.ow() / 2;
    double[] most = new double[s.n() * s.co() * h * w];
    for (int i = 0; i < most.length; i++) {
      int plane = i / (h * w);
      int row = i / w % h;
      int column = i % w;
      for (int k = 0; k < 4; k++) {
        int at = (plane * s.oh() + 2 * row + k / 2) * s.ow() + 2 * column + k % 2;
        most[i] = Math.max(most[i], y[at]);
      }
    }
    return most;
  }

  static void backwardData(ConvShape s) {
    ConvData d = new ConvData(s);
    double[] want = ConvReference.backwardData(s, d.gy, d.w);
    for (boolean images : LAYOUTS) {
      TapPlan plan = TapPlan.backwardData(s, images);
      ConvMemory gx = ConvMemory.empty(want.length);
      taps(plan, d.ngy, d.nw, 0, false, false, gx);
      ConvData.close(want, gx);
      gx = ConvMemory.of(d.x);
      taps(plan, d.ngy, d.nw, 0, false, true, gx);
      ConvData.close(plus(want, d.x), gx);
    }
  }

  static void backwardWeight(ConvShape s) {
    ConvData d = new ConvData(s);
    double[] want = ConvReference.backwardWeight(s, d.x, d.gy);
    for (boolean images : LAYOUTS) {
      WeightPlan plan = new WeightPlan(s, images);
      ConvMemory gw = ConvMemory.empty(want.length);
      ConvBackwardWeight.run(plan, d.nx.address(), d.ngy.address(), gw.address(), false);
      ConvData.close(want, gw);
      gw = ConvMemory.of(d.w);
      ConvBackwardWeight.run(plan, d.nx.address(), d.ngy.address(), gw.address(), true);
      ConvData.close(plus(want, d.w), gw);
    }
    double[] bias = ConvReference.backwardBias(s, d.gy);
    ConvMemory gb = ConvMemory.empty(s.co());
    ConvBackwardWeight.bias(s, d.ngy.address(), gb.address(), false);
    ConvData.close(bias, gb);
    gb = ConvMemory.of(d.b);
    ConvBackwardWeight.bias(s, d.ngy.address(), gb.address(), true);
    ConvData.close(plus(bias, d.b), gb);
  }

  private static void taps(
      ForwardPlan plan,
      ConvMemory x,
      ConvMemory w,
      long bias,
      boolean relu,
      boolean accumulate,
      ConvMemory y) {
    plan.runUnpacked(x.address(), w.address(), bias, relu, accumulate, y.address());
  }

  private static double[] plus(double[] a, float[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }
}
