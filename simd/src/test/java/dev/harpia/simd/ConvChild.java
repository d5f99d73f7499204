package dev.harpia.simd;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The convolution cases in a JVM of their own. Arguments: what to do, and how often. */
final class ConvChild {
  private ConvChild() {}

  public static void main(String[] args) {
    int times = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "check" ->
          ConvCases.ALL.forEach(
              s -> {
                ConvChecks.forward(s);
                ConvChecks.backwardData(s);
                ConvChecks.backwardWeight(s);
              });
      case "digest" -> {
        for (int i = 1; i < times; i++) {
          ConvCases.SMALL.forEach(ConvChild::digest);
        }
        ConvCases.SMALL.forEach(s -> System.out.println(s + " " + digest(s)));
      }
      case "allocation" -> allocation(times);
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.out.println("ok");
  }

  /**
   * All three kernels in one layout, and the other forward passes; each result has its own address.
   */
  private record Call(
      List<ForwardPlan> forward,
      TapPlan data,
      WeightPlan weight,
      ConvData d,
      List<ConvMemory> y,
      ConvMemory gx,
      ConvMemory gw,
      ConvMemory gb) {
    static Call of(ConvShape s, boolean images) {
      ConvData d = new ConvData(s);
      return new Call(
          List.of(
              TapPlan.forward(s, images),
              new ChannelPlan(s, false),
              new ChannelPlan(s, s.oh() > 1 && s.ow() > 1),
              WinogradPlan.computes(s) ? new WinogradPlan(s) : new ChannelPlan(s, false)),
          TapPlan.backwardData(s, images),
          new WeightPlan(s, images),
          d,
          List.of(
              ConvMemory.empty(d.gy.length),
              ConvMemory.empty(d.gy.length),
              ConvMemory.empty(d.gy.length),
              ConvMemory.empty(d.gy.length)),
          ConvMemory.empty(d.x.length),
          ConvMemory.empty(d.w.length),
          ConvMemory.empty(d.b.length));
    }

    void run() {
      long x = d.nx.address();
      long w = d.nw.address();
      long g = d.ngy.address();
      for (int i = 0; i < forward.size(); i++) {
        forward.get(i).runUnpacked(x, w, d.nb.address(), true, false, y.get(i).address());
      }
      data.runUnpacked(g, w, 0, false, false, gx.address());
      ConvBackwardWeight.run(weight, x, g, gw.address(), false);
      ConvBackwardWeight.bias(weight.shape, g, gb.address(), false);
    }
  }

  private static String digest(ConvShape s) {
    StringBuilder text = new StringBuilder();
    for (boolean images : new boolean[] {false, true}) {
      Call call = Call.of(s, images);
      call.run();
      List<ConvMemory> results = new ArrayList<>(call.y);
      results.addAll(List.of(call.gx, call.gw, call.gb));
      for (ConvMemory m : results) {
        text.append(' ').append(Arrays.hashCode(m.ints()));
      }
    }
    return text.toString();
  }

  /** Each case until two windows of calls in a row allocate nothing, within the given seconds. */
  private static void allocation(int seconds) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    List<Call> calls = new ArrayList<>();
    ConvCases.SMALL.forEach(
        s -> {
          calls.add(Call.of(s, false));
          calls.add(Call.of(s, true));
        });
    int[] quiet = new int[calls.size()];
    boolean done = false;
    while (!done && System.nanoTime() < end) {
      done = true;
      for (int i = 0; i < quiet.length; i++) {
        long before = threads.getTotalThreadAllocatedBytes();
        for (int k = 0; k < 100; k++) {
          calls.get(i).run();
        }
        quiet[i] = threads.getTotalThreadAllocatedBytes() == before ? quiet[i] + 1 : 0;
        done &= quiet[i] >= 2;
      }
    }
    if (!done) {
      throw new AssertionError("still allocating: " + Arrays.toString(quiet));
    }
  }

  /** The lines that a JVM of its own prints. */
  static List<String> run(List<String> options, String what, int times) throws Exception {
    return Child.run(options, ConvChild.class, what, String.valueOf(times));
  }
}
