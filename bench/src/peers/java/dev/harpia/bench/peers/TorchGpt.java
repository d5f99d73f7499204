package dev.harpia.bench.peers;

import dev.harpia.bench.suite.Call;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Workload 4 on LibTorch. */
final class TorchGpt {
  private static final int WIDTH = 384;
  private static final int HEADS = 6;
  private static final int LAYERS = 6;
  private static final int LENGTH = 256;
  private static final int VOCABULARY = 65;
  private static final int D = WIDTH / HEADS;
  private static final int BATCHES = 4;

  private record Block(
      TensorOptional norm1,
      Tensor qkv,
      Tensor proj,
      TensorOptional norm2,
      Tensor up,
      Tensor down) {}

  private final Torch t = new Torch();
  private final Tensor tokens = t.parameter(WIDTH, VOCABULARY, WIDTH);
  private final Tensor positions = t.parameter(WIDTH, LENGTH, WIDTH);
  private final List<Block> blocks = new ArrayList<>();
  private final TensorOptional norm = new TensorOptional(t.ones(WIDTH));

  private TorchGpt() {
    for (int i = 0; i < LAYERS; i++) {
      blocks.add(
          new Block(
              new TensorOptional(t.ones(WIDTH)),
              t.parameter(WIDTH, 3 * WIDTH, WIDTH),
              t.parameter(WIDTH, WIDTH, WIDTH),
              new TensorOptional(t.ones(WIDTH)),
              t.parameter(WIDTH, 4 * WIDTH, WIDTH),
              t.parameter(4 * WIDTH, WIDTH, 4 * WIDTH)));
    }
  }

  private static Tensor normed(Tensor x, TensorOptional weight) {
    return torch.layer_norm(x, new long[] {WIDTH}, weight, new TensorOptional(), 1e-5, true);
  }

  private static Tensor heads(Tensor x, long n, long steps) {
    return x.reshape(n, steps, HEADS, D).transpose(1, 2);
  }

  private static Tensor attend(Tensor q, Tensor k, Tensor v, boolean causal) {
    return torch.scaled_dot_product_attention(
        q, k, v, new TensorOptional(), 0, causal, new DoubleOptional(), false);
  }

  private static Tensor rest(Block b, Tensor x, Tensor y) {
    x = x.add(torch.linear(y, b.proj));
    return x.add(torch.linear(torch.gelu(torch.linear(normed(x, b.norm2), b.up)), b.down));
  }

  private Tensor forward(Tensor index, long n) {
    Tensor x = torch.embedding(tokens, index).add(positions);
    for (Block b : blocks) {
      TensorVector p = torch.linear(normed(x, b.norm1), b.qkv).split(WIDTH, 2);
      Tensor y =
          attend(
              heads(p.get(0), n, LENGTH),
              heads(p.get(1), n, LENGTH),
              heads(p.get(2), n, LENGTH),
              true);
      x = rest(b, x, y.transpose(1, 2).reshape(n, LENGTH, WIDTH));
    }
    return torch.linear(normed(x, norm), tokens);
  }

  static Call training(boolean update) {
    TorchGpt m = new TorchGpt();
    Tensor[] x = Torch.pool(BATCHES, () -> Torch.indices(VOCABULARY, 8, LENGTH));
    Tensor[] y = Torch.pool(BATCHES, () -> Torch.indices(VOCABULARY, 8 * LENGTH));
    AdamWOptions options = new AdamWOptions(1e-3);
    options.weight_decay().put(0.01);
    Optimizer adam = new AdamW(m.t.parameters(), options);
    int[] step = {0};
    float[] last = {0};
    return () -> {
      int b = step[0]++ % BATCHES;
      try (PointerScope _ = new PointerScope()) {
        adam.zero_grad();
        Tensor logits = m.forward(x[b], 8).reshape(8 * LENGTH, VOCABULARY);
        Tensor loss = torch.cross_entropy_loss(logits, y[b]);
        loss.backward();
        if (update) {
          adam.step();
        }
        last[0] = loss.item_float();
      }
    };
  }

  static Call sequence() {
    TorchGpt m = new TorchGpt();
    Tensor index = Torch.indices(VOCABULARY, 1, LENGTH);
    float[] logits = new float[LENGTH * VOCABULARY];
    return () -> {
      try (PointerScope _ = new PointerScope();
          InferenceMode _ = new InferenceMode(true)) {
        Torch.read(m.forward(index, 1), logits);
      }
    };
  }

  static Call decode() {
    TorchGpt m = new TorchGpt();
    List<Tensor> keys = new ArrayList<>();
    List<Tensor> values = new ArrayList<>();
    for (int i = 0; i < LAYERS; i++) {
      keys.add(torch.zeros(1, HEADS, LENGTH, D));
      values.add(torch.zeros(1, HEADS, LENGTH, D));
    }
    Tensor token = Torch.indices(VOCABULARY, 1, 1);
    return () -> {
      int next = 0;
      for (int at = 0; at < LENGTH - 1; at++) {
        try (PointerScope _ = new PointerScope();
            InferenceMode _ = new InferenceMode(true)) {
          token.fill_(new Scalar(next));
          next = m.step(token, at, keys, values).argmax().item_int();
        }
      }
    };
  }

  private Tensor step(Tensor token, int at, List<Tensor> keys, List<Tensor> values) {
    Tensor x = torch.embedding(tokens, token).add(positions.narrow(0, at, 1));
    for (int i = 0; i < LAYERS; i++) {
      Block b = blocks.get(i);
      TensorVector p = torch.linear(normed(x, b.norm1), b.qkv).split(WIDTH, 2);
      keys.get(i).narrow(2, at, 1).copy_(heads(p.get(1), 1, 1));
      values.get(i).narrow(2, at, 1).copy_(heads(p.get(2), 1, 1));
      Tensor y =
          attend(
              heads(p.get(0), 1, 1),
              keys.get(i).narrow(2, 0, at + 1),
              values.get(i).narrow(2, 0, at + 1),
              false);
      x = rest(b, x, y.reshape(1, 1, WIDTH));
    }
    return torch.linear(normed(x, norm), tokens);
  }
}
