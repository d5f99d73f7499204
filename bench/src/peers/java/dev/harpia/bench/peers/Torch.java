package dev.harpia.bench.peers;

import dev.harpia.bench.suite.Call;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** What LibTorch's workloads share. */
final class Torch {
  private final TensorVector parameters = new TensorVector();

  Torch() {}

  /** A tensor that training changes; about uniform in spread with bound 1/√fanIn. */
  Tensor parameter(long fanIn, long... dims) {
    Tensor t = torch.randn(dims).mul(new Scalar(0.58 / Math.sqrt(fanIn))).detach();
    t.set_requires_grad(true);
    parameters.push_back(t);
    return t;
  }

  Tensor ones(long n) {
    Tensor t = torch.ones(n).detach();
    t.set_requires_grad(true);
    parameters.push_back(t);
    return t;
  }

  TensorVector parameters() {
    return parameters;
  }

  UnaryOperator<Tensor> linear(long in, long out) {
    Tensor w = parameter(in, out, in);
    Tensor b = parameter(in, out);
    return x -> torch.linear(x, w, b);
  }

  UnaryOperator<Tensor> conv(long in, long out, long k, long stride, long padding) {
    Tensor w = parameter(in * k * k, out, in, k, k);
    TensorOptional b = new TensorOptional(parameter(in * k * k, out));
    long[] s = {stride, stride};
    long[] p = {padding, padding};
    long[] d = {1, 1};
    return x -> torch.conv2d(x, w, b, s, p, d, 1);
  }

  static Tensor pool(Tensor x, long k, long stride, long padding) {
    return torch.max_pool2d(
        x,
        new long[] {k, k},
        new long[] {stride, stride},
        new long[] {padding, padding},
        new long[] {1, 1},
        false);
  }

  static Tensor indices(long bound, long... dims) {
    return torch.randint(bound, dims).toType(torch.ScalarType.Long);
  }

  static Tensor[] pool(int n, Supplier<Tensor> batch) {
    Tensor[] all = new Tensor[n];
    for (int i = 0; i < n; i++) {
      all[i] = batch.get();
    }
    return all;
  }

  /** A step: zero gradients, loss, backward, update, the loss back to Java. */
  static Call step(Optimizer optimizer, Supplier<Tensor> loss) {
    float[] last = {0};
    return () -> {
      try (PointerScope _ = new PointerScope()) {
        optimizer.zero_grad();
        Tensor l = loss.get();
        l.backward();
        optimizer.step();
        last[0] = l.item_float();
      }
    };
  }

  /** One request: heap array in, heap array out. */
  static Call request(UnaryOperator<Tensor> model, int outputs, long... dims) {
    long n = 1;
    for (long d : dims) {
      n *= d;
    }
    float[] from = new float[Math.toIntExact(n)];
    for (int i = 0; i < from.length; i++) {
      from[i] = (float) Math.random();
    }
    float[] to = new float[outputs];
    FloatPointer memory = new FloatPointer(n);
    Tensor x = torch.from_blob(memory, dims);
    return () -> {
      try (PointerScope _ = new PointerScope();
          InferenceMode _ = new InferenceMode(true)) {
        memory.put(from);
        read(model.apply(x), to);
      }
    };
  }

  /** The first elements of a tensor. */
  static void read(Tensor y, float[] to) {
    new FloatPointer(y.data_ptr()).get(to);
  }
}
