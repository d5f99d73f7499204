package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.Test;

class BlasTest {
  private static final Gemm GEMM =
      new Gemm() {
        @Override
        public void multiply(
            boolean ta,
            boolean tb,
            int m,
            int n,
            int k,
            float alpha,
            long a,
            int lda,
            long b,
            int ldb,
            float beta,
            long c,
            int ldc) {
          throw new AssertionError("not called");
        }

        @Override
        public String name() {
          return "fake";
        }
      };

  private static final GemmProvider HAS =
      setting -> new GemmProvider.Found(Optional.of(GEMM), "fake from " + setting);
  private static final GemmProvider HAS_NOT =
      setting -> new GemmProvider.Found(Optional.empty(), "no OpenBLAS: nowhere");

  private static final GemmProvider NEVER =
      setting -> {
        throw new AssertionError("asked");
      };

  @Test
  void offNeverAsks() {
    Blas.Choice choice = Blas.choose("off", List.of(NEVER));
    assertThat(choice.orThrow()).isEmpty();
    assertThat(choice.report()).isEqualTo("no BLAS: switched off by -Dharpia.blas=off");
  }

  @Test
  void theFirstUsableProviderWins() {
    Blas.Choice choice = Blas.choose("auto", List.of(HAS_NOT, HAS, NEVER));
    assertThat(choice.orThrow()).containsSame(GEMM);
    assertThat(choice.report()).isEqualTo("fake from auto");
  }

  @Test
  void autoWithoutLibraryIsNone() {
    Blas.Choice choice = Blas.choose("auto", List.of(HAS_NOT));
    assertThat(choice.orThrow()).isEmpty();
    assertThat(choice.report()).isEqualTo("no OpenBLAS: nowhere");
  }

  @Test
  void requiredWithoutLibraryThrowsEachTime() {
    Blas.Choice choice = Blas.choose("required", List.of(HAS_NOT));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(choice::orThrow)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage(
              "-Dharpia.blas=required: no OpenBLAS: nowhere. Remedy: make one of these loadable, or"
                  + " run with -Dharpia.blas=auto");
    }
  }

  @Test
  void pathWithoutLibraryThrows() {
    assertThatThrownBy(() -> Blas.choose("/nowhere/lib.so", List.of(HAS_NOT)).orThrow())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith("-Dharpia.blas=/nowhere/lib.so: no OpenBLAS: nowhere.");
  }

  @Test
  void requiredWithoutProviderNamesTheArtifact() {
    assertThatThrownBy(() -> Blas.choose("required", List.of()).orThrow())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining(
            "no provider on the class or module path (add dev.harpia:harpia-ffi-blas)");
  }

  @Test
  void aBrokenProviderIsAReason() {
    Iterable<GemmProvider> broken =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public GemmProvider next() {
                throw new ServiceConfigurationError("not a provider");
              }
            };
    Blas.Choice choice = Blas.choose("auto", broken);
    assertThat(choice.orThrow()).isEmpty();
    assertThat(choice.report()).contains("the provider is broken").contains("not a provider");
  }

  @Test
  void thisModuleAloneHasNoNativeLibrary() {
    assertThat(Blas.external()).isEmpty();
    assertThat(Blas.report()).startsWith("no BLAS: ");
  }

  @Test
  void aProviderThatThrowsIsAReason() {
    GemmProvider throwing =
        setting -> {
          throw new IllegalStateException("broken inside");
        };
    assertThat(Blas.choose("auto", List.of(throwing)).report())
        .isEqualTo(
            "no BLAS: the provider is broken: java.lang.IllegalStateException: broken inside");
  }
}
