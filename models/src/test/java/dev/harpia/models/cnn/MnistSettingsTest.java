package dev.harpia.models.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.models.cnn.MnistSettings.Model;
import dev.harpia.models.cnn.MnistSettings.Optimizer;
import dev.harpia.models.cnn.MnistSettings.Preset;
import dev.harpia.models.cnn.MnistSettings.Schedule;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MnistSettingsTest {
  private static MnistSettings of(Preset preset, Model model) {
    return MnistSettings.of(
        preset,
        model,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1);
  }

  @Test
  void theLabsVariantsArePresets() {
    for (Preset preset : Preset.values()) {
      assertThat(of(preset, Model.MLP))
          .isEqualTo(
              new MnistSettings(Model.MLP, Optimizer.SGD, 0.1f, Schedule.CONSTANT, 64, 5, 1));
    }
    assertThat(of(Preset.PYTORCH, Model.CNN))
        .isEqualTo(new MnistSettings(Model.CNN, Optimizer.SGD, 0.01f, Schedule.CONSTANT, 64, 7, 1));
    assertThat(of(Preset.TENSORFLOW, Model.CNN))
        .isEqualTo(
            new MnistSettings(Model.CNN, Optimizer.ADAM, 1e-3f, Schedule.CONSTANT, 64, 5, 1));
    assertThat(of(Preset.HARPIA, Model.CNN).epochs()).isLessThanOrEqualTo(5);
  }

  @Test
  void whatTheUserGivesGoesBeforeThePreset() {
    MnistSettings settings =
        MnistSettings.of(
            Preset.PYTORCH,
            Model.CNN,
            Optional.of(Optimizer.ADAMW),
            Optional.empty(),
            Optional.of(Schedule.COSINE),
            Optional.of(32),
            Optional.of(2),
            9);
    assertThat(settings)
        .isEqualTo(new MnistSettings(Model.CNN, Optimizer.ADAMW, 1e-3f, Schedule.COSINE, 32, 2, 9));
    assertThat(settings.describe())
        .isEqualTo("cnn, adamw 0.001 (cosine), batch 32, 2 epochs, seed 9");
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThatThrownBy(
            () -> new MnistSettings(Model.MLP, Optimizer.SGD, 0.1f, Schedule.CONSTANT, 0, 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("batch: 0: must be from 1 to 65536");
    assertThatThrownBy(
            () ->
                new MnistSettings(Model.MLP, Optimizer.SGD, Float.NaN, Schedule.CONSTANT, 1, 5, 1))
        .hasMessage("lr: NaN: must be above 0 and at most 100");
    assertThatThrownBy(
            () -> new MnistSettings(Model.MLP, Optimizer.SGD, 1, Schedule.CONSTANT, 1, 0, 1))
        .hasMessage("epochs: 0: must be from 1 to 10000");
  }
}
