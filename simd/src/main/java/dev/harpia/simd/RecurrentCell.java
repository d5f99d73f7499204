package dev.harpia.simd;

/**
 * The kinds of recurrent cell, with the order of their gates in PyTorch's weights. A row of working
 * memory has a number of slots of H floats: one per gate, and for the GRU one more, because its
 * candidate multiplies only the recurrent part by the reset gate.
 */
public enum RecurrentCell {
  /** Gates i, f, g, o: {@code c' = f·c + i·g}, {@code h' = o·tanh(c')}. */
  LSTM(4, new int[] {0, 1, 2, 3}, new int[] {0, 1, 2, 3}),

  /**
   * Gates r, z, n: {@code n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn))}, {@code h' = (1 − z)·n +
   * z·h}.
   */
  GRU(4, new int[] {1, 2, 0}, new int[] {1, 2, 3}),

  /** {@code h' = tanh(W_ih·x + b_ih + W_hh·h + b_hh)}. */
  RNN_TANH(1, new int[] {0}, new int[] {0}),

  /** {@code h' = relu(W_ih·x + b_ih + W_hh·h + b_hh)}. */
  RNN_RELU(1, new int[] {0}, new int[] {0});

  private final int slots;
  private final int[] inputSlots;
  private final int[] hiddenSlots;

  RecurrentCell(int slots, int[] inputSlots, int[] hiddenSlots) {
    this.slots = slots;
    this.inputSlots = inputSlots;
    this.hiddenSlots = hiddenSlots;
  }

  /** How many blocks of H rows the weights have. */
  public int gates() {
    return inputSlots.length;
  }

  int slots() {
    return slots;
  }

  /** The slot that receives gate {@code g} of the input's product. */
  int inputSlot(int g) {
    return inputSlots[g];
  }

  /**
   * The slot that receives gate {@code g} of the state's product; these slots are adjacent and
   * ascending.
   */
  int hiddenSlot(int g) {
    return hiddenSlots[g];
  }
}
