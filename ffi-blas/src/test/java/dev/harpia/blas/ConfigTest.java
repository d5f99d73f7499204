package dev.harpia.blas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigTest {
  @Test
  void readsVersionAndCallers() {
    Config config = new Config("OpenBLAS 0.3.31 DYNAMIC_ARCH NO_AFFINITY SkylakeX MAX_THREADS=64");
    assertThat(config.version()).isEqualTo("0.3.31");
    assertThat(config.maxThreads()).isEqualTo(64);
    assertThat(config.objection()).isEmpty();
  }

  @Test
  void aBuildThatDoesNotSayHowManyGetsOneCaller() {
    assertThat(new Config("OpenBLAS 0.3.26 SINGLE_THREADED").maxThreads()).isEqualTo(1);
  }

  @Test
  void developmentVersionsCount() {
    assertThat(new Config("OpenBLAS 0.3.32.dev DYNAMIC_ARCH Zen MAX_THREADS=8").objection())
        .isEmpty();
    assertThat(new Config("OpenBLAS 0.4.0 MAX_THREADS=8").objection()).isEmpty();
    assertThat(new Config("OpenBLAS 1.0.0 MAX_THREADS=8").objection()).isEmpty();
  }

  @Test
  void anOlderVersionIsTurnedDown() {
    assertThat(
            new Config("OpenBLAS 0.3.20 NO_LAPACKE DYNAMIC_ARCH Haswell MAX_THREADS=64")
                .objection())
        .contains("is OpenBLAS 0.3.20; 0.3.21 or newer is needed");
    assertThat(new Config("OpenBLAS 0.2.99 MAX_THREADS=64").objection())
        .contains("is OpenBLAS 0.2.99; 0.3.21 or newer is needed");
  }

  @Test
  void aBuildWithoutVersionIsTurnedDown() {
    assertThat(new Config("NO_LAPACKE Haswell").objection())
        .contains("does not name its version (\"NO_LAPACKE Haswell\"); 0.3.21 or newer is needed");
  }

  @Test
  void sixtyFourBitIntegersAreTurnedDown() {
    assertThat(
            new Config("OpenBLAS 0.3.31 USE64BITINT DYNAMIC_ARCH Haswell MAX_THREADS=64")
                .objection())
        .contains(
            "is built with 64-bit integers (USE64BITINT); a build with 32-bit integers is needed");
  }
}
