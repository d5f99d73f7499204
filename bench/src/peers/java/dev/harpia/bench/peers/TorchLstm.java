package dev.harpia.bench.peers;

import dev.harpia.bench.suite.Call;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Workload 3 on LibTorch. */
final class TorchLstm {
  private static final int HIDDEN = 1024;
  private static final int CHARACTERS = 83;
  private static final int BATCHES = 4;

  private final Torch t = new Torch();
  private final Tensor embedding = t.parameter(1, CHARACTERS, 256);
  private final TensorVector weights =
      new TensorVector(
          t.parameter(HIDDEN, 4 * HIDDEN, 256),
          t.parameter(HIDDEN, 4 * HIDDEN, HIDDEN),
          t.parameter(HIDDEN, 4 * HIDDEN),
          t.parameter(HIDDEN, 4 * HIDDEN));
  private final UnaryOperator<Tensor> head = t.linear(HIDDEN, CHARACTERS);

  private TorchLstm() {}

  private T_TensorTensorTensor_T run(Tensor tokens, Tensor h, Tensor c, boolean training) {
    return torch.lstm(
        torch.embedding(embedding, tokens),
        new TensorVector(h, c),
        weights,
        true,
        1,
        0,
        training,
        false,
        true);
  }

  static Call training() {
    TorchLstm m = new TorchLstm();
    Tensor[] x = Torch.pool(BATCHES, () -> Torch.indices(CHARACTERS, 8, 100));
    Tensor[] y = Torch.pool(BATCHES, () -> Torch.indices(CHARACTERS, 800));
    Tensor zero = torch.zeros(1, 8, HIDDEN);
    int[] step = {0};
    return Torch.step(
        new Adam(m.t.parameters(), new AdamOptions(1e-3)),
        () -> {
          int b = step[0]++ % BATCHES;
          Tensor out = m.run(x[b], zero, zero, true).get0();
          return torch.cross_entropy_loss(m.head.apply(out).reshape(800, CHARACTERS), y[b]);
        });
  }

  static Call generation() {
    TorchLstm m = new TorchLstm();
    Tensor token = Torch.indices(CHARACTERS, 1, 1);
    Tensor h = torch.zeros(1, 1, HIDDEN);
    Tensor c = torch.zeros(1, 1, HIDDEN);
    float[] p = new float[CHARACTERS];
    int[] step = {0};
    return () -> {
      try (PointerScope _ = new PointerScope();
          InferenceMode _ = new InferenceMode(true)) {
        token.fill_(new Scalar(step[0]++ % CHARACTERS));
        T_TensorTensorTensor_T out = m.run(token, h, c, false);
        Torch.read(torch.softmax(m.head.apply(out.get0()), 2), p);
        h.copy_(out.get1());
        c.copy_(out.get2());
      }
    };
  }
}
