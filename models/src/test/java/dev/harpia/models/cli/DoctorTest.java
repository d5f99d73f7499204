package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.models.run.Cpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  private final List<String> failures = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  @TempDir Path dir;

  @Test
  void warnsOfTheReleasesThatCorruptMemory() {
    assertThat(Doctor.javaVersion(Runtime.Version.parse("25"))).isPresent();
    assertThat(Doctor.javaVersion(Runtime.Version.parse("25.0.2+10-LTS")))
        .hasValueSatisfying(
            text -> assertThat(text).contains("25.0.2").contains("25.0.3 or newer"));
    assertThat(Doctor.javaVersion(Runtime.Version.parse("25.0.3"))).isEmpty();
    assertThat(Doctor.javaVersion(Runtime.Version.parse("26"))).isEmpty();
  }

  @Test
  void belowAvx2WithFmaIsAProblem() {
    Cpu old = new Cpu("old", List.of("avx", "sse4_2"));
    Doctor.vectors("amd64", old, 128, Optional.of("1"), Optional.of("false"), failures, warnings);
    assertThat(failures)
        .singleElement()
        .asString()
        .startsWith(
            "below the minimum, AVX2 with FMA or NEON: no AVX2 (this JVM runs with UseAVX=1), no"
                + " FMA");
  }

  @Test
  void aGoodProcessorWithNarrowVectorsIsAWarning() {
    Cpu good = new Cpu("good", List.of("avx2", "fma"));
    Doctor.vectors("amd64", good, 256, Optional.of("2"), Optional.of("true"), failures, warnings);
    assertThat(failures).isEmpty();
    assertThat(warnings).isEmpty();
    Doctor.vectors("amd64", good, 128, Optional.of("2"), Optional.of("true"), failures, warnings);
    assertThat(warnings).singleElement().asString().contains("-Dharpia.vector.bits");
  }

  @Test
  void neonIsEnough() {
    Doctor.vectors(
        "aarch64",
        new Cpu("arm", List.of("asimd")),
        128,
        Optional.empty(),
        Optional.empty(),
        failures,
        warnings);
    assertThat(failures).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void readsTheProcessorsFeatures() throws IOException {
    Path file = dir.resolve("cpuinfo");
    Files.writeString(
        file,
        "processor\t: 0\n"
            + "model name\t: Some CPU 9000\n"
            + "flags\t\t: fpu avx2 fma vme\n\n"
            + "processor\t: 1\n");
    assertThat(Cpu.linux(file)).isEqualTo(new Cpu("Some CPU 9000", List.of("avx2", "fma")));
    assertThat(Cpu.linux(dir.resolve("none")).features()).isEmpty();
  }

  @Test
  void aMissingVectorModuleNamesTheFlag() {
    assertThat(Errors.oneLine(new NoClassDefFoundError("jdk/incubator/vector/FloatVector")))
        .contains("--add-modules jdk.incubator.vector");
  }
}
