package dev.harpia.nn.plan;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/** A plan for a number of rows, with its one workspace. */
final class BatchRunner {
  private final Plan plan;
  private final int rows;
  private final int inputs;
  private final int outputs;
  private final Plan.Workspace workspace;
  private final MemorySegment in;
  private final MemorySegment out;

  BatchRunner(Plan plan, int rows) {
    this.plan = plan;
    this.rows = rows;
    workspace = plan.newWorkspace();
    inputs = row("input", workspace.input());
    outputs = row("output", workspace.output());
    in = workspace.input().segment();
    out = workspace.output().segment();
  }

  private int row(String what, Tensor t) {
    Shape shape = t.shape();
    if (t.type() != DType.F32 || shape.rank() < 1 || shape.dim(0) != rows) {
      throw new IllegalArgumentException(
          "batching: "
              + what
              + " "
              + shape
              + " "
              + t.type()
              + ": must be F32 of "
              + rows
              + " rows");
    }
    return Math.toIntExact(shape.size() / rows);
  }

  int rows() {
    return rows;
  }

  /** Numbers in a row of the input. */
  int inputs() {
    return inputs;
  }

  /** Numbers in a row of the output. */
  int outputs() {
    return outputs;
  }

  /** Answers all requests; rows beyond them hold what earlier batches left there. */
  void run(Gathering batch) {
    int n = batch.count();
    for (int i = 0; i < n; i++) {
      MemorySegment.copy(batch.input(i), 0, in, ValueLayout.JAVA_FLOAT, 4L * i * inputs, inputs);
    }
    workspace.run();
    for (int i = 0; i < n; i++) {
      MemorySegment.copy(
          out, ValueLayout.JAVA_FLOAT, 4L * i * outputs, batch.output(i), 0, outputs);
    }
  }

  /** Whether the kernels were compiled in time. */
  boolean warmup(Duration most) {
    return Warmup.run(workspace, most);
  }

  /** How long it takes on what earlier batches left there, in nanoseconds. */
  long time() {
    long start = System.nanoTime();
    workspace.run();
    return System.nanoTime() - start;
  }

  /** The same plan for requests one by one. */
  SingleRuns singly() {
    return new SingleRuns(plan);
  }

  @Override
  public String toString() {
    return rows + " rows of " + inputs + " and " + outputs + " numbers";
  }
}
