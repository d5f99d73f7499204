package dev.harpia.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.LoRA;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.optim.Lion;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeftTest {
  @TempDir private Path dir;

  /** Linear layers named 0 (6 to 8), 2 (8 to 8) and 4 (8 to 3). */
  private static Layer model(long seed) {
    Rng.seed(seed);
    return new Sequential(
        new Linear(6, 8),
        Activation.relu(),
        new Linear(8, 8),
        Activation.relu(),
        new Linear(8, 3, false));
  }

  private static float[] run(Layer model) {
    try (var _ = Scope.inference()) {
      return model
          .forward(Tensor.normal(new Rng(9), 0, 1, dev.harpia.tensor.Shape.of(5, 6)))
          .toArray();
    }
  }

  private static float[][] weights(Layer model) {
    return model.state().values().stream().map(Tensor::toArray).toArray(float[][]::new);
  }

  private static void learn(Layer model, LoRA lora, int steps) {
    var lion = new Lion(lora.parameters(), 0.02);
    Tensor x = Tensor.normal(new Rng(3), 0, 1, dev.harpia.tensor.Shape.of(16, 6));
    Tensor y = x.slice(1, 0, 3).argmax(1);
    for (int i = 0; i < steps; i++) {
      try (var _ = Scope.open("step")) {
        lion.step(Loss.crossEntropy(model.forward(x), y));
      }
    }
  }

  @Test
  void learnsBesideTheModelMergesAndGivesItBackBitForBit() {
    Layer model = model(1);
    float[][] weights = weights(model);
    float[] before = run(model);
    LoRA lora = LoRA.attach(model, new LoRA.Config(2, 4, java.util.Set.of("0", "4")));
    assertThat(run(model)).isEqualTo(before); // B is zero
    assertThat(model.parameters()).isEmpty(); // frozen
    assertThat(lora.trainable()).isEqualTo(2 * (6 + 8) + 2 * (8 + 3));
    assertThat(lora.share()).isEqualTo(50.0 / (50 + 6 * 8 + 8 + 8 * 8 + 8 + 8 * 3));
    learn(model, lora, 30);
    float[] adapted = run(model);
    assertThat(distance(adapted, before)).isGreaterThan(0.1);
    assertThat(weights(model)).isDeepEqualTo(weights);
    float[] evaluated = run(model.eval());
    assertThat(distance(evaluated, adapted)).isLessThan(1e-5); // as the adapters were learnt
    lora.merge();
    assertThat(run(model)).isEqualTo(evaluated); // bit for bit
    assertThat(Arrays.deepEquals(weights(model), weights)).isFalse();
    lora.unmerge();
    assertThat(run(model)).isEqualTo(evaluated);
    assertThat(run(model.train(true))).isEqualTo(adapted);
    lora.detach();
    assertThat(run(model)).isEqualTo(before);
    assertThat(weights(model)).isDeepEqualTo(weights);
    assertThat(model.parameters()).hasSize(5);
  }

  private static double distance(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  @Test
  void theFormulaIsThatOfThePaper() {
    Rng.seed(4);
    Layer model = new Sequential(new Linear(2, 2, false));
    LoRA lora = LoRA.attach(model, new LoRA.Config(1, 3, java.util.Set.of("0")));
    Map<String, Tensor> s = lora.state();
    model.state().get("0.weight").copyFrom(new float[] {1, 2, 3, 4});
    s.get("base_model.model.0.lora_A.weight").copyFrom(new float[] {0.5f, -1});
    s.get("base_model.model.0.lora_B.weight").copyFrom(new float[] {2, 10});
    // x = (1, 1): W·x = (3, 7); A·x = −½; B·A·x = (−1, −5); α/r = 3
    float[] y = model.forward(Tensor.of(new float[][] {{1, 1}})).toArray();
    assertThat(y[0]).isEqualTo(0, within(1e-6f));
    assertThat(y[1]).isEqualTo(-8, within(1e-6f));
  }

  @Test
  void adaptersAloneAreSavedUnderPeftsNamesAndComeBack() throws IOException {
    Layer model = model(1);
    LoRA lora = LoRA.attach(model, new LoRA.Config(2, 4, java.util.Set.of("2")));
    learn(model, lora, 10);
    float[] adapted = run(model);
    Peft.save(lora, dir);
    assertThat(SafeTensors.load(dir.resolve("adapter_model.safetensors")).keySet())
        .containsExactly("base_model.model.2.lora_A.weight", "base_model.model.2.lora_B.weight");
    assertThat(Files.readString(dir.resolve("adapter_config.json")))
        .contains("\"peft_type\" : \"LORA\"", "\"r\" : 2", "\"lora_alpha\" : 4.0")
        .contains("\"target_modules\" : [ \"2\" ]");
    Layer fresh = model(1);
    LoRA loaded = Peft.load(dir, fresh);
    assertThat(run(fresh)).isEqualTo(adapted);
    assertThat(loaded.config()).isEqualTo(lora.config());
  }

  @Test
  void adaptersForAnotherModelAreRefusedWithAllDifferences() throws IOException {
    Peft.save(LoRA.of(model(1), new LoRA.Config(2, 4, java.util.Set.of("2", "4"))), dir);
    Rng.seed(1);
    Layer other = new Sequential(new Linear(6, 5), Activation.relu(), new Linear(5, 3));
    assertThatThrownBy(() -> Peft.load(dir, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not fit the adapters of this Sequential:")
        .hasMessageContaining("2.lora_A.weight: the file has F32 [2, 8], wanted is F32 [2, 5]")
        .hasMessageContaining("2.lora_B.weight: the file has F32 [8, 2], wanted is F32 [3, 2]")
        .hasMessageContaining("unknown: base_model.model.4.lora_A.weight F32 [2, 8]");
    assertThat(other.parameters()).hasSize(4); // as it was: nothing attached, nothing frozen
    assertThatThrownBy(() -> Peft.load(dir, new Sequential(new Linear(2, 2))))
        .hasMessageContaining("adapters for another model: lora: Sequential has no linear layer")
        .hasMessageContaining("are called [0]");
  }

  @Test
  void badConfigurations() throws IOException {
    Layer model = model(1);
    Peft.save(LoRA.of(model, LoRA.Config.of(2, "2")), dir);
    refused(model, "[]", "expected a JSON object");
    refused(model, "{\"r\": 2,", "expected JSON");
    refused(model, "{\"r\": \"two\"}", "expected r to be a number");
    refused(model, "{\"target_modules\": \"all-linear\"}", "to be a list of names");
    refused(model, "{\"peft_type\": \"IA3\"}", "this peft_type is not supported");
    refused(model, "{\"use_dora\": true}", "this use_dora is not supported");
    refused(model, "{\"r\": 0, \"lora_alpha\": 1, \"target_modules\": [\"2\"]}", "rank 0");
    refused(model, "{\"r\": 1, \"lora_alpha\": 1}", "no target layers");
    Files.delete(dir.resolve("adapter_config.json"));
    assertThatThrownBy(() -> Peft.load(dir, model)).isInstanceOf(IOException.class);
  }

  private void refused(Layer model, String config, String message) throws IOException {
    Files.writeString(dir.resolve("adapter_config.json"), config);
    assertThatThrownBy(() -> Peft.load(dir, model))
        .as(config)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void misuse() {
    Layer model = model(1);
    LoRA lora = LoRA.attach(model, LoRA.Config.of(2, "2"));
    assertThatThrownBy(() -> LoRA.attach(model, LoRA.Config.of(2, "0", "2")))
        .hasMessageContaining("2 has adapters of another adaptation");
    assertThatThrownBy(lora::attach).hasMessageContaining("attached or merged already");
    assertThatThrownBy(lora::unmerge).hasMessageContaining("not merged");
    lora.merge();
    assertThatThrownBy(lora::attach).hasMessageContaining("attached or merged already");
    assertThatThrownBy(lora::detach).hasMessageContaining("not attached");
    assertThatThrownBy(() -> LoRA.Config.of(0, "2")).hasMessageContaining("rank 0");
    assertThatThrownBy(() -> LoRA.Config.of(1)).hasMessageContaining("no target layers");
  }
}
