package dev.harpia.tests;

import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.GptConfig;
import dev.harpia.nn.Activation;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.ConvOptions;
import dev.harpia.nn.ConvTranspose2d;
import dev.harpia.nn.Embedding;
import dev.harpia.nn.Flatten;
import dev.harpia.nn.LSTM;
import dev.harpia.nn.Layer;
import dev.harpia.nn.LikelihoodLoss;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.nn.optim.SGD;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.CrossEntropy;
import dev.harpia.tensor.op.Reduction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Whole models, trained for some steps as PyTorch trained them. */
final class GoldenModels {
  private GoldenModels() {}

  static void register(Map<String, Consumer<GoldenRun>> ops) {
    ops.put("ModelCharRnn", GoldenModels::charRnn);
    ops.put("ModelMnistCnn", GoldenModels::mnistCnn);
    ops.put("ModelDbVae", GoldenModels::dbVae);
    ops.put("ModelTinyGpt", GoldenModels::tinyGpt);
    ops.put("ModelResNet", GoldenModels::resNet);
  }

  /** A model of which only the parameters matter: the case says what it computes. */
  private abstract static class Model extends Layer {
    @Override
    public Tensor forward(Tensor x) {
      throw new UnsupportedOperationException("this model has a loss, not an output");
    }
  }

  /** Batch {@code step} of an operand. */
  private static Tensor batch(Tensor all, int step) {
    return all.select(0, step);
  }

  /** Compares the first gradients, trains, and compares losses and final parameters. */
  private static void train(
      GoldenRun r, Layer model, Optimizer optimizer, IntFunction<Tensor> loss) {
    var parameters = model.parameters();
    List<Tensor> targets = new ArrayList<>();
    parameters.forEach(p -> targets.add(p.value()));
    float[] losses = new float[r.golden().integer("steps", 0)];
    for (int step = 0; step < losses.length; step++) {
      Tensor l = loss.apply(step);
      losses[step] = l.item();
      if (step == 0) {
        Gradients g = Gradients.of(l, targets);
        parameters.forEach(p -> r.same("gparam." + p.name(), g.wrt(p.value())));
        // the second forward pass of the same batch must not count for running averages
        restore(r, model);
        l = loss.apply(step);
      }
      optimizer.step(l);
    }
    r.same("out.losses", losses);
    parameters.forEach(p -> r.same("final." + p.name(), p.value()));
    model
        .state()
        .forEach(
            (name, t) -> {
              if (r.has("finalbuf." + name)) {
                r.same("finalbuf." + name, t);
              }
            });
  }

  /** Gives the buffers their first values again. */
  private static void restore(GoldenRun r, Layer model) {
    model
        .state()
        .forEach(
            (name, t) -> {
              if (name.endsWith("num_batches_tracked")) {
                t.copyFrom(r.tensor("buf." + name).toIntArray());
              } else if (r.has("buf." + name)) {
                t.copyFrom(r.tensor("buf." + name));
              }
            });
  }

  private static void charRnn(GoldenRun r) {
    Golden g = r.golden();
    int vocabulary = g.integer("vocab", 0);
    class CharRnn extends Model {
      final Embedding embedding =
          layer("embedding", new Embedding(vocabulary, g.integer("embedding", 0)));
      final LSTM lstm = layer("lstm", new LSTM(g.integer("embedding", 0), g.integer("hidden", 0)));
      final Linear fc = layer("fc", new Linear(g.integer("hidden", 0), vocabulary));

      Tensor logits(int step) {
        Tensor idx = batch(r.in("idx"), step);
        return fc.forward(lstm.forward(embedding.forward(idx.slice(1, 0, -1))));
      }

      Tensor loss(int step) {
        Tensor idx = batch(r.in("idx"), step);
        return Loss.crossEntropy(logits(step), idx.slice(1, 1, idx.dim(1)));
      }
    }
    CharRnn model = r.load(new CharRnn());
    train(r, model, new Adam(model.parameters(), g.number("lr", 0)), model::loss);
    r.out("logits", model.logits(0));
  }

  private static void mnistCnn(GoldenRun r) {
    class MnistCnn extends Model {
      final Conv2d conv1 = layer("conv1", new Conv2d(1, 4, 3));
      final Conv2d conv2 = layer("conv2", new Conv2d(4, 6, 3));
      final Linear fc1 = layer("fc1", new Linear(24, 16));
      final Linear fc2 = layer("fc2", new Linear(16, 10));
      final MaxPool2d pool = new MaxPool2d(2);

      Tensor logits(int step) {
        Tensor h = pool.forward(conv1.forward(batch(r.in("x"), step)).relu());
        h = pool.forward(conv2.forward(h).relu());
        return fc2.forward(fc1.forward(h.flatten(1)).relu());
      }
    }
    MnistCnn model = r.load(new MnistCnn());
    train(
        r,
        model,
        new SGD(model.parameters(), r.golden().number("lr", 0)),
        step -> Loss.crossEntropy(model.logits(step), batch(r.in("y"), step)));
    r.out("logits", model.logits(0));
  }

