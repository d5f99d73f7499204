package dev.harpia.bench.peers;

import dev.harpia.bench.suite.Call;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Workload 5 on LibTorch. */
final class TorchVae {
  private static final int BATCHES = 4;

  private TorchVae() {}

  private static UnaryOperator<Tensor> down(Torch t, int in, int out, int k) {
    UnaryOperator<Tensor> conv = t.conv(in, out, k, 2, k / 2);
    TensorOptional weight = new TensorOptional(t.ones(out));
    TensorOptional bias = new TensorOptional(t.parameter(out, out));
    TensorOptional mean = new TensorOptional(torch.zeros(out));
    TensorOptional variance = new TensorOptional(torch.ones(out));
    return x ->
        torch.batch_norm(
            torch.relu(conv.apply(x)), weight, bias, mean, variance, true, 0.1, 1e-5, true);
  }

  private static UnaryOperator<Tensor> up(Torch t, int in, int out, int k) {
    Tensor w = t.parameter((long) in * k * k, in, out, k, k);
    TensorOptional b = new TensorOptional(t.parameter((long) in * k * k, out));
    long[] stride = {2, 2};
    long[] padding = {k / 2, k / 2};
    long[] output = {1, 1};
    return x -> torch.conv_transpose2d(x, w, b, stride, padding, output, 1, 1, 1);
  }

  static Call training() {
    Torch t = new Torch();
    UnaryOperator<Tensor> d1 = down(t, 3, 12, 5);
    UnaryOperator<Tensor> d2 = down(t, 12, 24, 5);
    UnaryOperator<Tensor> d3 = down(t, 24, 36, 3);
    UnaryOperator<Tensor> d4 = down(t, 36, 72, 3);
    UnaryOperator<Tensor> hidden = t.linear(1152, 512);
    UnaryOperator<Tensor> latent = t.linear(512, 200);
    UnaryOperator<Tensor> open = t.linear(100, 1152);
    UnaryOperator<Tensor> u1 = up(t, 72, 48, 3);
    UnaryOperator<Tensor> u2 = up(t, 48, 24, 3);
    UnaryOperator<Tensor> u3 = up(t, 24, 12, 5);
    UnaryOperator<Tensor> u4 = up(t, 12, 3, 5);
    Tensor[] batches = Torch.pool(BATCHES, () -> torch.rand(32, 3, 64, 64));
    int[] step = {0};
    return Torch.step(
        new Adam(t.parameters(), new AdamOptions(5e-4)),
        () -> {
          Tensor x = batches[step[0]++ % BATCHES];
          Tensor y = d4.apply(d3.apply(d2.apply(d1.apply(x)))).flatten(1, -1);
          TensorVector parts = latent.apply(torch.relu(hidden.apply(y))).chunk(2, 1);
          Tensor mu = parts.get(0);
          Tensor logVar = parts.get(1);
          Tensor z = mu.add(logVar.mul(new Scalar(0.5)).exp().mul(torch.randn(32, 100)));
          y = torch.relu(open.apply(z)).reshape(32, 72, 4, 4);
          y = torch.relu(u3.apply(torch.relu(u2.apply(torch.relu(u1.apply(y))))));
          Tensor distance = torch.l1_loss(u4.apply(y), x);
          Tensor kl = logVar.add(new Scalar(1)).sub(mu.mul(mu)).sub(logVar.exp()).sum();
          return distance.add(kl.mul(new Scalar(-0.5 / 32 * 0.0005)));
        });
  }
}
