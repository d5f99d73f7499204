package dev.harpia.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class RngTest {
  /** The cosine is reduced by hand: its last bit may differ, the float's hardly ever. */
  @Test
  void normals_are_those_of_box_and_muller() {
    Rng rng = new Rng(5);
    Rng same = new Rng(5);
    int different = 0;
    for (int i = 0; i < 200_000; i++) {
      double u = ((same.nextLong() >>> 11) + 1) * 0x1p-53;
      double v = same.uniformDouble();
      double r = StrictMath.sqrt(-2 * StrictMath.log(u));
      double x = r * StrictMath.cos(2 * StrictMath.PI * v);
      float drawn = rng.normal();
      assertThat((double) drawn).isCloseTo(x, within(1e-6 * Math.abs(x) + 1e-15));
      different += drawn == (float) x ? 0 : 1;
    }
    assertThat(different).isLessThan(3);
  }

  @Test
  void a_tensor_of_normals_is_drawn_in_order_and_moves_the_stream() {
    Rng one = new Rng(7);
    Rng other = new Rng(7);
    float[] all = Tensor.normal(one, 3, 0.5f, Shape.of(5, 1000)).toArray();
    for (float x : all) {
      assertThat(x).isEqualTo(3 + 0.5f * other.normal());
    }
    assertThat(one.nextLong()).isEqualTo(other.nextLong());
  }

  @Test
  void drawing_normals_leaves_nothing_on_the_heap() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Rng rng = new Rng(6);
    float sum = rng.normal();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      sum += rng.normal();
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    assertThat(sum).isFinite();
  }
}