  private static void dbVae(GoldenRun r) {
    int f = r.golden().integer("n_filters", 0);
    int latent = r.golden().integer("latent", 0);
    class DbVae extends Model {
      final Sequential encoder =
          layer(
              "encoder",
              new Sequential(
                  new Conv2d(3, f, 5, 2, 2),
                  Activation.relu(),
                  new BatchNorm2d(f),
                  new Conv2d(f, 2 * f, 5, 2, 2),
                  Activation.relu(),
                  new BatchNorm2d(2 * f),
                  new Conv2d(2 * f, 4 * f, 3, 2, 1),
                  Activation.relu(),
                  new BatchNorm2d(4 * f),
                  new Conv2d(4 * f, 6 * f, 3, 2, 1),
                  Activation.relu(),
                  new BatchNorm2d(6 * f),
                  new Flatten(),
                  new Linear(6 * f, 16),
                  Activation.relu(),
                  new Linear(16, 2 * latent + 1)));
      final Linear dlin = layer("dlin", new Linear(latent, 6 * f));
      final Sequential deconv =
          layer(
              "deconv",
              new Sequential(
                  new ConvTranspose2d(6 * f, 4 * f, 3, 2, 1, 1),
                  Activation.relu(),
                  new ConvTranspose2d(4 * f, 2 * f, 3, 2, 1, 1),
                  Activation.relu(),
                  new ConvTranspose2d(2 * f, f, 5, 2, 2, 1),
                  Activation.relu(),
                  new ConvTranspose2d(f, 3, 5, 2, 2, 1)));

      Tensor loss(int step) {
        Tensor x = batch(r.in("x"), step);
        Tensor y = batch(r.in("y"), step);
        Tensor code = encoder.forward(x);
        Tensor mu = code.slice(1, 1, latent + 1);
        Tensor logSigma = code.slice(1, latent + 1, 2 * latent + 1);
        Tensor z = mu.add(logSigma.mul(0.5f).exp().mul(batch(r.in("eps"), step)));
        Tensor picture = deconv.forward(dlin.forward(z).relu().reshape(x.dim(0), 6 * f, 1, 1));
        Tensor kl = LikelihoodLoss.klToStandardNormal(mu, logSigma).mul(0.0005f);
        Tensor vae = kl.add(x.sub(picture).abs().mean(1, 2, 3));
        Tensor bce =
            Loss.binaryCrossEntropyWithLogits(code.slice(1, 0, 1), y, null, null, Reduction.NONE);
        return bce.squeeze(1).add(y.squeeze(1).mul(vae)).mean();
      }
    }
    DbVae model = r.load(new DbVae());
    double rate = r.golden().number("lr", 0);
    train(r, model, new Adam(model.parameters(), rate).epsilon(1e-5), model::loss);
  }

  /** Another layer's tensors under other names. */
  private static final class Renamed extends Model {
    Renamed(Map<String, Tensor> tensors) {
      Map<String, Map<String, Tensor>> below = new LinkedHashMap<>();
      tensors.forEach(
          (name, t) -> {
            int dot = name.indexOf('.');
            if (dot < 0) {
              shared(name, t);
            } else {
              below
                  .computeIfAbsent(name.substring(0, dot), k -> new LinkedHashMap<>())
                  .put(name.substring(dot + 1), t);
            }
          });
      below.forEach((name, rest) -> layer(name, new Renamed(rest)));
    }
  }

  private static void tinyGpt(GoldenRun r) {
    Golden g = r.golden();
    GptConfig config =
        GptConfig.gpt2(
            g.integer("vocab", 0),
            g.integer("block", 0),
            g.integer("n_layer", 2),
            g.integer("n_head", 0),
            g.integer("n_embd", 0));
    Gpt model = new Gpt(config);
    Map<String, Tensor> flat = new LinkedHashMap<>(); // the recorded model's blocks have no parts
    model.state().forEach((name, t) -> flat.put(name.replaceAll("attn\\.|mlp\\.", ""), t));
    Model named = r.load(new Renamed(flat));
    AdamW rule = new AdamW(named.parameters(), 1e-2).betas(0.9, 0.95).epsilon(1e-4);
    train(
        r,
        named,
        rule.decay(0.1),
        step -> {
          Tensor idx = batch(r.in("idx"), step);
          return Loss.crossEntropy(model.forward(idx.slice(1, 0, -1)), idx.slice(1, 1, idx.dim(1)));
        });
    r.out("logits", model.forward(batch(r.in("idx"), 0).slice(1, 0, -1)));
  }

  private static void resNet(GoldenRun r) {
    ConvOptions plain = ConvOptions.DEFAULT.withoutBias();
    ConvOptions padded = plain.withPadding(1);
    class ResNet extends Model {
      final Conv2d c0 = layer("c0", new Conv2d(3, 4, 3, 3, padded));
      final BatchNorm2d b0 = layer("b0", new BatchNorm2d(4));
      final Conv2d c1 = layer("c1", new Conv2d(4, 8, 3, 3, padded.withStride(2)));
      final BatchNorm2d b1 = layer("b1", new BatchNorm2d(8));
      final Conv2d c2 = layer("c2", new Conv2d(8, 8, 3, 3, padded));
      final BatchNorm2d b2 = layer("b2", new BatchNorm2d(8));
      final Conv2d sc = layer("sc", new Conv2d(4, 8, 1, 1, plain.withStride(2)));
      final BatchNorm2d sb = layer("sb", new BatchNorm2d(8));
      final Linear fc = layer("fc", new Linear(8, 5));

      Tensor logits(int step) {
        Tensor h = b0.forward(c0.forward(batch(r.in("x"), step))).relu();
        Tensor own = b2.forward(c2.forward(b1.forward(c1.forward(h)).relu()));
        return fc.forward(own.add(sb.forward(sc.forward(h))).relu().mean(2, 3));
      }
    }
    ResNet model = r.load(new ResNet());
    train(
        r,
        model,
        new SGD(model.parameters(), 0.1).momentum(0.9).nesterov().decay(5e-4),
        step ->
            Loss.crossEntropy(
                model.logits(step),
                batch(r.in("y"), step),
                null,
                Reduction.MEAN,
                0.1f,
                CrossEntropy.IGNORE));
    model.eval();
    r.out("logits_eval", Objects.requireNonNull(model.logits(0)));
  }
}
