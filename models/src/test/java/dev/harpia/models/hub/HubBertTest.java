package dev.harpia.models.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.bert.Bert;
import dev.harpia.models.bert.BertConfig;
import dev.harpia.models.bert.MaskedLanguageModel;
import dev.harpia.models.bert.TextClassifier;
import dev.harpia.models.hub.HubBert.Head;
import dev.harpia.models.transformer.WordPieceTokenizer;
import dev.harpia.nn.io.FormatException;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubBertTest {
  private static final String CONFIG =
      """
      {"architectures": ["BertForMaskedLM"], "attention_probs_dropout_prob": 0.1,
       "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": %4$d,
       "initializer_range": 0.02, "intermediate_size": %5$d, "layer_norm_eps": 1e-12,
       "max_position_embeddings": %2$d, "model_type": "bert", "num_attention_heads": %6$d,
       "num_hidden_layers": %3$d, "pad_token_id": 0, "type_vocab_size": 2, "vocab_size": %1$d,
       "id2label": {"0": "bad", "1": "fair", "2": "good"}}
      """;
  private static final int[] SEGMENTS = {0, 0, 0, 1, 1};

  @TempDir private Path dir;

  private void config(Object... numbers) throws IOException {
    Files.writeString(dir.resolve("config.json"), CONFIG.formatted(numbers));
  }

  /** Random weights under the published names, of encoder, pooler and the heads named. */
  private static Map<String, Tensor> random(BertConfig c) {
    Rng rng = new Rng(5);
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Head head : new Head[] {Head.MASKED, Head.CLASSIFIER}) {
      HubBert.published(c, head, 3)
          .forEach(
              (name, shape) ->
                  all.computeIfAbsent(
                      name, n -> Tensor.normal(rng, n.contains("Norm.w") ? 1 : 0, 0.3f, shape)));
    }
    return all;
  }

  private void save(Map<String, Tensor> weights) throws IOException {
    SafeTensors.save(weights, Map.of("format", "pt"), dir.resolve("model.safetensors"));
  }

  private static Map<String, Tensor> without(Map<String, Tensor> all, String... prefixes) {
    Map<String, Tensor> kept = new LinkedHashMap<>(all);
    for (String p : prefixes) {
      kept.keySet().removeIf(name -> name.startsWith(p));
    }
    return kept;
  }

  /** The sizes and the names of a model that everybody can look up. */
  @Test
  void bertBase() throws IOException {
    config(30522, 512, 12, 768, 3072, 12);
    BertConfig c = HubBert.config(dir);
    Map<String, Shape> masked = HubBert.published(c, Head.MASKED, 1);
    assertThat(masked.values().stream().mapToLong(Shape::size).sum()).isEqualTo(109_514_298);
    assertThat(masked)
        .hasSize(5 + 12 * 16 + 5)
        .containsEntry("bert.embeddings.word_embeddings.weight", Shape.of(30522, 768))
        .containsEntry("bert.embeddings.position_embeddings.weight", Shape.of(512, 768))
        .containsEntry("bert.embeddings.token_type_embeddings.weight", Shape.of(2, 768))
        .containsEntry("bert.embeddings.LayerNorm.bias", Shape.of(768))
        .containsEntry("bert.encoder.layer.0.attention.self.query.weight", Shape.of(768, 768))
        .containsEntry("bert.encoder.layer.11.attention.self.value.bias", Shape.of(768))
        .containsEntry("bert.encoder.layer.11.attention.output.dense.weight", Shape.of(768, 768))
        .containsEntry("bert.encoder.layer.3.attention.output.LayerNorm.weight", Shape.of(768))
        .containsEntry("bert.encoder.layer.3.intermediate.dense.weight", Shape.of(3072, 768))
        .containsEntry("bert.encoder.layer.3.output.dense.weight", Shape.of(768, 3072))
        .containsEntry("bert.encoder.layer.3.output.LayerNorm.bias", Shape.of(768))
        .containsEntry("cls.predictions.bias", Shape.of(30522))
        .containsEntry("cls.predictions.transform.dense.weight", Shape.of(768, 768))
        .containsEntry("cls.predictions.transform.LayerNorm.bias", Shape.of(768));
    // the encoder with its pooler: what is called 110M
    assertThat(
            HubBert.published(c, Head.CLASSIFIER, 2).entrySet().stream()
                .filter(e -> !e.getKey().startsWith("classifier."))
                .mapToLong(e -> e.getValue().size())
                .sum())
        .isEqualTo(109_482_240);
    assertThat(HubBert.published(c, Head.NONE, 1))
        .hasSize(5 + 12 * 16)
        .containsKey("encoder.layer.0.attention.self.key.bias");
  }

  /** Against plain loops in double precision that read the published tensors themselves. */
  @Test
  void computesWhatItShould() throws IOException {
    config(23, 8, 2, 12, 20, 3);
    BertConfig c = HubBert.config(dir);
    Map<String, Tensor> all = random(c);
    BertReference reference = new BertReference(c, all);
    int[] tokens = {7, 0, 22, 7, 3};
    Tensor x = Tensor.of(tokens).reshape(1, 5);
    Tensor segments = Tensor.of(SEGMENTS).reshape(1, 5);

    Map<String, Tensor> masked = without(all, "classifier.", "bert.pooler.");
    masked.put("cls.predictions.decoder.weight", Tensor.zeros(23, 12)); // tied: not read
    masked.put("cls.seq_relationship.weight", Tensor.zeros(2, 12));
    save(masked);
    MaskedLanguageModel guesser = HubBert.masked(dir);
    assertThat(guesser.training()).isFalse();
    double[][] words = reference.masked(tokens, SEGMENTS);
    try (var _ = Scope.inference()) {
      close(guesser.forward(x, segments, null).toArray(), words);
    }

    save(without(all, "cls."));
    TextClassifier judge = HubBert.classifier(dir);
    try (var _ = Scope.inference()) {
      close(
          judge.forward(x, segments, null).toArray(),
          new double[][] {reference.classes(tokens, SEGMENTS)});
    }

    // the encoder alone, under its own names, and with those that the oldest files have
    Map<String, Tensor> plain = new LinkedHashMap<>();
    without(all, "cls.", "classifier.")
        .forEach(
            (name, t) ->
                plain.put(
                    name.replaceFirst("^bert\\.", "")
                        .replace("LayerNorm.weight", "LayerNorm.gamma")
                        .replace("LayerNorm.bias", "LayerNorm.beta"),
                    t));
    plain.put("embeddings.position_ids", Tensor.of(0, 1, 2, 3, 4, 5, 6, 7).reshape(1, 8));
    save(plain);
    Bert encoder = HubBert.load(dir);
    try (var _ = Scope.inference()) {
      close(
          encoder.encode(x, segments, null, false).y().toArray(),
          reference.features(tokens, SEGMENTS));
    }
  }

  private static void close(float[] y, double[][] expected) {
    assertThat(y).hasSize(expected.length * expected[0].length);
    for (int i = 0; i < y.length; i++) {
      assertThat((double) y[i])
          .as("element %d", i)
          .isCloseTo(expected[i / expected[0].length][i % expected[0].length], within(1e-4));
    }
  }

  /** From text to guesses and classes, with a directory's own tokenizer. */
  @Test
  void withItsTokenizer() throws IOException {
    WordPieceTokenizer trained =
        WordPieceTokenizer.train("Owls see well at night. The owl sees the mouse.", 60, true);
    trained.save(dir.resolve("tokenizer.json"));
    config(trained.size(), 32, 1, 12, 20, 3);
    save(random(HubBert.config(dir)));
    WordPieceTokenizer tokenizer = WordPieceTokenizer.load(dir.resolve("tokenizer.json"));
    int[] hidden = tokenizer.encode("[CLS] Owls see well at [MASK]. [SEP]");
    assertThat(hidden).contains(tokenizer.special("[MASK]"));
    int[] framed = tokenizer.framed("Owls see.", "The mouse?");
    try (var _ = Scope.inference()) {
      Tensor guesses = HubBert.masked(dir).forward(row(hidden));
      assertThat(guesses.shape()).isEqualTo(Shape.of(1, hidden.length, tokenizer.size()));
      assertThat(HubBert.classifier(dir).forward(row(framed)).shape()).isEqualTo(Shape.of(1, 3));
    }
  }

  private static Tensor row(int... ids) {
    return Tensor.of(ids).reshape(1, ids.length);
  }

  @Test
  void allFaultsAtOnce() throws IOException {
    config(23, 8, 1, 12, 20, 3);
    Map<String, Tensor> weights = without(random(HubBert.config(dir)), "classifier.");
    weights.remove("bert.embeddings.LayerNorm.bias");
    weights.put("bert.encoder.layer.0.output.dense.weight", Tensor.zeros(20, 12));
    weights.put(
        "bert.encoder.layer.1.output.dense.bias",
        Objects.requireNonNull(weights.get("bert.encoder.layer.0.output.dense.bias")));
    save(weights);
    assertThatThrownBy(() -> HubBert.classifier(dir))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weights do not fit config.json")
        .hasMessageContaining("missing: bert.embeddings.LayerNorm.bias [12]")
        .hasMessageContaining("missing: classifier.weight [3, 12]")
        .hasMessageContaining(
            "output.dense.weight: the file has F32 [20, 12], config.json makes it F32 [12, 20]")
        .hasMessageContaining("unknown: bert.encoder.layer.1.output.dense.bias [12]");
    Files.writeString(
        dir.resolve("config.json"),
        "{\"model_type\": \"roberta\", \"hidden_act\": \"relu\", \"layer_norm_eps\": 1e-5,"
            + " \"position_embedding_type\": \"relative_key\", \"hidden_size\": 10}");
    assertThatThrownBy(() -> HubBert.load(dir))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("model_type: expected bert, found roberta")
        .hasMessageContaining("hidden_act: expected gelu, found relu")
        .hasMessageContaining("layer_norm_eps: expected 1.0E-12, found 1.0E-5")
        .hasMessageContaining("position_embedding_type: expected absolute, found relative_key")
        .hasMessageContaining("width 10 must fall into 12 equal heads");
  }
}
