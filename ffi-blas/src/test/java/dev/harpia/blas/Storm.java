package dev.harpia.blas;

import dev.harpia.simd.Blas;
import dev.harpia.simd.Gemm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * 1000 threads multiply at once, each its own matrices; every result is compared with that of one
 * thread.
 */
final class Storm {
  private static final int THREADS = 1000;
  private static final int CALLS = 10;

  private Storm() {}

  private record Job(
      int m, int n, int k, MemorySegment a, MemorySegment b, MemorySegment c, float[] expected) {
    static Job of(int seed, Arena arena, Gemm gemm) {
      Random random = new Random(seed);
      int m = 1 + random.nextInt(96);
      int n = 1 + random.nextInt(96);
      int k = 1 + random.nextInt(96);
      MemorySegment a = random(random, m * k, arena);
      MemorySegment b = random(random, k * n, arena);
      Job job = new Job(m, n, k, a, b, arena.allocate(4L * m * n, 64), new float[m * n]);
      job.multiply(gemm);
      System.arraycopy(job.c.toArray(ValueLayout.JAVA_FLOAT), 0, job.expected, 0, m * n);
      job.c.fill((byte) 0);
      return job;
    }

    private static MemorySegment random(Random random, int count, Arena arena) {
      MemorySegment segment = arena.allocate(4L * count, 64);
      for (int i = 0; i < count; i++) {
        segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
      }
      return segment;
    }

    void multiply(Gemm gemm) {
      gemm.multiply(false, false, m, n, k, 1, a.address(), k, b.address(), n, 0, c.address(), n);
    }

    boolean same() {
      return Arrays.equals(c.toArray(ValueLayout.JAVA_FLOAT), expected);
    }
  }

  public static void main(String[] args) throws InterruptedException {
    Gemm gemm = Blas.external().orElseThrow();
    Thread.Builder builder = args[0].equals("virtual") ? Thread.ofVirtual() : Thread.ofPlatform();
    try (Arena arena = Arena.ofShared()) {
      List<Job> jobs = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        jobs.add(Job.of(i, arena, gemm));
      }
      CountDownLatch go = new CountDownLatch(1);
      AtomicInteger different = new AtomicInteger();
      AtomicInteger calls = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      for (Job job : jobs) {
        threads.add(builder.start(() -> run(job, gemm, go, different, calls)));
      }
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      System.out.println("different " + different + " of " + calls);
    }
  }

  private static void run(
      Job job, Gemm gemm, CountDownLatch go, AtomicInteger different, AtomicInteger calls) {
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    for (int i = 0; i < CALLS; i++) {
      job.c.fill((byte) 0);
      job.multiply(gemm);
      calls.incrementAndGet();
      if (!job.same()) {
        different.incrementAndGet();
      }
    }
  }
}
