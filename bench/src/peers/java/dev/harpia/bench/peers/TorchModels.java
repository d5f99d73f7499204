package dev.harpia.bench.peers;

import dev.harpia.bench.suite.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Workloads 1, 2, 6 and 7 on LibTorch. */
final class TorchModels {
  private static final int BATCHES = 16;

  private TorchModels() {}

  private static UnaryOperator<Tensor> mlp() {
    Torch t = new Torch();
    UnaryOperator<Tensor> first = t.linear(784, 128);
    UnaryOperator<Tensor> second = t.linear(128, 10);
    return x -> torch.softmax(second.apply(torch.relu(first.apply(x))), 1);
  }

  static Call mlpOne() {
    return Torch.request(mlp(), 10, 1, 784);
  }

  static Call mlpBatch() {
    UnaryOperator<Tensor> model = mlp();
    Tensor x = torch.randn(64, 784);
    float[] first = new float[10];
    return () -> {
      try (PointerScope _ = new PointerScope();
          InferenceMode _ = new InferenceMode(true)) {
        Torch.read(model.apply(x), first);
      }
    };
  }

  private static UnaryOperator<Tensor> cnn(Torch t) {
    UnaryOperator<Tensor> conv1 = t.conv(1, 24, 3, 1, 0);
    UnaryOperator<Tensor> conv2 = t.conv(24, 36, 3, 1, 0);
    UnaryOperator<Tensor> hidden = t.linear(900, 128);
    UnaryOperator<Tensor> out = t.linear(128, 10);
    return x -> {
      Tensor y = Torch.pool(torch.relu(conv1.apply(x)), 2, 2, 0);
      y = Torch.pool(torch.relu(conv2.apply(y)), 2, 2, 0);
      return out.apply(torch.relu(hidden.apply(y.flatten(1, -1))));
    };
  }

  static Call cnnOne() {
    UnaryOperator<Tensor> model = cnn(new Torch());
    return Torch.request(x -> torch.softmax(model.apply(x), 1), 10, 1, 1, 28, 28);
  }

  static Call cnnTraining() {
    Torch t = new Torch();
    UnaryOperator<Tensor> model = cnn(t);
    Tensor[] x = Torch.pool(BATCHES, () -> torch.randn(64, 1, 28, 28));
    Tensor[] y = Torch.pool(BATCHES, () -> Torch.indices(10, 64));
    int[] step = {0};
    return Torch.step(
        new SGD(t.parameters(), new SGDOptions(0.01)),
        () -> {
          int b = step[0]++ % BATCHES;
          return torch.cross_entropy_loss(model.apply(x[b]), y[b]);
        });
  }

  static Call resNet18() {
    Torch t = new Torch();
    UnaryOperator<Tensor> stem = t.conv(3, 64, 7, 2, 3);
    List<UnaryOperator<Tensor>> blocks = new ArrayList<>();
    int in = 64;
    for (int out = 64; out <= 512; out *= 2) {
      blocks.add(block(t, in, out));
      blocks.add(block(t, out, out));
      in = out;
    }
    UnaryOperator<Tensor> head = t.linear(512, 1000);
    return Torch.request(
        x -> {
          Tensor y = Torch.pool(torch.relu(stem.apply(x)), 3, 2, 1);
          for (UnaryOperator<Tensor> b : blocks) {
            y = b.apply(y);
          }
          return head.apply(y.mean(2, 3));
        },
        1000,
        1,
        3,
        224,
        224);
  }

  private static UnaryOperator<Tensor> block(Torch t, int in, int out) {
    int stride = in == out ? 1 : 2;
    UnaryOperator<Tensor> first = t.conv(in, out, 3, stride, 1);
    UnaryOperator<Tensor> second = t.conv(out, out, 3, 1, 1);
    UnaryOperator<Tensor> project =
        stride == 1 ? UnaryOperator.identity() : t.conv(in, out, 1, stride, 0);
    return x -> torch.relu(second.apply(torch.relu(first.apply(x))).add(project.apply(x)));
  }

  private static UnaryOperator<Tensor> net(Torch t) {
    UnaryOperator<Tensor> a = t.linear(4, 128);
    UnaryOperator<Tensor> b = t.linear(128, 128);
    UnaryOperator<Tensor> c = t.linear(128, 2);
    return x -> c.apply(torch.relu(b.apply(torch.relu(a.apply(x)))));
  }

  static Call action() {
    float[] values = new float[2];
    int[] action = new int[1];
    UnaryOperator<Tensor> q = net(new Torch());
    Call request =
        Torch.request(
            x -> {
              Tensor y = q.apply(x);
              Torch.read(y, values);
              action[0] = values[1] > values[0] ? 1 : 0;
              return y;
            },
            2,
            1,
            4);
    return request;
  }

  static Call dqn() {
    Torch t = new Torch();
    UnaryOperator<Tensor> q = net(t);
    UnaryOperator<Tensor> target = net(new Torch());
    Tensor[] state = Torch.pool(BATCHES, () -> torch.randn(64, 4));
    Tensor[] next = Torch.pool(BATCHES, () -> torch.randn(64, 4));
    Tensor[] reward = Torch.pool(BATCHES, () -> torch.randn(64));
    Tensor[] live = Torch.pool(BATCHES, () -> torch.ones(64).mul(new Scalar(0.99)));
    Tensor[] action = Torch.pool(BATCHES, () -> Torch.indices(2, 64, 1));
    int[] step = {0};
    return Torch.step(
        new Adam(t.parameters(), new AdamOptions(1e-3)),
        () -> {
          int b = step[0]++ % BATCHES;
          Tensor y;
          try (NoGradGuard _ = new NoGradGuard()) {
            y = reward[b].add(live[b].mul(target.apply(next[b]).max(1).get0()));
          }
          Tensor chosen = q.apply(state[b]).gather(1, action[b]).squeeze(1);
          return torch.smooth_l1_loss(chosen, y);
        });
  }
}
