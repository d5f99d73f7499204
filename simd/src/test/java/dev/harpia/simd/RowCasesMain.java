package dev.harpia.simd;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** The row cases in a JVM of their own. Arguments: what to do, and how often. */
final class RowCasesMain {
  private RowCasesMain() {}

  public static void main(String[] args) {
    int times = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "check" -> check();
      case "digest" -> digest(times);
      case "allocation" -> allocation(times);
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.out.println("ok");
  }

  private static void check() {
    StringBuilder wrong = new StringBuilder();
    for (RowCase kernel : RowCases.all()) {
      try {
        kernel.check();
      } catch (AssertionError e) {
        wrong.append(e.getMessage()).append('\n');
      }
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError(wrong.toString());
    }
  }

  private static void digest(int times) {
    for (int i = 1; i < times; i++) {
      RowCases.bitCases().forEach(RowCase::digest);
    }
    for (RowCase kernel : RowCases.bitCases()) {
      System.out.println(kernel + " " + kernel.digest());
    }
  }

  /** Each case until two windows of calls in a row allocate nothing, within the given seconds. */
  private static void allocation(int seconds) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    List<RowCase> left = new ArrayList<>(RowCases.bitCases());
    try (Arena arena = Arena.ofConfined()) {
      List<RowCase.Memory> memory = new ArrayList<>();
      left.forEach(c -> memory.add(c.new Memory(arena, 1)));
      int[] quiet = new int[left.size()];
      long[] bytes = new long[left.size()];
      boolean done = false;
      while (!done && System.nanoTime() < end) {
        done = true;
        for (int i = 0; i < left.size(); i++) {
          RowCase.Memory m = memory.get(i);
          long before = threads.getCurrentThreadAllocatedBytes();
          for (int k = 0; k < 1000; k++) {
            m.run(false);
          }
          bytes[i] = threads.getCurrentThreadAllocatedBytes() - before;
          quiet[i] = bytes[i] == 0 ? quiet[i] + 1 : 0;
          done &= quiet[i] >= 2;
        }
      }
      StringBuilder noisy = new StringBuilder();
      for (int i = 0; i < left.size(); i++) {
        if (quiet[i] < 2) {
          noisy.append("%s: %d bytes in 1000 calls%n".formatted(left.get(i), bytes[i]));
        }
      }
      if (!noisy.isEmpty()) {
        throw new AssertionError(noisy.toString());
      }
    }
  }

  /** The lines that a JVM of its own prints. */
  static List<String> child(List<String> options, String what, String times) throws Exception {
    return Child.run(options, RowCasesMain.class, what, times);
  }
}
