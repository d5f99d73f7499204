package dev.harpia.simd;

import static dev.harpia.simd.RowCases.fill;
import static dev.harpia.simd.RowCases.normal;

import java.util.List;

/** Local response normalisation and bags of embeddings. */
final class ExtraCases {
  private ExtraCases() {}

  static void add(List<RowCase> cases, int s) {
    localResponse(cases, 2, 7, s, 5, 0.75f);
    localResponse(cases, 1, 4, s, 2, 0.5f);
    bags(cases, 9, s, false);
    bags(cases, 9, s, true);
  }

  private static void localResponse(
      List<RowCase> cases, int n, int c, int s, int size, float beta) {
    String name = "localResponse [%d, %d, %d] size %d".formatted(n, c, s, size);
    float alpha = 0.3f;
    float k = 2;
    float[] x = normal(s, n * c * s);
    float[] g = normal(s + 1, x.length);
    double[] d = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      d[i] = k;
      int channel = i / s % c;
      for (int j = Math.max(0, channel - size / 2);
          j <= Math.min(c - 1, channel + (size - 1) / 2);
          j++) {
        d[i] += alpha / size * Math.pow(x[i + (j - channel) * s], 2);
      }
    }
    double[] gx = fill(x.length, i -> g[i] * Math.pow(d[i], -beta));
    for (int i = 0; i < x.length; i++) {
      int channel = i / s % c;
      for (int j = Math.max(0, channel - size / 2);
          j <= Math.min(c - 1, channel + (size - 1) / 2);
          j++) {
        int at = i + (j - channel) * s;
        gx[at] -= 2 * alpha * beta / size * x[at] * g[i] * x[i] * Math.pow(d[i], -beta - 1);
      }
    }
    cases.add(
        new RowCase(
            name,
            List.of(x),
            List.of(fill(x.length, i -> x[i] * Math.pow(d[i], -beta))),
            1e-6,
            false,
            (in, out, add) -> LocalResponse.forward(out[0], in[0], n, c, s, size, alpha, beta, k)));
    cases.add(
        new RowCase(
            name + " backward",
            List.of(g, x),
            List.of(gx),
            2e-6,
            true,
            (in, out, add) ->
                LocalResponse.backward(out[0], in[0], in[1], n, c, s, size, alpha, beta, k, add)));
  }

  private static void bags(List<RowCase> cases, int rows, int d, boolean mean) {
    int[] offsets = {0, 3, 3, 8};
    int[] indices = RowCases.indices(d, 13, rows);
    float[] table = normal(d, rows * d);
    float[] g = normal(d + 1, offsets.length * d);
    double[] y = new double[g.length];
    double[] gt = new double[table.length];
    for (int b = 0; b < offsets.length; b++) {
      int end = b + 1 < offsets.length ? offsets[b + 1] : indices.length;
      for (int i = offsets[b]; i < end; i++) {
        for (int k = 0; k < d; k++) {
          double factor = mean ? 1.0 / (end - offsets[b]) : 1;
          y[b * d + k] += factor * table[indices[i] * d + k];
          gt[indices[i] * d + k] += factor * g[b * d + k];
        }
      }
    }
    String name = "embeddingBag " + (mean ? "mean" : "sum") + " [%d, %d]".formatted(rows, d);
    cases.add(
        new RowCase(
            name,
            List.of(table, indices, offsets),
            List.of(y),
            1e-6,
            false,
            (in, out, add) ->
                EmbeddingBag.forward(out[0], in[0], in[1], in[2], 13, offsets.length, d, mean)));
    cases.add(
        new RowCase(
            name + " backward",
            List.of(g, indices, offsets),
            List.of(gt),
            1e-6,
            true,
            (in, out, add) ->
                EmbeddingBag.backward(
                    out[0], in[0], in[1], in[2], 13, offsets.length, rows, d, mean, add)));
  }
}
