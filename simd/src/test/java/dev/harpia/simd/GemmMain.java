package dev.harpia.simd;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Matrix products in a JVM of their own. Arguments: what to do, and how often or how long. */
final class GemmMain {
  /** Every path: small, packed, turned round, rows against rows, split in both directions. */
  private static final int[][] SHAPES = {
    {8, 8, 8}, {13, 37, 20}, {1, 300, 33}, {3, 50, 40}, {300, 1, 40}, {130, 140, 120}
  };

  private GemmMain() {}

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

  private static List<GemmCase> cases() {
    var cases = new ArrayList<GemmCase>();
    for (int[] s : SHAPES) {
      for (int transposes = 0; transposes < 4; transposes++) {
        boolean ta = (transposes & 1) != 0;
        boolean tb = (transposes & 2) != 0;
        cases.add(new GemmCase(ta, tb, s[0], s[1], s[2], 1, 0, transposes));
      }
      cases.add(new GemmCase(false, true, s[0], s[1], s[2], 0.3f, 0, 0));
    }
    return cases;
  }

  private static void check() {
    for (GemmCase c : cases()) {
      c.multiply();
      c.compare(false, false);
      c.clear();
      c.affine(true);
      if (c.alpha == 1) {
        c.compare(true, true);
      }
    }
  }

  private static void digest(int times) {
    List<GemmCase> cases = cases();
    for (int i = 1; i < times; i++) {
      cases.forEach(GemmCase::multiply);
    }
    for (GemmCase c : cases) {
      c.clear();
      c.multiply();
      int product = Arrays.hashCode(c.c());
      c.affine(true);
      System.out.printf(
          "%s%s %dx%dx%d %08x %08x%n", c.ta, c.tb, c.m, c.n, c.k, product, Arrays.hashCode(c.c()));
    }
  }

  /** All cases, until two windows in a row allocate nothing on any thread, within the seconds. */
  private static void allocation(int seconds) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    GemmCase[] cases = cases().toArray(new GemmCase[0]);
    int quiet = 0;
    long bytes = 0;
    while (quiet < 2 && System.nanoTime() < end) {
      long before = threads.getTotalThreadAllocatedBytes();
      for (GemmCase c : cases) {
        for (int i = 0; i < 30; i++) {
          c.multiply();
          c.affine(false);
        }
      }
      bytes = threads.getTotalThreadAllocatedBytes() - before;
      quiet = bytes == 0 ? quiet + 1 : 0;
    }
    if (quiet < 2) {
      throw new AssertionError(bytes + " bytes in the last window");
    }
  }

  /** The lines that a JVM of its own prints; products are ours there. */
  static List<String> child(List<String> options, String what, String times) throws Exception {
    List<String> all = new ArrayList<>(List.of("-Dharpia.blas=off"));
    all.addAll(options);
    return Child.run(all, GemmMain.class, what, times);
  }
}
