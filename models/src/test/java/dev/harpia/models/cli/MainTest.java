package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @Test
  void helpAndVersionEndWell() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("doctor").contains("lab").contains("bench");
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).contains("harpia ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void wrongUsageIsOneLineAndExitCode2() {
    assertThat(run("--nonsense")).isEqualTo(2);
    assertThat(err).hasToString("harpia: Unknown option: '--nonsense' (see harpia --help)" + nl());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aMissingCommandIsWrongUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(err).hasToString("harpia: which command? (see harpia --help)" + nl());
  }

  @Test
  void aFailureIsOneLineAndExitCode1() {
    assertThat(run("bench", "ops")).isEqualTo(1);
    assertThat(err)
        .hasToString(
            "harpia bench: the benchmarks have a jar of their own: start them through the launcher,"
                + " ./harpia bench ops"
                + nl());
  }

  @Test
  void debugAddsTheStackTrace() {
    assertThat(run("--debug", "bench")).isEqualTo(1);
    assertThat(err.toString()).contains("\tat dev.harpia.models.cli.BenchCommand");
  }

  @Test
  void doctorSpeaksJson() {
    run("doctor", "--json");
    assertThat(out.toString())
        .startsWith("{\"harpia\": ")
        .contains("\"vectors\": \"", "\"blas\": \"", "\"gemm\": \"", "\"warnings\": [")
        .endsWith("}" + nl());
    assertThat(out.toString().lines()).hasSize(1);
  }

  @Test
  void doctorListsTheKernels() {
    assertThat(run("doctor", "--kernels")).isZero();
    assertThat(
            out.toString().lines().anyMatch(line -> line.matches("Kernel_sigmoid +[1-9][0-9]* .*")))
        .isTrue();
    assertThat(out.toString()).contains("tanh_d0");
  }

  private static String nl() {
    return System.lineSeparator();
  }
}
