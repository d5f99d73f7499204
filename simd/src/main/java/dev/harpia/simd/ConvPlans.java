package dev.harpia.simd;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Plans by shape, made at first use. */
final class ConvPlans<P> {
  private static final int MOST = 1024;

  private final ConcurrentHashMap<ConvShape, P> known = new ConcurrentHashMap<>();
  private final Function<ConvShape, P> make;

  ConvPlans(Function<ConvShape, P> make) {
    this.make = make;
  }

  P of(ConvShape shape) {
    P plan = known.get(shape);
    if (plan == null) {
      if (known.size() >= MOST) {
        known.clear(); // shapes that vary without end must not fill the heap
      }
      plan = make.apply(shape);
      known.put(shape, plan);
    }
    return plan;
  }
}
