package dev.harpia.models.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.GptConfig;
import dev.harpia.models.transformer.Rope;
import dev.harpia.nn.io.FormatException;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubModelTest {
  private static final String GPT2 =
      """
      {"activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"],
       "attn_pdrop": 0.1, "bos_token_id": 50256, "initializer_range": 0.02,
       "layer_norm_epsilon": 1e-05, "model_type": "gpt2", "n_ctx": %2$d, "n_embd": %5$d,
       "n_head": %4$d, "n_layer": %3$d, "n_positions": %2$d, "summary_type": "cls_index",
       "task_specific_params": {"text-generation": {"do_sample": true}}, "vocab_size": %1$d}
      """;
  private static final String LLAMA =
      """
      {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "head_dim": %9$d,
       "hidden_act": "silu", "hidden_size": %5$d, "intermediate_size": %7$d,
       "max_position_embeddings": %2$d, "mlp_bias": false, "model_type": "llama",
       "num_attention_heads": %4$d, "num_hidden_layers": %3$d, "num_key_value_heads": %6$d,
       "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": %8$s, "rope_theta": 500000.0,
       "tie_word_embeddings": %10$s, "torch_dtype": "bfloat16", "vocab_size": %1$d}
      """;
  private static final String LLAMA32 =
      "{\"factor\": 32.0, \"high_freq_factor\": 4.0, \"low_freq_factor\": 1.0,"
          + " \"original_max_position_embeddings\": 8192, \"rope_type\": \"llama3\"}";

  @TempDir private Path dir;

  private void config(String text, Object... numbers) throws IOException {
    Files.writeString(dir.resolve("config.json"), text.formatted(numbers));
  }

  private static long elements(Map<String, Shape> shapes) {
    return shapes.values().stream().mapToLong(Shape::size).sum();
  }

  /** Random weights under the published names. */
  private static Map<String, Tensor> random(GptConfig c, String prefix) {
    Rng rng = new Rng(5);
    Map<String, Tensor> all = new LinkedHashMap<>();
    HubModel.published(c)
        .forEach(
            (name, shape) ->
                all.put(
                    prefix + name,
                    name.contains("norm") || name.contains("ln_")
                        ? Tensor.normal(rng, 1, 0.1f, shape)
                        : Tensor.normal(rng, 0, 0.3f, shape)));
    return all;
  }

  /** The sizes and the names, with their shapes, of models that everybody can look up. */
  @Test
  void publishedModels() throws IOException {
    config(GPT2, 50257, 1024, 12, 12, 768);
    GptConfig gpt2 = HubModel.config(dir);
    Map<String, Shape> names = HubModel.published(gpt2);
    assertThat(elements(names)).isEqualTo(124_439_808);
    assertThat(names).hasSize(148);
    assertThat(names)
        .containsEntry("wte.weight", Shape.of(50257, 768))
        .containsEntry("wpe.weight", Shape.of(1024, 768))
        .containsEntry("h.0.ln_1.weight", Shape.of(768))
        .containsEntry("h.0.attn.c_attn.weight", Shape.of(768, 2304))
        .containsEntry("h.0.attn.c_attn.bias", Shape.of(2304))
        .containsEntry("h.11.attn.c_proj.weight", Shape.of(768, 768))
        .containsEntry("h.11.mlp.c_fc.weight", Shape.of(768, 3072))
        .containsEntry("h.11.mlp.c_proj.weight", Shape.of(3072, 768))
        .containsEntry("h.11.mlp.c_proj.bias", Shape.of(768))
        .containsEntry("ln_f.bias", Shape.of(768));

    config(LLAMA, 128256, 131072, 16, 32, 2048, 8, 8192, LLAMA32, 64, true);
    GptConfig llama32 = HubModel.config(dir);
    names = HubModel.published(llama32);
    assertThat(elements(names)).isEqualTo(1_235_814_400L); // Llama 3.2 1B
    assertThat(names).hasSize(146);
    assertThat(names)
        .containsEntry("model.embed_tokens.weight", Shape.of(128256, 2048))
        .containsEntry("model.layers.15.self_attn.q_proj.weight", Shape.of(2048, 2048))
        .containsEntry("model.layers.15.self_attn.k_proj.weight", Shape.of(512, 2048))
        .containsEntry("model.layers.15.self_attn.v_proj.weight", Shape.of(512, 2048))
        .containsEntry("model.layers.15.self_attn.o_proj.weight", Shape.of(2048, 2048))
        .containsEntry("model.layers.0.mlp.gate_proj.weight", Shape.of(8192, 2048))
        .containsEntry("model.layers.0.mlp.up_proj.weight", Shape.of(8192, 2048))
        .containsEntry("model.layers.0.mlp.down_proj.weight", Shape.of(2048, 8192))
        .containsEntry("model.layers.0.input_layernorm.weight", Shape.of(2048))
        .containsEntry("model.layers.0.post_attention_layernorm.weight", Shape.of(2048))
        .containsEntry("model.norm.weight", Shape.of(2048))
        .doesNotContainKey("lm_head.weight");

    config(LLAMA, 32000, 2048, 22, 32, 2048, 4, 5632, "null", 64, false);
    names = HubModel.published(HubModel.config(dir));
    assertThat(elements(names)).isEqualTo(1_100_048_384L); // TinyLlama 1.1B
    assertThat(names).containsEntry("lm_head.weight", Shape.of(32000, 2048)).hasSize(201);
  }

  /** Waves longer than 8192 positions turn 32 times slower, those shorter than 2048 as before. */
  @Test
  void rotarySpeedsOfLlama32() throws IOException {
    config(LLAMA, 128256, 131072, 16, 32, 2048, 8, 8192, LLAMA32, 64, true);
    Rope rope = HubModel.config(dir).rope();
    double[] scaled = rope.frequencies(64);
    double[] plain = new Rope(500000, new Rope.None()).frequencies(64);
    assertThat(plain[31]).isCloseTo(Math.pow(500000, -62 / 64.0), within(1e-15));
    for (int p = 0; p < 32; p++) {
      double wave = 2 * Math.PI / plain[p];
      double share = wave > 8192 ? 1 / 32.0 : wave < 2048 ? 1 : scaled[p] / plain[p];
      assertThat(scaled[p]).as("pair %d", p).isCloseTo(plain[p] * share, within(1e-15));
      assertThat(scaled[p] / plain[p]).isBetween(1 / 32.0, 1.0);
    }
    // by hand: the wave of pair 16 is 4442.9 long, so (8192/4442.9 - 1)/3 of the speed is kept
    double kept = (8192 / (2 * Math.PI * Math.sqrt(500000)) - 1) / 3;
    assertThat(scaled[16] / plain[16]).isCloseTo(kept + (1 - kept) / 32, within(1e-9));
  }

  @Test
  void gpt2FromOneFileOrSeveral() throws IOException {
    config(GPT2, 17, 8, 2, 3, 12);
    Map<String, Tensor> weights = random(HubModel.config(dir), "");
    SafeTensors.save(weights, Map.of(), dir.resolve("model.safetensors"));
    Gpt model = HubModel.load(dir);
    Map<String, Tensor> mine = model.state();
    assertThat(mine).hasSize(weights.size());
    Tensor fused = weights.getOrDefault("h.1.attn.c_attn.weight", Tensor.scalar(0));
    assertThat(mine.getOrDefault("h.1.attn.qkv.weight", Tensor.scalar(0)).toArray())
        .isEqualTo(fused.transpose(0, 1).toArray());
    float[] y = logits(model, 3, 1, 4, 1, 5);
    assertThat(y).hasSize(5 * 17);

    // sharded, with the prefix of the model with a head, and masks as older files have them
    Map<String, Tensor> first = new LinkedHashMap<>();
    Map<String, Tensor> second = new LinkedHashMap<>();
    weights.forEach((name, t) -> (first.size() < 9 ? first : second).put("transformer." + name, t));
    second.put("transformer.h.0.attn.bias", Tensor.zeros(1, 1, 8, 8));
    second.put("lm_head.weight", Tensor.zeros(17, 12));
    Files.delete(dir.resolve("model.safetensors"));
    shards(first, second);
    assertThat(logits(HubModel.load(dir), 3, 1, 4, 1, 5)).isEqualTo(y);

    // fewer positions: the same as far as they go
    assertThat(HubModel.load(dir, 6).config().context()).isEqualTo(6);
    assertThat(logits(HubModel.load(dir, 6), 3, 1, 4, 1, 5)).isEqualTo(y);
  }

  private void shards(Map<String, Tensor> first, Map<String, Tensor> second) throws IOException {
    List<String> map = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String file = "model-0000%d-of-00002.safetensors".formatted(i + 1);
      Map<String, Tensor> part = i == 0 ? first : second;
      SafeTensors.save(part, Map.of("format", "pt"), dir.resolve(file));
      part.keySet().forEach(name -> map.add("\"%s\": \"%s\"".formatted(name, file)));
    }
    Files.writeString(
        dir.resolve("model.safetensors.index.json"),
        "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {%s}}"
            .formatted(String.join(", ", map)));
  }

  private static float[] logits(Gpt model, int... tokens) {
    try (var _ = Scope.inference()) {
      return model.forward(Tensor.of(tokens).reshape(1, tokens.length)).toArray();
    }
  }

  /** Against plain loops in double precision that read the published tensors themselves. */
  @Test
  void llamaComputesWhatItShould() throws IOException {
    config(LLAMA, 19, 16, 2, 6, 24, 2, 40, "null", 4, false);
    GptConfig c = HubModel.config(dir);
    Map<String, Tensor> weights = random(c, "");
    weights.put("model.layers.0.self_attn.rotary_emb.inv_freq", Tensor.zeros(2));
    SafeTensors.save(weights, Map.of(), dir.resolve("model.safetensors"));
    Gpt model = HubModel.load(dir);
    assertThat(model.training()).isFalse();
    int[] tokens = {7, 0, 18, 7, 3, 11};
    float[] y = logits(model, tokens);
    double[][] expected = new LlamaReference(c, weights).logits(tokens);
    for (int t = 0; t < tokens.length; t++) {
      for (int v = 0; v < 19; v++) {
        assertThat((double) y[t * 19 + v])
            .as("token %d at %d", v, t)
            .isCloseTo(expected[t][v], within(2e-4));
      }
    }
  }

  @Test
  void allFaultsOfACheckpointAtOnce() throws IOException {
    config(LLAMA, 19, 16, 1, 6, 24, 2, 40, "null", 4, false);
    Map<String, Tensor> weights = random(HubModel.config(dir), "");
    weights.remove("model.norm.weight");
    weights.put("model.layers.0.mlp.up_proj.weight", Tensor.zeros(24, 40));
    weights.put("model.layers.0.self_attn.k_proj.weight", Tensor.zeros(24, 24));
    weights.put("model.layers.1.mlp.up_proj.weight", Tensor.zeros(40, 24));
    SafeTensors.save(weights, Map.of(), dir.resolve("model.safetensors"));
    assertThatThrownBy(() -> HubModel.load(dir))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weights do not fit config.json")
        .hasMessageContaining("missing: model.norm.weight [24]")
        .hasMessageContaining(
            "model.layers.0.mlp.up_proj.weight: the file has F32 [24, 40], config.json makes it"
                + " F32 [40, 24]")
        .hasMessageContaining(
            "k_proj.weight: the file has F32 [24, 24], config.json makes it F32 [8,")
        .hasMessageContaining("unknown: model.layers.1.mlp.up_proj.weight [40, 24]");
  }

  @Test
  void shardsThatDoNotFitTheirIndex() throws IOException {
    config(GPT2, 17, 8, 1, 3, 12);
    Map<String, Tensor> weights = random(HubModel.config(dir), "");
    shards(weights, Map.of("transformer.wte.weight", Tensor.zeros(17, 12)));
    assertThatThrownBy(() -> HubModel.load(dir)).hasMessageContaining("wte.weight: is there twice");
    Path index = dir.resolve("model.safetensors.index.json");
    String text = Files.readString(index);
    Files.writeString(index, text.replace("\"ln_f.bias\"", "\"ln_f.bios\""));
    assertThatThrownBy(() -> HubModel.load(dir))
        .hasMessageContaining(
            "ln_f.bios: the index says it is in model-00001-of-00002.safetensors");
    Files.writeString(index, text.replace("model-00002", "../model-00002"));
    assertThatThrownBy(() -> HubModel.load(dir))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("weight_map.transformer.wte.weight: expected a safetensors file");
    Files.writeString(index, "{\"weight_map\": []}");
    assertThatThrownBy(() -> HubModel.load(dir))
        .hasMessageContaining("expected an object weight_map");
    Files.writeString(index, "{\"weight_map\": {\"a\": \"none.safetensors\"}}");
    assertThatThrownBy(() -> HubModel.load(dir))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("missing: [none.safetensors]");
    Files.delete(index);
    assertThatThrownBy(() -> HubModel.load(dir))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("neither model.safetensors nor");
  }

  @Test
  void configurationsThatAreNotSupported() throws IOException {
    Files.writeString(dir.resolve("config.json"), "{\"model_type\": \"gpt2\", \"n_embd\": ");
    assertThatThrownBy(() -> HubModel.load(dir))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected JSON");
    Files.writeString(dir.resolve("config.json"), "[1]");
    assertThatThrownBy(() -> HubModel.load(dir)).hasMessageContaining("expected a JSON object");
    Files.writeString(dir.resolve("config.json"), "{\"model_type\": \"mamba\"}");
    assertThatThrownBy(() -> HubModel.load(dir))
        .hasMessageContaining("model_type: expected gpt2 or llama, found mamba");
    Files.writeString(
        dir.resolve("config.json"),
        "{\"model_type\": \"llama\", \"hidden_act\": \"gelu\", \"vocab_size\": -3,"
            + " \"mlp_bias\": true, \"rope_scaling\": {\"rope_type\": \"yarn\"},"
            + " \"rms_norm_eps\": \"small\"}");
    assertThatThrownBy(() -> HubModel.load(dir))
        .hasMessageContaining("hidden_act: expected silu, found gelu")
        .hasMessageContaining("vocab_size: expected a whole number from 1 to 2^30, found -3")
        .hasMessageContaining("mlp_bias: expected false, found true")
        .hasMessageContaining("rope_scaling: expected default, linear or llama3, found yarn")
        .hasMessageContaining("rms_norm_eps: expected a number, found small");
    assertThatThrownBy(() -> HubModel.load(dir, 0)).hasMessage("context: 0: must be at least 1");
    assertThat(
            HubModel.published(GptConfig.gpt2(5, 4, 1, 1, 2)).keySet().stream()
                .collect(Collectors.joining(" ")))
        .startsWith("wte.weight wpe.weight h.0.ln_1.weight");
  }
}
