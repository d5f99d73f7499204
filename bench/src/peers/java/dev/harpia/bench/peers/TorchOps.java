package dev.harpia.bench.peers;

import dev.harpia.bench.suite.Call;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Workload 8 on LibTorch. */
final class TorchOps {
  private TorchOps() {}

  static Optional<Call> open(String workload) {
    String[] words = workload.split("-");
    long n =
        words.length < 3
            ? 1024
            : words[2].endsWith("M")
                ? Long.parseLong(words[2].replace("M", "")) << 20
                : Long.parseLong(words[2]);
    return switch (words.length < 2 ? "" : words[1]) {
      case "sgemm" -> {
        Tensor b = torch.rand(n, n);
        yield call((y, x) -> torch.mm_out(y, x, b), n, n);
      }
      case "exp" -> call(torch::exp_out, n);
      case "tanh" -> call(torch::tanh_out, n);
      case "gelu" -> call(torch::gelu_out, n);
      case "add" -> {
        Tensor b = torch.rand(n);
        yield call((y, x) -> torch.add_out(y, x, b), n);
      }
      case "softmax" -> call((y, x) -> torch.softmax_out(y, x, 1), n, n);
      case "layernorm" -> {
        TensorOptional w = new TensorOptional(torch.rand(n));
        TensorOptional b = new TensorOptional(torch.rand(n));
        Tensor mean = torch.empty(n, 1);
        Tensor rstd = torch.empty(n, 1);
        yield call(
            (y, x) -> torch.native_layer_norm_out(y, mean, rstd, x, new long[] {n}, w, b, 1e-5),
            n,
            n);
      }
      case "sum" -> call((_, x) -> torch.sum(x), 1 << 24);
      default -> Optional.empty();
    };
  }

  private static Optional<Call> call(BiConsumer<Tensor, Tensor> op, long... dims) {
    Tensor x = torch.rand(dims);
    Tensor y = torch.empty(dims);
    return Optional.of(
        () -> {
          try (PointerScope _ = new PointerScope();
              InferenceMode _ = new InferenceMode(true)) {
            op.accept(y, x);
          }
        });
  }
}
