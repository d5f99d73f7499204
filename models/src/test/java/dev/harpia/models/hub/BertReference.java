package dev.harpia.models.hub;

import dev.harpia.models.bert.BertConfig;
import dev.harpia.tensor.Tensor;
import java.util.Map;
import java.util.Objects;

/** BERT in plain loops over doubles, straight from the published names (with a head's prefix). */
final class BertReference {
  private final BertConfig c;
  private final Map<String, Tensor> weights;

  BertReference(BertConfig c, Map<String, Tensor> weights) {
    this.c = c;
    this.weights = weights;
  }

  private float[] w(String name) {
    return Objects.requireNonNull(weights.get(name), name).toArray();
  }

  /** Features of tokens, each in a segment. */
  double[][] features(int[] tokens, int... segments) {
    int e = c.width();
    float[] words = w("bert.embeddings.word_embeddings.weight");
    float[] positions = w("bert.embeddings.position_embeddings.weight");
    float[] kinds = w("bert.embeddings.token_type_embeddings.weight");
    double[][] x = new double[tokens.length][e];
    for (int t = 0; t < tokens.length; t++) {
      for (int i = 0; i < e; i++) {
        x[t][i] = words[tokens[t] * e + i] + positions[t * e + i] + kinds[segments[t] * e + i];
      }
    }
    norm(x, "bert.embeddings.LayerNorm");
    for (int l = 0; l < c.layers(); l++) {
      String p = "bert.encoder.layer." + l + ".";
      add(x, linear(attend(x, p + "attention.self."), p + "attention.output.dense"));
      norm(x, p + "attention.output.LayerNorm");
      add(x, linear(gelu(linear(x, p + "intermediate.dense")), p + "output.dense"));
      norm(x, p + "output.LayerNorm");
    }
    return x;
  }

  /** Scores of the words at each place. */
  double[][] masked(int[] tokens, int... segments) {
    double[][] h = gelu(linear(features(tokens, segments), "cls.predictions.transform.dense"));
    norm(h, "cls.predictions.transform.LayerNorm");
    return times(h, w("bert.embeddings.word_embeddings.weight"), w("cls.predictions.bias"));
  }

  /** Scores of the classes. */
  double[] classes(int[] tokens, int... segments) {
    double[][] h = linear(features(tokens, segments), "bert.pooler.dense");
    for (int i = 0; i < c.width(); i++) {
      h[0][i] = Math.tanh(h[0][i]);
    }
    return linear(h, "classifier")[0];
  }

  private double[][] attend(double[][] h, String p) {
    double[][] q = linear(h, p + "query");
    double[][] k = linear(h, p + "key");
    double[][] v = linear(h, p + "value");
    int d = c.width() / c.heads();
    double[][] y = new double[h.length][c.width()];
    for (int head = 0; head < c.heads(); head++) {
      for (int t = 0; t < h.length; t++) {
        double[] score = new double[h.length];
        double sum = 0;
        for (int s = 0; s < h.length; s++) {
          double dot = 0;
          for (int i = head * d; i < (head + 1) * d; i++) {
            dot += q[t][i] * k[s][i];
          }
          score[s] = Math.exp(dot / Math.sqrt(d));
          sum += score[s];
        }
        for (int s = 0; s < h.length; s++) {
          for (int i = head * d; i < (head + 1) * d; i++) {
            y[t][i] += score[s] / sum * v[s][i];
          }
        }
      }
    }
    return y;
  }

  private double[][] linear(double[][] x, String name) {
    return times(x, w(name + ".weight"), w(name + ".bias"));
  }

  private static double[][] times(double[][] x, float[] weight, float[] bias) {
    double[][] y = new double[x.length][bias.length];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < bias.length; o++) {
        y[t][o] = bias[o];
        for (int i = 0; i < x[t].length; i++) {
          y[t][o] += x[t][i] * weight[o * x[t].length + i];
        }
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

  private void norm(double[][] x, String name) {
    float[] weight = w(name + ".weight");
    float[] bias = w(name + ".bias");
    for (double[] row : x) {
      double mean = java.util.Arrays.stream(row).average().orElse(0);
      double variance =
          java.util.Arrays.stream(row).map(v -> (v - mean) * (v - mean)).average().orElse(0);
      for (int i = 0; i < row.length; i++) {
        row[i] = (row[i] - mean) / Math.sqrt(variance + 1e-12) * weight[i] + bias[i];
      }
    }
  }

  /** x·Φ(x), with the error function's series (all |x| here are small). */
  private static double[][] gelu(double[][] x) {
    for (double[] row : x) {
      for (int i = 0; i < row.length; i++) {
        row[i] *= 0.5 * (1 + erf(row[i] / Math.sqrt(2)));
      }
    }
    return x;
  }

  private static double erf(double z) {
    double term = z;
    double sum = z;
    for (int n = 1; n < 200; n++) {
      term *= -z * z / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }
}
