package dev.harpia.models.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The processor as the system describes it.
 *
 * @param model its name, or the architecture where the system does not say
 * @param features the vector features it has, of those that matter here; empty if the system does
 *     not say
 */
public record Cpu(String model, List<String> features) {
  private static final Set<String> INTERESTING =
      Set.of(
          "sse4_2",
          "avx",
          "avx2",
          "fma",
          "f16c",
          "bmi2",
          "avx512f",
          "avx512bw",
          "avx512dq",
          "avx512vl",
          "avx512_vnni",
          "avx512_bf16",
          "avx512_fp16",
          "avx_vnni",
          "amx_tile",
          "amx_bf16",
          "amx_int8",
          "asimd",
          "asimdhp",
          "asimddp",
          "sve",
          "sve2",
          "bf16",
          "i8mm");

  /** Copies the list. */
  public Cpu {
    features = List.copyOf(features);
  }

  /** This machine's processor. */
  public static Cpu detect() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (os.contains("linux")) {
      return linux(Path.of("/proc/cpuinfo"));
    }
    if (os.contains("mac")) {
      List<String> lines =
          sysctl("machdep.cpu.brand_string", "machdep.cpu.features", "machdep.cpu.leaf7_features");
      String model = lines.isEmpty() ? System.getProperty("os.arch") : lines.getFirst();
      return new Cpu(model, features(String.join(" ", lines).toLowerCase(Locale.ROOT)));
    }
    return new Cpu(
        Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER"))
            .orElse(System.getProperty("os.arch")),
        List.of());
  }

  /** The processor as a file like Linux's {@code /proc/cpuinfo} describes it. */
  public static Cpu linux(Path cpuinfo) {
    String model = System.getProperty("os.arch");
    String flags = "";
    try {
      for (String line : Files.readAllLines(cpuinfo, StandardCharsets.ISO_8859_1)) {
        int colon = line.indexOf(':');
        String key = colon < 0 ? "" : line.substring(0, colon).strip();
        String value = line.substring(colon + 1).strip();
        if (key.equals("model name")) {
          model = value;
        } else if (key.equals("flags") || key.equals("Features")) {
          flags = value;
          break; // the other cores say the same
        }
      }
    } catch (IOException e) {
      return new Cpu(model, List.of()); // a sandbox without /proc
    }
    return new Cpu(model, features(flags));
  }

  private static List<String> features(String text) {
    TreeSet<String> found = new TreeSet<>(Arrays.asList(text.split("\\s+")));
    found.retainAll(INTERESTING);
    return List.copyOf(found);
  }

  private static List<String> sysctl(String... names) {
    try {
      String[] command = new String[names.length + 2];
      command[0] = "sysctl";
      command[1] = "-n";
      System.arraycopy(names, 0, command, 2, names.length);
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (InputStream in = process.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      }
    } catch (IOException e) {
      return List.of();
    }
  }
}
