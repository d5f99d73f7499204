package dev.harpia.nn;

import dev.harpia.tensor.Padding;
import dev.harpia.tensor.op.Window;

/**
 * Form of a convolution beside its channels and kernel.
 *
 * @param window strides, padding and dilation
 * @param groups into which channels fall; each group sees only its own
 * @param bias whether there is one
 * @param mode what the padding holds
 * @param same whether the padding is worked out so that, at stride 1, the output is as large as the
 *     input; an odd element goes behind
 */
public record ConvOptions(Window window, int groups, boolean bias, Padding mode, boolean same) {
  /** Stride 1, no padding, one group, with a bias. */
  public static final ConvOptions DEFAULT =
      new ConvOptions(Window.PLAIN, 1, true, Padding.CONSTANT, false);

  /** Checks. */
  public ConvOptions {
    Window w = window;
    if (w.sh() < 1 || w.sw() < 1 || w.dh() < 1 || w.dw() < 1 || w.ph() < 0 || w.pw() < 0) {
      throw new IllegalArgumentException(
          "convolution: " + w + ": strides and dilations must be positive, padding not negative");
    }
    if (same && (w.sh() != 1 || w.sw() != 1)) {
      throw new IllegalArgumentException(
          "convolution: padding \"same\" takes stride 1, not " + w.sh() + ", " + w.sw());
    }
  }

  /** With a stride. */
  public ConvOptions withStride(int s) {
    Window w = window;
    return withWindow(new Window(s, s, w.ph(), w.pw(), w.dh(), w.dw()));
  }

  /** With padding on all sides. */
  public ConvOptions withPadding(int p) {
    Window w = window;
    return withWindow(new Window(w.sh(), w.sw(), p, p, w.dh(), w.dw()));
  }

  /** With a distance between the kernel's elements. */
  public ConvOptions withDilation(int d) {
    Window w = window;
    return withWindow(new Window(w.sh(), w.sw(), w.ph(), w.pw(), d, d));
  }

  /** With strides, padding and dilation. */
  public ConvOptions withWindow(Window w) {
    return new ConvOptions(w, groups, bias, mode, same);
  }

  /** With channels in groups. */
  public ConvOptions withGroups(int g) {
    return new ConvOptions(window, g, bias, mode, same);
  }

  /** Without a bias. */
  public ConvOptions withoutBias() {
    return new ConvOptions(window, groups, false, mode, same);
  }

  /** With other values in the padding. */
  public ConvOptions withMode(Padding m) {
    return new ConvOptions(window, groups, bias, m, same);
  }

  /** With outputs as large as the inputs. */
  public ConvOptions withSamePadding() {
    return new ConvOptions(window, groups, bias, mode, true);
  }
}
