package dev.harpia.simd;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * Tells the JDK's flight recorder who computes a matrix product, for each one: many, so only for
 * recordings that ask for {@code dev.harpia.MatrixProduct}.
 */
@Name("dev.harpia.MatrixProduct")
@Label("Matrix product")
@Category("Harpia")
@Enabled(false)
@StackTrace(false)
final class ProductEvent extends Event {
  private static final ProductEvent GATE = new ProductEvent();

  @Label("Rows")
  int m;

  @Label("Columns")
  int n;

  @Label("Inner dimension")
  int k;

  @Label("Products")
  int batch;

  @Label("Computed by")
  @Description("The choice for this shape: vector, or the native library")
  String implementation = "";

  private ProductEvent() {}

  /** Whether products are being recorded; for when the flight recorder runs. */
  static boolean enabled() {
    return GATE.isEnabled();
  }

  static void emit(int m, int n, int k, int batch, @Nullable Gemm library) {
    ProductEvent e = new ProductEvent();
    e.m = m;
    e.n = n;
    e.k = k;
    e.batch = batch;
    e.implementation = (library == null ? VectorGemm.INSTANCE : library).name();
    e.commit();
  }
}
