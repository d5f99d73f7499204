package dev.harpia.tensor.op;

/**
 * How a kernel moves over a picture: strides, zero padding and dilation over rows and columns.
 *
 * @param sh stride over rows
 * @param sw stride over columns
 * @param ph padding above and below
 * @param pw padding left and right
 * @param dh distance between the kernel's rows
 * @param dw distance between the kernel's columns
 */
public record Window(int sh, int sw, int ph, int pw, int dh, int dw) {
  /** Stride 1, no padding, no dilation. */
  public static final Window PLAIN = new Window(1, 1, 0, 0, 1, 1);

  /** The same stride and padding both ways, no dilation. */
  public static Window of(int stride, int padding) {
    return new Window(stride, stride, padding, padding, 1, 1);
  }
}
