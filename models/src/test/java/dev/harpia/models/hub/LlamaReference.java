package dev.harpia.models.hub;

import dev.harpia.models.transformer.GptConfig;
import dev.harpia.tensor.Tensor;
import java.util.Map;
import java.util.Objects;

/** A Llama model in plain loops over doubles, straight from the published names. */
final class LlamaReference {
  private final GptConfig c;
  private final Map<String, Tensor> weights;

  LlamaReference(GptConfig c, Map<String, Tensor> weights) {
    this.c = c;
    this.weights = weights;
  }

  private float[] w(String name) {
    return Objects.requireNonNull(weights.get(name), name).toArray();
  }

  double[][] logits(int... tokens) {
    int e = c.width();
    float[] table = w("model.embed_tokens.weight");
    double[][] x = new double[tokens.length][e];
    for (int t = 0; t < tokens.length; t++) {
      for (int i = 0; i < e; i++) {
        x[t][i] = table[tokens[t] * e + i];
      }
    }
    for (int l = 0; l < c.layers(); l++) {
      String p = "model.layers." + l + ".";
      double[][] h = norm(x, w(p + "input_layernorm.weight"));
      add(x, linear(attend(h, p + "self_attn."), w(p + "self_attn.o_proj.weight")));
      h = norm(x, w(p + "post_attention_layernorm.weight"));
      double[][] gate = linear(h, w(p + "mlp.gate_proj.weight"));
      double[][] up = linear(h, w(p + "mlp.up_proj.weight"));
      for (int t = 0; t < up.length; t++) {
        for (int i = 0; i < up[t].length; i++) {
          up[t][i] *= gate[t][i] / (1 + Math.exp(-gate[t][i]));
        }
      }
      add(x, linear(up, w(p + "mlp.down_proj.weight")));
    }
    return linear(norm(x, w("model.norm.weight")), w("lm_head.weight"));
  }

  private double[][] attend(double[][] h, String p) {
    int d = c.features();
    double[][] q = turned(linear(h, w(p + "q_proj.weight")));
    double[][] k = turned(linear(h, w(p + "k_proj.weight")));
    double[][] v = linear(h, w(p + "v_proj.weight"));
    double[][] y = new double[h.length][c.width()];
    for (int head = 0; head < c.heads(); head++) {
      int kv = head / (c.heads() / c.kvHeads());
      for (int t = 0; t < h.length; t++) {
        double[] score = new double[t + 1];
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          double dot = 0;
          for (int i = 0; i < d; i++) {
            dot += q[t][head * d + i] * k[s][kv * d + i];
          }
          score[s] = Math.exp(dot / Math.sqrt(d));
          sum += score[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int i = 0; i < d; i++) {
            y[t][head * d + i] += score[s] / sum * v[s][kv * d + i];
          }
        }
      }
    }
    return y;
  }

  /** Feature i and feature i + D/2 of each head are a pair. */
  private double[][] turned(double[][] x) {
    int d = c.features();
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < x[t].length; o += d) {
        for (int i = 0; i < d / 2; i++) {
          double angle = t * Math.pow(c.rope().base(), -2.0 * i / d);
          double a = x[t][o + i];
          double b = x[t][o + i + d / 2];
          x[t][o + i] = a * Math.cos(angle) - b * Math.sin(angle);
          x[t][o + i + d / 2] = b * Math.cos(angle) + a * Math.sin(angle);
        }
      }
    }
    return x;
  }

  private double[][] norm(double[][] x, float[] weight) {
    double[][] y = new double[x.length][weight.length];
    for (int t = 0; t < x.length; t++) {
      double squares = 0;
      for (double a : x[t]) {
        squares += a * a;
      }
      for (int i = 0; i < weight.length; i++) {
        y[t][i] = x[t][i] / Math.sqrt(squares / weight.length + c.epsilon()) * weight[i];
      }
    }
    return y;
  }

  private static void add(double[][] x, double[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < x[t].length; i++) {
        x[t][i] += y[t][i];
      }
    }
  }

  private static double[][] linear(double[][] x, float[] w) {
    int in = x[0].length;
    int out = w.length / in;
    double[][] y = new double[x.length][out];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < out; o++) {
        for (int i = 0; i < in; i++) {
          y[t][o] += x[t][i] * w[o * in + i];
        }
      }
    }
    return y;
  }
}
