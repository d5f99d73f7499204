package dev.harpia.tensor.op;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.simd.RecurrentPass;
import dev.harpia.simd.RecurrentShape;
import dev.harpia.simd.Scratch;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * One direction of one recurrent layer over a whole sequence: LSTM (Hochreiter, Schmidhuber 1997,
 * with forget gates), GRU (Cho et al. 2014, in PyTorch's form) or a plain recurrent network.
 *
 * <p>Inputs, in order: x [T, N, in] or [N, T, in]; weightIh [gates·H, in]; weightHh [gates·H, S];
 * then those that the flags name: biasIh and biasHh [gates·H]; weightHr [S, H]; h0 [N, S] and, for
 * the LSTM, c0 [N, H]; lengths [N] (I32). Outputs: y [T, N, S] or [N, T, S], hn [N, S] and, for the
 * LSTM, cn [N, H].
 *
 * <p>An empty weightIh says that x [T, N, gates·H] is already its product with the input: for a few
 * steps of a few sequences, and without a gradient.
 *
 * @param projection S where the LSTM's state is projected, else 0
 * @param reverse whether time runs backwards
 */
public record Recurrent(
    RecurrentCell cell,
    int hidden,
    int projection,
    boolean batchFirst,
    boolean reverse,
    boolean bias,
    boolean state,
    boolean lengths)
    implements Op {
  @Override
  public String name() {
    return switch (cell) {
      case LSTM -> "lstm";
      case GRU -> "gru";
      case RNN_TANH, RNN_RELU -> "rnn";
    };
  }

  private boolean lstm() {
    return cell == RecurrentCell.LSTM;
  }

  // where the optional inputs stand
  private int weightHr() {
    return bias ? 5 : 3;
  }

  private int h0() {
    return weightHr() + (projection > 0 ? 1 : 0);
  }

  private int lengthsAt() {
    return h0() + (state ? lstm() ? 2 : 1 : 0);
  }

  /** The sizes for an input of this shape. */
  public RecurrentShape geometry(Shape x) {
    return new RecurrentShape(
        cell,
        x.dim(batchFirst ? 1 : 0),
        x.dim(batchFirst ? 0 : 1),
        x.dim(2),
        hidden,
        projection,
        batchFirst,
        reverse);
  }

  @Override
  public DType[] types(DType... in) {
    int floats = lengths ? in.length - 1 : in.length;
    for (int i = 0; i < in.length; i++) {
      if ((in[i] == DType.F32) != (i < floats)) {
        throw new IllegalArgumentException(
            name() + ": operand " + i + " is " + in[i] + "; only the lengths are I32");
      }
    }
    return new DType[] {DType.F32};
  }

  @Override
  public Shape[] shapes(Shape... in) {
    int wanted = lengthsAt() + (lengths ? 1 : 0);
    if (in.length != wanted) {
      throw new IllegalArgumentException(
          name() + ": " + in.length + " operands given; it takes " + wanted);
    }
    if (in[0].rank() != 3) {
      throw new ShapeException(name(), "the input must have rank 3", in[0]);
    }
    RecurrentShape s = geometry(in[0]);
    int rows = cell.gates() * hidden;
    boolean multiplied = in[1].size() == 0 && s.input() == rows && s.thin();
    if (!multiplied) {
      require("weightIh", in[1], Shape.of(rows, s.input()), in[0]);
    }
    require("weightHh", in[2], Shape.of(rows, s.state()), in[0]);
    if (bias) {
      require("biasIh", in[3], Shape.of(rows), in[0]);
      require("biasHh", in[4], Shape.of(rows), in[0]);
    }
    if (projection > 0) {
      require("weightHr", in[weightHr()], Shape.of(projection, hidden), in[0]);
    }
    Shape h = Shape.of(s.batch(), s.state());
    Shape c = Shape.of(s.batch(), hidden);
    if (state) {
      require("h0", in[h0()], h, in[0]);
      if (lstm()) {
        require("c0", in[h0() + 1], c, in[0]);
      }
    }
    if (lengths) {
      require("lengths", in[lengthsAt()], Shape.of(s.batch()), in[0]);
    }
    Shape y = in[0].with(2, s.state());
    return lstm() ? new Shape[] {y, h, c} : new Shape[] {y, h};
  }

  private void require(String what, Shape is, Shape must, Shape x) {
    if (!is.equals(must)) {
      throw new ShapeException(name(), what + " is " + is + " and must be " + must, x, is);
    }
  }

  @Override
  public Shape[] saved(Shape... in) {
    return new Shape[] {Shape.of(Math.toIntExact(geometry(in[0]).savedFloats()))};
  }

  private RecurrentPass pass(RecurrentShape s, Tensor[] in) {
    RecurrentPass p = new RecurrentPass(s);
    p.x = in[0].address();
    p.weightIh = in[1].size() == 0 ? 0 : in[1].address();
    p.weightHh = in[2].address();
    p.biasIh = bias ? in[3].address() : 0;
    p.biasHh = bias ? in[4].address() : 0;
    p.weightHr = projection > 0 ? in[weightHr()].address() : 0;
    p.h0 = state ? in[h0()].address() : 0;
    p.c0 = state && lstm() ? in[h0() + 1].address() : 0;
    p.lengths = lengths ? in[lengthsAt()].address() : 0;
    return p;
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    RecurrentShape s = geometry(in[0].shape());
    RecurrentPass p = pass(s, in);
    results(p, s, out);
    run(p, s, saved.length > 0 ? saved[0].address() : 0);
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    RecurrentShape s = geometry(in[0].shape());
    RecurrentPass p = pass(s, in);
    results(p, s, out);
    return () -> {
      run(p, s, 0);
      Reference.reachabilityFence(in);
      Reference.reachabilityFence(out);
    };
  }

  private void results(RecurrentPass p, RecurrentShape s, Tensor[] out) {
    p.y = out[0].address();
    p.yStride = s.state();
    p.hn = out[1].address();
    p.cn = lstm() ? out[2].address() : 0;
  }

  /** Runs forward; where nothing is to be saved, what would be goes to working memory. */
  private static void run(RecurrentPass p, RecurrentShape s, long saved) {
    long keep = saved != 0 ? 0 : s.savedFloats();
    Scratch scratch = Scratch.acquire(4 * (s.forwardWorkFloats() + keep));
    try {
      p.work = scratch.address();
      p.saved = saved != 0 ? saved : scratch.address() + 4 * s.forwardWorkFloats();
      p.forward();
    } finally {
      scratch.release();
    }
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    if (in[1].size() == 0) {
      throw new IllegalStateException(name() + ": no gradient without weightIh");
    }
    RecurrentShape s = geometry(in[0].shape());
    RecurrentPass p = pass(s, in);
    p.y = out[0].address();
    p.yStride = s.state();
    p.saved = saved[0].address();
    p.gy = address(gOut[0]);
    p.gyStride = s.state();
    p.ghn = address(gOut[1]);
    p.gcn = lstm() ? address(gOut[2]) : 0;
    p.addX = Pass.adding(gIn, in, 0);
    p.gx = target(gIn, 0);
    p.addWeightIh = Pass.adding(gIn, in, 1);
    p.gWeightIh = target(gIn, 1);
    p.addWeightHh = Pass.adding(gIn, in, 2);
    p.gWeightHh = target(gIn, 2);
    if (bias) {
      p.addBiasIh = Pass.adding(gIn, in, 3);
      p.gBiasIh = target(gIn, 3);
      p.addBiasHh = Pass.adding(gIn, in, 4);
      p.gBiasHh = target(gIn, 4);
    }
    if (projection > 0) {
      p.addWeightHr = Pass.adding(gIn, in, weightHr());
      p.gWeightHr = target(gIn, weightHr());
    }
    if (state) {
      p.addH0 = Pass.adding(gIn, in, h0());
      p.gh0 = target(gIn, h0());
      if (lstm()) {
        p.addC0 = Pass.adding(gIn, in, h0() + 1);
        p.gc0 = target(gIn, h0() + 1);
      }
    }
    Scratch scratch = Scratch.acquire(4 * s.backwardWorkFloats());
    try {
      p.work = scratch.address();
      p.backward();
    } finally {
      scratch.release();
    }
  }

  private static long address(@Nullable Tensor t) {
    return t == null ? 0 : t.address();
  }

  private static long target(GradientSink gIn, int i) {
    return gIn.wanted(i) ? gIn.target(i).address() : 0;
  }
}
