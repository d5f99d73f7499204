package dev.harpia.nn.optim;

import dev.harpia.simd.Kernel;
import dev.harpia.simd.KernelBatch;
import dev.harpia.tensor.Tensor;

/**
 * The move of one parameter in one step: what the rule may know of it, and where its loops go. They
 * run when all parameters' are known, in one parallel region.
 */
public final class Update {
  private final KernelBatch batch = new KernelBatch();
  private final long[] addresses = new long[Kernel.ADDRESSES];
  private final float[] coefficients = new float[Kernel.PARAMETERS];
  private Slot slot;
  private Tensor gradient;
  private double rate;
  private double scale;
  private int step;
  private boolean begun;

  Update(Slot slot) {
    this.slot = slot;
    this.gradient = slot.value();
  }

  void begin(Slot of, Tensor itsGradient, double itsRate, double gradientScale) {
    slot = of;
    gradient = itsGradient;
    rate = itsRate;
    scale = gradientScale;
    step = of.steps();
    begun = false;
  }

  void runAll() {
    batch.run();
  }

  /** The learning rate. */
  public double rate() {
    return rate;
  }

  /** The weight decay. */
  public double decay() {
    return slot.group.decay;
  }

  /** The number of this step for this parameter, from 1. */
  public int step() {
    return step;
  }

  /**
   * Runs a kernel over the parameter, after those of earlier calls. The coefficients, in double
   * precision up to here, are rounded once.
   */
  public void run(UpdateKernel kernel, double... values) {
    Tensor p = slot.value();
    coefficients[0] = (float) scale;
    for (int i = 0; i < values.length; i++) {
      coefficients[1 + i] = (float) values[i];
    }
    int[] operands = kernel.operands;
    for (int i = 0; i < operands.length; i++) {
      addresses[i] =
          switch (operands[i]) {
            case 0 -> p.address();
            case 1 -> gradient.address();
            default -> slot.state[operands[i] - 2].address();
          };
    }
    boolean padded = p.writablePadding() && gradient.readablePadding();
    if (begun) {
      batch.then(kernel.kernel, padded, addresses, coefficients);
    } else {
      batch.add(kernel.kernel, p.size(), padded, addresses, coefficients);
    }
    begun = true;
  }
}
