package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecurrentPassTest {
  // steps, batch, input, hidden: below and above the limits for packing and for few rows, and
  // across whole vectors
  static final int[][] SIZES = {
    {1, 1, 1, 1},
    {1, 1, 5, 33},
    {1, 6, 3, 20},
    {2, 3, 9, 16},
    {3, 5, 4, 7},
    {4, 1, 3, 64},
    {5, 2, 7, 17},
    {6, 9, 2, 70},
    {4, 14, 3, 40}
  };

  /** Every case that this cell can do; shared with the JVMs of other vector widths. */
  static void checkAll(RecurrentCell cell) {
    for (int[] s : SIZES) {
      for (int mode = 0; mode < 8; mode++) {
        boolean reverse = (mode & 1) != 0;
        boolean batchFirst = (mode & 2) != 0;
        boolean ragged = (mode & 4) != 0;
        var shape = new RecurrentShape(cell, s[0], s[1], s[2], s[3], 0, batchFirst, reverse);
        new RecurrentCase(shape, mode % 3 == 0, ragged).check();
        if (cell == RecurrentCell.LSTM && s[3] > 1) {
          int projection = (s[3] + 1) / 2;
          var projected =
              new RecurrentShape(cell, s[0], s[1], s[2], s[3], projection, batchFirst, reverse);
          new RecurrentCase(projected, mode % 3 == 0, ragged).check();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void equalsTheFormula(RecurrentCell cell) {
    checkAll(cell);
  }

  @ParameterizedTest
  @EnumSource
  void gradientsAddWhereAsked(RecurrentCell cell) {
    var c = new RecurrentCase(new RecurrentShape(cell, 5, 2, 3, 9, 0, false, false), false, false);
    c.forward();
    c.backward();
    float[] once = Guarded.read(c.pass.gWeightHh, cell.gates() * 81);
    float[] bias = Guarded.read(c.pass.gBiasIh, cell.gates() * 9);
    float[] h0 = Guarded.read(c.pass.gh0, 18);
    c.pass.addX = true;
    c.pass.addWeightIh = true;
    c.pass.addWeightHh = true;
    c.pass.addBiasIh = true;
    c.pass.addBiasHh = true;
    c.pass.addH0 = true;
    c.pass.addC0 = true;
    c.backward();
    doubled(once, c.pass.gWeightHh);
    doubled(bias, c.pass.gBiasIh);
    doubled(h0, c.pass.gh0);
  }

  private static void doubled(float[] before, long after) {
    for (int i = 0; i < before.length; i++) {
      assertThat(Vectors.get(after + 4L * i))
          .isCloseTo(2 * before[i], org.assertj.core.data.Offset.offset(1e-5f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNanInTheInputShows(RecurrentCell cell) {
    var c = new RecurrentCase(new RecurrentShape(cell, 4, 2, 3, 9, 0, false, false), false, false);
    Vectors.set(c.pass.x + 4L * 7, Float.NaN); // step 1, batch element 0
    c.forward();
    assertThat(Guarded.read(c.pass.y, 9)).doesNotContain(Float.NaN);
    assertThat(Guarded.read(c.pass.hn, 9)).containsOnly(Float.NaN);
    assertThat(Guarded.read(c.pass.hn + 36, 9)).doesNotContain(Float.NaN);
  }

  @ParameterizedTest
  @EnumSource
  void hugeInputsSaturate(RecurrentCell cell) {
    var c = new RecurrentCase(new RecurrentShape(cell, 4, 1, 3, 9, 0, false, false), false, false);
    for (int i = 0; i < 12; i++) {
      Vectors.set(c.pass.x + 4L * i, i % 2 == 0 ? 1e30f : -1e30f);
    }
    c.forward();
    c.backward();
    if (cell != RecurrentCell.RNN_RELU) {
      for (float h : Guarded.read(c.pass.hn, 9)) {
        assertThat(h).isBetween(-1f, 1f);
      }
      assertThat(Guarded.read(c.pass.gBiasIh, cell.gates() * 9)).doesNotContain(Float.NaN);
    }
  }

  @Test
  void emptySequencesKeepTheState() {
    var shape = new RecurrentShape(RecurrentCell.GRU, 0, 2, 3, 5, 0, false, false);
    var c = new RecurrentCase(shape, false, false);
    c.forward();
    c.backward();
    assertThat(Guarded.read(c.pass.hn, 10)).isEqualTo(Guarded.read(c.pass.h0, 10));
    assertThat(Guarded.read(c.pass.gWeightHh, 75)).containsOnly(0f);
    c.m.check();
  }

  @Test
  void impossibleSizesAreRefused() {
    assertThatThrownBy(() -> new RecurrentShape(RecurrentCell.GRU, 1, 1, 1, 4, 2, false, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "recurrent: projection 2 of GRU with hidden 4: only an LSTM can project, to less than"
                + " its hidden size");
    assertThatThrownBy(() -> new RecurrentShape(RecurrentCell.LSTM, 1, 1, 0, 4, 0, false, false))
        .hasMessageContaining("input 0");
  }
}
