package dev.harpia.nn.io.onnx;

import java.util.Arrays;

/** A growing list of 64-bit numbers. */
final class Numbers {
  private long[] values = new long[8];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  long get(int i) {
    return values[i];
  }

  long[] toArray() {
    return Arrays.copyOf(values, size);
  }

  float[] toFloats() {
    float[] f = new float[size];
    for (int i = 0; i < size; i++) {
      f[i] = Float.intBitsToFloat((int) values[i]);
    }
    return f;
  }
}
